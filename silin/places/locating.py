"""Which place a point lies in: every outline in one tree in memory, built again when something changed."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from shapely.geometry import Point

from silin.lib.datum import Datum, is_outside, to_cgcs2000
from silin.lib.refusal import Refused, Words
from silin.lib.text import listed
from silin.places import queries
from silin.places.cells import Cells, Degrees, Shapes
from silin.places.levels import Level
from silin.places.models import BOUNDARIES, Boundary, Building, Place, Revision
from silin.places.shapes import METRES

Keys = npt.NDArray[np.int64]
NEAR = 30.0  # metres from the middle of a building
TOUCH = 1e-8  # degrees, about a millimetre: closes the slits between outlines drawn one by one
TRUE_DATUMS = {Datum.CGCS2000, Datum.WGS84}


@dataclass(frozen=True)
class Located:
    """Where a point lies. ``lon`` and ``lat`` are CGCS2000; the point as it came is kept with its datum."""

    place: Place
    building: Building | None
    lon: float
    lat: float
    datum: str
    source_lon: float
    source_lat: float


def locate(lon: float, lat: float, datum: str = Datum.CGCS2000, *, on: date | None = None) -> Located:
    """The finest active place round a point given in degrees of ``datum``, and the building it is at.

    A building counts within 30 metres of its middle, inside the same place. A point on a border belongs to
    the finest of its neighbours, among equals to the one with the lowest code. ``on`` is the day whose
    outlines count (today). Raises ``Refused`` (``bad_point``, ``bad_datum``, ``outside``). Two statements,
    three with a building, and one look at everything after a change.
    """
    _check_point(lon, lat)
    true_lon, true_lat = to_cgcs2000(lon, lat, _known(datum))
    index = _index(on or timezone.localdate())
    key = index.place_at(true_lon, true_lat)
    if key is None:
        raise Refused("outside", _outside(index, lon, lat, Datum(datum)), field="point")
    place = Place.objects.get(pk=key)
    building = index.building_at(true_lon, true_lat, place)
    found = Building.objects.select_related("estate", "grid").get(pk=building) if building else None
    return Located(place, found, true_lon, true_lat, str(datum), lon, lat)


def locate_many(lons: Degrees, lats: Degrees, *, on: date | None = None) -> Keys:
    """Keys of the finest active places round many true points (CGCS2000), -1 where there is none.

    As ``locate`` decides it for one. One statement, and one look at everything after a change.
    """
    return _index(on or timezone.localdate()).places_at(lons, lats)


def _check_point(lon: float, lat: float) -> None:
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise Refused("bad_point", _("A point needs a longitude and a latitude."), field="point")
    if is_outside(lon, lat) and not is_outside(lat, lon):
        message = _("These look swapped: the longitude comes first, then the latitude.")
        raise Refused("bad_point", message, field="point")
    if abs(lon) > 180 or abs(lat) > 90:
        raise Refused("bad_point", _("There is no such longitude and latitude on Earth."), field="point")


def _known(datum: str) -> Datum:
    try:
        return Datum(datum)
    except ValueError as error:
        words = {"datum": datum, "known": listed(Datum)}
        message = _("We do not know the datum %(datum)s. Known are: %(known)s.") % words
        raise Refused("bad_datum", message, field="datum") from error


def _outside(index: _Index, lon: float, lat: float, datum: Datum) -> Words:
    city = queries.root()
    if city is None or index.is_empty:
        return _("The map has no outlines yet, so no point can be found on it.")
    words = {"city": city.short_name}
    if is_outside(lon, lat):
        return _("That point is not even in China, so it is not in %(city)s.") % words
    for other in Datum:
        same = other == datum or {other, datum} <= TRUE_DATUMS
        if not same and index.place_at(*to_cgcs2000(lon, lat, other)) is not None:
            words["datum"] = other.value
            message = _(
                "That point is outside %(city)s. Read as %(datum)s it would be inside: which map is it from?"
            )
            return message % words
    return _("That point is outside %(city)s.") % words


class _Index:
    """The outlines and buildings of one day, the finest and lowest code first."""

    def __init__(self, revision: int, day: date) -> None:
        self.version = (revision, day)
        current = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
        used = Place.objects.active(day)
        rows = Boundary.objects.filter(current, place__in=used)
        shapes = [
            (-Level(level).depth, code, key, bytes(wkb))
            for key, level, code, wkb in rows.values_list("place_id", "place__level", "place__code", "wkb")
        ]
        shapes.sort()
        self.places = [key for _depth, _code, key, _wkb in shapes]
        self.outlines = shapely.STRtree(_widened(shapely.from_wkb([wkb for *_rest, wkb in shapes])))
        shapely.prepare(self.outlines.geometries)
        spots = Building.objects.filter(grid__in=used).order_by("pk")
        self.buildings = [
            (key, path, lon, lat)
            for key, path, lon, lat in spots.values_list("pk", "grid__path", "lon", "lat")
            if lon is not None and lat is not None
        ]
        self.middles = shapely.STRtree([Point(lon, lat) for _key, _path, lon, lat in self.buildings])

    @property
    def is_empty(self) -> bool:
        return not self.places

    def place_at(self, lon: float, lat: float) -> int | None:
        """Key of the finest place there; among equals the lowest code."""
        hits = self.outlines.query(Point(lon, lat), predicate="intersects")
        return self.places[int(hits.min())] if hits.size else None

    def places_at(self, lons: Degrees, lats: Degrees) -> Keys:
        """Keys of the finest places at many points, -1 for none: as ``place_at`` says of each."""
        if self.is_empty:
            return np.full(len(lons), -1)
        keys: Keys = np.array([*self.places, -1])[self._cells.first_at(lons, lats)]
        return keys

    @cached_property
    def _cells(self) -> Cells:
        """Made when many points are asked for the first time; costs less than a hundred thousand of them."""
        return Cells(self.outlines.geometries)

    def building_at(self, lon: float, lat: float, place: Place) -> int | None:
        """Key of the nearest building of ``place`` (or of what it lies in) within reach."""
        narrow = math.cos(math.radians(lat))
        reach_lat, reach_lon = NEAR / METRES, NEAR / METRES / narrow
        hits = self.middles.query(
            shapely.box(lon - reach_lon, lat - reach_lat, lon + reach_lon, lat + reach_lat)
        )
        near: list[tuple[float, int]] = []
        for hit in hits:
            key, path, at_lon, at_lat = self.buildings[int(hit)]
            metres = math.hypot((at_lon - lon) * narrow, at_lat - lat) * METRES
            if metres <= NEAR and (path.startswith(place.path) or place.path.startswith(path)):
                near.append((metres, key))
        return min(near)[1] if near else None


def _widened(outlines: Shapes) -> Shapes:
    """The outlines, each a millimetre wider, so that no slit is left between those drawn one by one."""
    wider = shapely.buffer(outlines, TOUCH, join_style="mitre")
    return np.where(shapely.area(wider) >= shapely.area(outlines), wider, outlines)


_lock = threading.Lock()
_kept: _Index | None = None


def _index(day: date) -> _Index:
    """This process's tree; built again when another process (or this one) changed a place or an outline."""
    global _kept
    version = (Revision.objects.number(BOUNDARIES), day)
    index = _kept
    if index is None or index.version != version:
        with _lock:
            index = _kept
            if index is None or index.version != version:
                index = _kept = _Index(*version)
    return index
