"""Outlines: looked over before they are kept, and made light before they are sent to a map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from silin.lib.refusal import Refused

Shape = Polygon | MultiPolygon
METRES = 111_320.0  # one degree of latitude
DECIMALS = 5  # about a metre
DETAIL = 1 / 500  # the finest wrinkle that is drawn, as a share of the picture's width


def polygons(shapes: Iterable[BaseGeometry]) -> list[Polygon]:
    """Every area in ``shapes``, one by one; points and lines left out."""
    parts: list[Polygon] = []
    for shape in shapes:
        if isinstance(shape, Polygon):
            parts += [] if shape.is_empty else [shape]
        else:
            parts += polygons(getattr(shape, "geoms", ()))
    return parts


def square_metres(shape: BaseGeometry) -> float:
    """The area on the ground, good to half a percent for anything up to the size of a city."""
    if shape.is_empty:
        return 0.0
    _west, south, _east, north = shape.bounds
    return float(shape.area) * METRES**2 * math.cos(math.radians((south + north) / 2))


def checked(shape: Shape, *, name: str) -> Shape:
    """The outline without heights, if it is one that can be kept.

    Raises ``Refused`` (``bad_shape``) naming the place: not an area, empty, crossing itself, not in degrees.
    """
    flat = shapely.force_2d(shape)
    if not isinstance(flat, Polygon | MultiPolygon) or flat.is_empty:
        raise _refused(name, _("it is not an area"))
    west, south, east, north = flat.bounds
    if not all(map(math.isfinite, flat.bounds)) or west < -180 or east > 180 or south < -90 or north > 90:
        raise _refused(name, _("its corners are not longitudes and latitudes"))
    if not flat.is_valid:
        where = explain_validity(flat).partition("[")[2].rstrip("]")
        raise _refused(name, _("its line crosses or touches itself at %(where)s") % {"where": where})
    return flat


def _refused(name: str, why: object) -> Refused:
    words = {"name": name, "why": why}
    return Refused("bad_shape", _("The outline of %(name)s cannot be kept: %(why)s.") % words, field="shape")


def light(shapes: Sequence[Shape]) -> list[dict[str, Any]]:
    """GeoJSON (RFC 7946) of one picture: fewer corners, common borders kept common, five decimals."""
    if not shapes:
        return []
    west, _south, east, _north = shapely.total_bounds(shapes)
    simple = shapely.coverage_simplify(list(shapes), (east - west) * DETAIL)
    rounded = shapely.transform(simple, lambda corners: corners.round(DECIMALS))
    return [dict(mapping(shape)) for shape in shapely.orient_polygons(rounded)]
