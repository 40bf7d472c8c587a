"""Outlines and lines as people write them: one corner a line, or GeoJSON."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from silin.lib.datum import Datum, to_cgcs2000
from silin.lib.refusal import Refused
from silin.lib.text import listed
from silin.places.shapes import Shape

MOST_CORNERS = 5_000
NUMBERS = re.compile(r"[,，;；\s]+")


def shapes_of(text: str, datum: str, *, at_most: int) -> list[Shape]:
    """The outlines in ``text``: lines ``longitude, latitude`` parted by blank lines, or GeoJSON.

    Raises ``Refused`` (``bad_corners``).
    """
    found = _from_json(text) if text.lstrip().startswith(("{", "[")) else _from_lines(text)
    shapes = [each for each in found if isinstance(each, Polygon | MultiPolygon)]
    if len(shapes) != len(found) or not 1 <= len(shapes) <= at_most:
        raise _refused(_("An outline has at least three corners, one a line: longitude, latitude."))
    return [_true(shape, datum) for shape in shapes]


def line_of(text: str, datum: str) -> LineString | list[Shape]:
    """What is to split a grid: a line of two corners or more, or two outlines.

    Raises ``Refused`` (``bad_corners``).
    """
    if text.lstrip().startswith(("{", "[")):
        found = _from_json(text)
        if len(found) == 1 and isinstance(found[0], LineString):
            line: LineString = _true(found[0], datum)
            return line
    elif len(groups := _groups(text)) == 1 and len(groups[0]) >= 2:
        drawn: LineString = _true(LineString(groups[0]), datum)
        return drawn
    shapes = shapes_of(text, datum, at_most=2) if text.strip() else []
    if len(shapes) != 2:
        raise _refused(_("A line has at least two corners, one a line: longitude, latitude."))
    return shapes


def _from_lines(text: str) -> list[BaseGeometry]:
    groups = _groups(text)
    if any(len(group) < 3 for group in groups):
        raise _refused(_("An outline has at least three corners, one a line: longitude, latitude."))
    return [Polygon(group) for group in groups]


def _groups(text: str) -> list[list[tuple[float, float]]]:
    groups: list[list[tuple[float, float]]] = [[]]
    for number, line in enumerate(text.strip().splitlines(), start=1):
        if line.strip():
            groups[-1].append(_corner(line, number))
        elif groups[-1]:
            groups.append([])
    if sum(map(len, groups)) > MOST_CORNERS:
        raise _refused(_("That are more than %(n)s corners.") % {"n": MOST_CORNERS})
    return [group for group in groups if group]


def _corner(line: str, number: int) -> tuple[float, float]:
    try:
        lon, lat = (float(word) for word in NUMBERS.split(line.strip().rstrip(",，;；")))
    except ValueError as error:
        words = {"n": number, "line": line.strip()[:40]}
        message = _(
            "Line %(n)s is no corner: “%(line)s”. Write longitude, latitude, such as 107.1435, 34.3621."
        )
        raise _refused(message % words) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        message = _("Line %(n)s: the longitude comes first, then the latitude, both in degrees.")
        raise _refused(message % {"n": number})
    return lon, lat


def _from_json(text: str) -> list[BaseGeometry]:
    try:
        return [_flat(shapely.from_geojson(json.dumps(each))) for each in _geometries(json.loads(text))]
    except (ValueError, TypeError, AttributeError, RecursionError, ShapelyError) as error:
        raise _refused(_("This is no GeoJSON that we can read.")) from error


def _geometries(said: Any) -> list[Any]:
    if said.get("type") == "FeatureCollection":
        return [each["geometry"] for each in said["features"]]
    return [said["geometry"] if said.get("type") == "Feature" else said]


def _flat(shape: BaseGeometry) -> BaseGeometry:
    if int(shapely.get_num_coordinates(shape)) > MOST_CORNERS:
        raise _refused(_("That are more than %(n)s corners.") % {"n": MOST_CORNERS})
    single = isinstance(shape, MultiPolygon | MultiLineString) and len(shape.geoms) == 1
    return shapely.force_2d(shape.geoms[0] if single else shape)  # type: ignore[attr-defined]


def _true(shape: Any, datum: str) -> Any:
    """The shape in CGCS2000."""
    try:
        known = Datum(datum)
    except ValueError as error:
        message = _("We do not know the datum %(datum)s. Known are: %(known)s.")
        words = {"datum": datum, "known": listed(Datum)}
        raise Refused("bad_datum", message % words, field="datum") from error
    if known in (Datum.CGCS2000, Datum.WGS84):
        return shape
    return shapely.transform(shape, lambda xy: np.array([to_cgcs2000(x, y, known) for x, y in xy]))


def _refused(message: Any) -> Refused:
    return Refused("bad_corners", message, field="corners")
