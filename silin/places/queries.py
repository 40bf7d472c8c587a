"""What is asked about the territory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from silin.lib.paging import Page, page_by_key
from silin.lib.refusal import NotFound
from silin.lib.workdays import WorkCalendar
from silin.places.levels import Level
from silin.places.models import (
    BOUNDARIES,
    DAYS_OFF,
    STEP,
    Boundary,
    Building,
    DayOff,
    Estate,
    Place,
    Revision,
    natural,
)
from silin.places.shapes import light
from silin.places.tallies import Tally, tally

CHILDREN = 60  # rows of one page of a list of places

_kept: tuple[int, WorkCalendar] | None = None  # the revision it was read at, and the calendar


def calendar() -> WorkCalendar:
    """Working time as the rows of ``DayOff`` say; kept in memory until a change in any process.

    A year counts as announced when it has a row. One small statement, two after a change.
    """
    global _kept
    revision, kept = Revision.objects.number(DAYS_OFF), _kept
    if kept is None or kept[0] != revision:
        kept = _kept = revision, _read_calendar()
    return kept[1]


def _read_calendar() -> WorkCalendar:
    rows = list(DayOff.objects.values_list("day", "kind"))
    return WorkCalendar(
        days_off=frozenset(day for day, kind in rows if kind == DayOff.Kind.DAY_OFF),
        make_up=frozenset(day for day, kind in rows if kind == DayOff.Kind.MAKE_UP_WORKDAY),
        announced=frozenset(day.year for day, _kind in rows),
    )


def root() -> Place | None:
    """The city that is served here, or the topmost place where there is not just one."""
    cities = list(Place.objects.active().of_level(Level.CITY).order_by("path")[:2])
    return cities[0] if len(cities) == 1 else Place.objects.active().order_by("path").first()


def get_place(code: str) -> Place:
    """The place with this code. Raises ``NotFound``."""
    place = Place.objects.filter(code=code).first()
    if place is None:
        raise NotFound(_("We know no place with this number."))
    return place


def lines(places: Sequence[Place]) -> list[tuple[Place, str]]:
    """Each place with where it lies, in words (``""`` for the widest). One statement."""
    above = Place.objects.in_bulk({key for place in places for key in place.path_ids[:-1]})
    return [(place, _where([above[key] for key in place.path_ids[:-1]])) for place in places]


def _where(above: Sequence[Place]) -> str:
    return " › ".join(place.short_name for place in above if place.level != Level.PROVINCE)


def around(places: Iterable[Place], place: str = "place") -> Q:
    """The rows at ``places``, at those above and at those beneath; ``place`` leads to the place of a row."""
    paths = {each.path: each.path_ids for each in places}
    found = Q(**{f"{place}__in": {key for above in paths.values() for key in above}})
    for path in paths:
        found |= Q(**{f"{place}__path__gte": path, f"{place}__path__lt": f"{path}a"})
    return found


@dataclass(frozen=True)
class ChildRow:
    """A line in the list of what lies in a place."""

    place: Place
    tallies: list[Tally]


@dataclass(frozen=True)
class PlacePage:
    """All that a page about a place shows: nine statements at most, whatever its size."""

    place: Place
    above: list[Place]
    tallies: list[Tally]
    children: list[ChildRow]
    next: str
    previous: str
    estates: list[Estate]
    buildings: list[Building]
    has_map: bool
    schematic: bool


def place_page(place: Place, after: str = "") -> PlacePage:
    """What a page shows about ``place``; ``after`` is where its list of children goes on.

    Raises ``Refused`` (``bad_page``).
    """
    found = _children(place, after)
    below = _counts_below(place)
    buildings = buildings_of(place) if place.level in (Level.GRID, Level.MICRO_GRID) else []
    outlines = set(_drawn(place).values_list("schematic", flat=True).distinct())
    return PlacePage(
        place=place,
        above=[each for each in place.ancestors() if each.level != Level.PROVINCE],
        tallies=[*tally(row for rows in below.values() for row in rows), *_count_homes(place)],
        children=[ChildRow(child, tally(_beneath(child, below))) for child in found.rows],
        next=found.next,
        previous=found.previous,
        estates=estates_of(place) if place.level == Level.COMMUNITY else [],
        buildings=buildings,
        has_map=bool(outlines),
        schematic=True in outlines,
    )


def _children(place: Place, after: str) -> Page[Place]:
    return page_by_key(Place.objects.active().filter(parent=place), ["code"], after, CHILDREN)


Count3 = tuple[str, str, int]  # level, kind, how many


def _counts_below(place: Place) -> dict[str, list[Count3]]:
    """How many places of each level and kind lie below each child, the child counted too, by its path."""
    step = len(place.path) + STEP
    rows = (
        Place.objects.below(place)
        .active()
        .annotate(child=Substr("path", 1, step))
        .values_list("child", "level", "kind")
        .annotate(n=Count("pk"))
        .order_by()
    )
    counts: dict[str, list[Count3]] = {}
    for child, level, kind, n in rows:
        counts.setdefault(child, []).append((level, kind, n))
    return counts


def _beneath(child: Place, below: dict[str, list[Count3]]) -> list[Count3]:
    return [row for row in below.get(child.path, []) if row[0] != child.level]


def _count_homes(place: Place) -> list[Tally]:
    """Estates and buildings of the communities in a place; a grid has a share in estates only."""
    if place.level in (Level.GRID, Level.MICRO_GRID):
        sums = buildings_under(place).aggregate(building=Count("pk"))
    else:
        estates = Estate.objects.filter(place__path__gte=place.path, place__path__lt=f"{place.path}a")
        sums = estates.aggregate(estate=Count("pk", distinct=True), building=Count("buildings"))
    return [Tally(sort, n) for sort, n in sums.items() if n]


def estates_in(place: Place) -> QuerySet[Estate]:
    """The estates of the communities in ``place``; of a grid those that have a building in it."""
    if Level(place.level).depth <= Level.COMMUNITY.depth:
        return Estate.objects.filter(place__path__gte=place.path, place__path__lt=f"{place.path}a")
    here = buildings_under(place).filter(estate=OuterRef("pk"))
    return Estate.objects.filter(Exists(here))


def buildings_under(place: Place) -> QuerySet[Building]:
    """The buildings in the grids of ``place``."""
    return Building.objects.filter(grid__path__gte=place.path, grid__path__lt=f"{place.path}a")


def buildings_of(place: Place) -> list[Building]:
    """The buildings in the grids of ``place``, by estate and number. One statement."""
    rows = buildings_under(place).select_related("estate")
    return sorted(rows, key=lambda row: (row.estate.name, natural(row.number)))


def estates_of(place: Place) -> list[Estate]:
    """The estates of a community by name, with their buildings at hand. Two statements."""
    rows = Building.objects.select_related("grid")
    estates = Estate.objects.filter(place=place).order_by("name")
    return list(estates.prefetch_related(Prefetch("buildings", queryset=rows)))


def _drawn(place: Place) -> QuerySet[Boundary]:
    """The outlines that a map of ``place`` draws: its own and its children's."""
    shown = Q(place__parent=place, place__active_until=None) | Q(place=place)
    return Boundary.objects.filter(shown, valid_until=None)


