"""Outlines that meet: corners brought onto the neighbours', a cut in two, what one gains the others lose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, split

from silin.lib.refusal import Refused
from silin.places.shapes import METRES, Shape, polygons, square_metres

CLOSE = 3.0 / METRES  # degrees: corners nearer than three metres to a neighbour are meant to lie on it
REACH = 6.0 / METRES  # degrees: how far the ends of a cutting line are drawn out
CRUMB = 1.0  # square metres: what is smaller than that comes from rounding
MOSTLY = 0.5  # share of a piece's other sides that must lie at neighbours for one of them to get it

Key = TypeVar("Key")


def snapped(shape: Shape, around: Sequence[Shape]) -> Shape:
    """``shape`` with every corner that lies close to a corner or an edge of ``around`` moved onto it.

    Where that would make it cross itself it stays as it is.
    """
    near = [each for each in around if shapely.dwithin(each, shape, CLOSE)]
    if not near:
        return shape
    edges = shapely.union_all(shapely.boundary(near))
    corners = shapely.extract_unique_points(shapely.MultiPolygon(polygons(near)))
    moved = _with_corners(shape, edges, corners)
    moved = shapely.snap(moved, corners, CLOSE)
    return moved if moved.is_valid and isinstance(moved, Polygon | MultiPolygon) else shape


def _with_corners(shape: Shape, edges: BaseGeometry, corners: BaseGeometry) -> Shape:
    def move(points: np.ndarray[tuple[Any, ...], np.dtype[np.float64]]) -> Any:
        return np.array([_onto(Point(point), edges, corners) for point in points])

    moved: Shape = shapely.transform(shape, move)
    return moved


def _onto(point: Point, edges: BaseGeometry, corners: BaseGeometry) -> tuple[float, float]:
    for target in (corners, edges):
        if point.distance(target) <= CLOSE:
            found = nearest_points(target, point)[0]
            return found.x, found.y
    return point.x, point.y


def tidy(shape: BaseGeometry) -> Shape | None:
    """The areas of ``shape`` that are more than crumbs, without holes that are crumbs; None: nothing."""
    parts = [_without_crumbs(part) for part in polygons([shape]) if square_metres(part) > CRUMB]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _without_crumbs(part: Polygon) -> Polygon:
    holes = [hole for hole in part.interiors if square_metres(Polygon(hole)) > CRUMB]
    return Polygon(part.exterior, holes)


def cut(shape: Shape, line: LineString) -> tuple[Shape, Shape]:
    """``shape`` in two, cut along ``line``; its ends are drawn out a little beyond the edge.

    Raises ``Refused`` (``line_misses``, ``too_many_parts``).
    """
    long = _drawn_out(line)
    parts = [part for each in polygons([shape]) for part in polygons([split(each, long)])]
    parts = [part for part in parts if square_metres(part) > CRUMB]
    if len(parts) <= len(polygons([shape])):
        message = _("The line does not part the grid. Draw it from one edge right across to another.")
        raise Refused("line_misses", message, field="corners")
    if len(parts) > 2:
        message = _("The line cuts the grid into %(n)s pieces. Draw it so that there are two.")
        raise Refused("too_many_parts", message % {"n": len(parts)}, field="corners")
    return parts[0], parts[1]


def _drawn_out(line: LineString) -> LineString:
    corners = [tuple(corner[:2]) for corner in line.coords]
    return LineString([_beyond(corners[1], corners[0]), *corners[1:-1], _beyond(corners[-2], corners[-1])])


def _beyond(start: tuple[float, ...], end: tuple[float, ...]) -> tuple[float, float]:
    length = Point(start).distance(Point(end))
    if not length:
        raise Refused("line_misses", _("A line needs two different corners."), field="corners")
    far = 1 + REACH / length
    return start[0] + (end[0] - start[0]) * far, start[1] + (end[1] - start[1]) * far


def joined(shapes: Sequence[Shape]) -> Shape:
    """The shapes as one. Raises ``Refused`` (``not_neighbours``) where they do not touch."""
    whole = shapes[0]
    for shape in shapes[1:]:
        united = tidy(shapely.union(whole, snapped(shape, [whole])))
        before = len(polygons([whole, shape]))
        if united is None or len(polygons([united])) >= before:
            message = _("Only grids that lie side by side can become one.")
            raise Refused("not_neighbours", message, field="other")
        whole = united
    return whole


def share_out(old: Shape | None, new: Shape, others: Mapping[Key, Shape]) -> dict[Key, Shape | None]:
    """What becomes of ``others`` when one of them goes from ``old`` to ``new``; only those that change.

    What it gains its neighbours lose (None: nothing is left). What it gives up goes to the neighbour with the
    longest common border; at the edge of the territory it stays free.
    """
    after: dict[Key, Shape | None] = {}
    for key, other in others.items():
        if square_metres(shapely.intersection(other, new)) > CRUMB:
            after[key] = tidy(shapely.difference(other, new))
    for piece in polygons([shapely.difference(old, new)]) if old is not None else []:
        if square_metres(piece) > CRUMB:
            _give(piece, new, others, after)
    return after


def _give(piece: Polygon, new: Shape, others: Mapping[Key, Shape], after: dict[Key, Shape | None]) -> None:
    outer = shapely.difference(piece.boundary, shapely.buffer(new, CLOSE / 10))
    common = {
        key: shapely.intersection(outer, shapely.buffer(other, CLOSE / 10)).length
        for key, other in others.items()
    }
    if not common or sum(common.values()) < MOSTLY * outer.length:
        return
    best = max(common, key=lambda key: common[key])
    now = after.get(best, others[best])
    grown = shapely.union(now, snapped(piece, [now])) if now is not None else piece
    after[best] = tidy(shapely.difference(grown, new))


def overlapping(shapes: Iterable[Shape]) -> float:
    """Square metres that more than one of the shapes covers."""
    rows = list(shapes)
    return sum(map(square_metres, rows)) - square_metres(shapely.union_all(rows)) if rows else 0.0
