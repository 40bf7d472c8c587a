"""A flat plane in metres over the city, the schematic outline, and the gentle bend of its borders."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
from shapely.geometry import Polygon

DATA = Path(__file__).parent / "data"
MIDDLE = (107.2, 34.4)  # where the plane touches the earth, degrees
EAST = 111_320 * math.cos(math.radians(MIDDLE[1]))  # metres of one degree of longitude there
NORTH = 110_940  # metres of one degree of latitude there

Points = npt.NDArray[np.float64]  # shape (n, 2): x and y, or longitude and latitude

# Each wave bends the plane a little: metres of shift, wave length in metres, phase, direction of its run.
WAVES = (
    (520, 23_000, 0.3, 0.4),
    (390, 14_000, 1.9, 2.1),
    (240, 8_200, 4.4, 1.1),
    (130, 4_700, 2.7, 2.8),
)


def to_plane(degrees: Points) -> Points:
    """Longitudes and latitudes (CGCS2000) as metres east and north of the middle."""
    return np.asarray((degrees - np.array(MIDDLE)) * np.array([EAST, NORTH]))


def to_degrees(metres: Points) -> Points:
    """The way back from ``to_plane``."""
    return np.asarray(metres / np.array([EAST, NORTH]) + np.array(MIDDLE))


def bend(points: Points) -> Points:
    """Straight lines become lines as a border has them; one to one, so what nests still nests."""
    moved = points.copy()
    for size, length, phase, way in WAVES:
        run = points @ np.array([math.cos(way), math.sin(way)])
        swing = size * np.sin(2 * math.pi * run / length + phase)
        moved += np.outer(swing, [-math.sin(way), math.cos(way)])
    return moved


def unbend(points: Points, rounds: int = 30) -> Points:
    """The points that ``bend`` moves to ``points`` (found by walking back again and again)."""
    guess = points.copy()
    for _round in range(rounds):
        guess += points - bend(guess)
    return guess


def read_points(name: str) -> tuple[list[str], Points]:
    """Codes (empty where the file has none) and degrees of a CSV file of the demo's data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    degrees = np.array([[float(row["lon"]), float(row["lat"])] for row in rows])
    return [row.get("code", "") for row in rows], degrees


def outline() -> Polygon:
    """The city's own outline on the plane, metres: drawn by hand for the demo, corners rounded."""
    _codes, degrees = read_points("outline.csv")
    return Polygon(_rounded(to_plane(degrees), times=3))


def _rounded(ring: Points, times: int) -> Points:
    """A ring whose corners are cut ``times`` over (Chaikin 1974)."""
    for _cut in range(times):
        after = np.roll(ring, -1, axis=0)
        ring = np.stack([0.75 * ring + 0.25 * after, 0.25 * ring + 0.75 * after], axis=1).reshape(-1, 2)
    return ring
