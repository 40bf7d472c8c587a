"""Many points at once: a raster says whose box touches a cell, so that a point is tried on few outlines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Degrees = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
CELLS, MOST = 32, 1_000_000  # cells to an outline, and in all
BRINK = 1e-3  # of a cell: more than what rounding moves a point by


@dataclass(frozen=True)
class Axis:
    """One direction of the raster: where it begins and ends, in how many cells."""

    first: float
    last: float
    n: int

    def cells(self, at: Degrees, brink: float = 0.0) -> Numbers:
        """The cell of each coordinate; what lies beside the raster is put into its outermost cells."""
        wide = (self.last - self.first) or 1.0
        cells: Numbers = np.floor((at - self.first) * (self.n / wide) + brink).astype(np.int64)
        return np.clip(cells, 0, self.n - 1)

    def has(self, at: Degrees) -> npt.NDArray[np.bool_]:
        """Which coordinates lie in it."""
        inside: npt.NDArray[np.bool_] = (at >= self.first) & (at <= self.last)
        return inside


class Cells:
    """The raster over some outlines; ``begins`` says where the list of a cell begins in ``numbers``."""

    def __init__(self, outlines: Shapes) -> None:
        self.outlines = outlines
        boxes = shapely.bounds(outlines)
        west, south, east, north = shapely.total_bounds(outlines)
        wide, high = (east - west) or 1.0, (north - south) or 1.0
        n = min(len(outlines) * CELLS, MOST)
        columns = min(max(1, round(float(n * wide / high) ** 0.5)), n)
        self.across, self.up = Axis(west, east, columns), Axis(south, north, max(1, n // columns))
        self._list(boxes)

    def _list(self, boxes: Degrees) -> None:
        """Write each outline into every cell that its box touches."""
        left, right = self.across.cells(boxes[:, 0], -BRINK), self.across.cells(boxes[:, 2], BRINK)
        low, high = self.up.cells(boxes[:, 1], -BRINK), self.up.cells(boxes[:, 3], BRINK)
        wide = right - left + 1
        n = wide * (high - low + 1)
        numbers = np.repeat(np.arange(len(boxes)), n)
        nth = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        row, column = low[numbers] + nth // wide[numbers], left[numbers] + nth % wide[numbers]
        cells = row * self.across.n + column
        order = np.argsort(cells, kind="stable")  # within a cell the numbers keep rising
        self.numbers = numbers[order].astype(np.int32)
        self.begins = np.searchsorted(cells[order], np.arange(self.across.n * self.up.n + 1)).astype(np.int32)

    def first_at(self, lons: Degrees, lats: Degrees) -> Numbers:
        """The lowest number of an outline round each point; as many as there are outlines where none is.

        The points of one cell are tried one after the other on the same outline, which is then at hand.
        """
        found = np.full(len(lons), len(self.outlines))
        points = np.flatnonzero(self.across.has(lons) & self.up.has(lats))
        cells = self.up.cells(lats[points]) * self.across.n + self.across.cells(lons[points])
        order = np.argsort(cells, kind="stable")
        points, cells = points[order], cells[order]
        at, end = self.begins[cells], self.begins[cells + 1]
        while len(points := points[left := at < end]):
            at, end = at[left], end[left]
            tried = self.numbers[at]
            inside = shapely.intersects_xy(self.outlines[tried], lons[points], lats[points])
            found[points[inside]] = tried[inside]
            points, at, end = points[~inside], at[~inside] + 1, end[~inside]
        return found
