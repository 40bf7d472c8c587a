"""In which order the grids of a community are numbered: as one reads a map, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", int, str)


class Box(NamedTuple):
    """The rectangle round an outline, in degrees."""

    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of its middle."""
        return (self.min_lon + self.max_lon) / 2, (self.min_lat + self.max_lat) / 2

    @property
    def height(self) -> float:
        """From south to north, in degrees."""
        return self.max_lat - self.min_lat


def reading_order(boxes: Mapping[Key, Box]) -> list[Key]:
    """The keys in rows from north to south, and from west to east inside each row.

    A row takes in every outline whose centre lies no more than half the median height of all outlines
    south of the row's northernmost centre; the next one further south opens the next row. Equal places
    are told apart by their key, so the order never depends on the order of the input.
    """
    if not boxes:
        return []
    tolerance = median(box.height for box in boxes.values()) / 2
    southward = sorted(boxes, key=lambda key: (-boxes[key].centre[1], boxes[key].centre[0], key))
    rows: list[list[Key]] = []
    for key in southward:
        if not rows or boxes[rows[-1][0]].centre[1] - boxes[key].centre[1] > tolerance:
            rows.append([])
        rows[-1].append(key)
    return [key for row in rows for key in sorted(row, key=lambda key: (boxes[key].centre[0], key))]