def shapes_version() -> int:
    """Changes whenever a drawn outline or its name does: for the ETag. One small statement."""
    return Revision.objects.number(BOUNDARIES)


def outlines(place: Place, *, buildings: bool = False) -> dict[str, Any]:
    """GeoJSON (CGCS2000 degrees) of what lies in ``place``; of itself where nothing in it has an outline.

    Properties: ``code name level schematic`` and ``label``, which the map writes. Made light for a picture
    of this one place. With ``buildings`` those of a community or less are points with their numbers, so that
    somebody who points to a spot finds their way. One statement, two with buildings.
    """
    rows = list(_drawn(place).select_related("place").order_by("place__code"))
    rows = [row for row in rows if row.place_id != place.pk] or rows
    shapes = light([row.shape for row in rows])
    features = [_feature(row, shape) for row, shape in zip(rows, shapes, strict=True)]
    if buildings and Level(place.level).depth >= Level.COMMUNITY.depth:
        features += [
            spot(row.lon, row.lat, label=row.number, name=row.name)
            for row in buildings_of(place)
            if row.lon is not None
        ]
    return {"type": "FeatureCollection", "features": features}


def spot(lon: float | None, lat: float | None, **properties: str) -> dict[str, Any]:
    """A point of GeoJSON with what the map writes at it."""
    at = {"type": "Point", "coordinates": [round(lon or 0, 5), round(lat or 0, 5)]}
    return {"type": "Feature", "geometry": at, "properties": properties}


def _feature(row: Boundary, shape: dict[str, Any]) -> dict[str, Any]:
    place = row.place
    properties = {
        "code": place.code,
        "name": place.short_name,
        "label": place.short_name,
        "level": place.level,
        "schematic": row.schematic,
    }
    return {"type": "Feature", "properties": properties, "geometry": shape}
