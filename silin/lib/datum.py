"""Datums of Chinese maps: where a point lies that a map of another datum shows.

WGS-84 (GPS) and CGCS2000 (the national datum) differ by less than a decimetre and are taken as one. GCJ-02 is
the shifted datum of Chinese web maps, BD-09 the one of Baidu, shifted once more. The formulas, public through
many open programs, lead only away from the truth; the way back is their fixed point. Longitudes and latitudes
are degrees. Outside the box that the formulas cover every datum is taken as the same.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, radians, sin, sqrt

WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
KRASOVSKY_AXIS, KRASOVSKY_E2 = 6378245.0, 0.00669342162296594323
BAIDU_WAVE = pi * 3000 / 180
CLOSE_ENOUGH = 1e-11
"""Degrees: about a micrometre on the ground."""

Point = tuple[float, float]


class Datum(StrEnum):
    """The datums a point may come in; ``Datum("GCJ-02")`` raises ``ValueError`` for any other word."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


def to_cgcs2000(lon: float, lat: float, datum: str) -> Point:
    """The true (longitude, latitude) of a point in ``datum``. Raises ``ValueError`` for an unknown one."""
    given = Datum(datum)
    if given in (Datum.CGCS2000, Datum.WGS84) or is_outside(lon, lat):
        return lon, lat
    if given is Datum.BD09:
        lon, lat = _undo(_baidu, lon, lat)
    return _undo(_shifted, lon, lat)


def from_cgcs2000(lon: float, lat: float, datum: str) -> Point:
    """Where a map of ``datum`` shows the true point. Raises ``ValueError`` for an unknown datum."""
    wanted = Datum(datum)
    if wanted in (Datum.CGCS2000, Datum.WGS84) or is_outside(lon, lat):
        return lon, lat
    lon, lat = _shifted(lon, lat)
    return _baidu(lon, lat) if wanted is Datum.BD09 else (lon, lat)


def is_outside(lon: float, lat: float) -> bool:
    """Whether the point lies outside the box round China in which maps are shifted."""
    return not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH)


def _undo(shift: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that ``shift`` moves to (lon, lat).

    Each round of the fixed point leaves about a fiftieth of the error: six are enough from a kilometre.
    """
    guess_lon, guess_lat = lon, lat
    for _ in range(12):
        found_lon, found_lat = shift(guess_lon, guess_lat)
        miss_lon, miss_lat = lon - found_lon, lat - found_lat
        guess_lon, guess_lat = guess_lon + miss_lon, guess_lat + miss_lat
        if abs(miss_lon) < CLOSE_ENOUGH and abs(miss_lat) < CLOSE_ENOUGH:
            break
    return guess_lon, guess_lat


def _shifted(lon: float, lat: float) -> Point:
    """GCJ-02 of a true point."""
    x, y = lon - 105, lat - 35
    root = sqrt(abs(x))
    common = _wave(20, 6 * x) + _wave(20, 2 * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += common + _wave(20, x) + _wave(40, x / 3) + _wave(150, x / 12) + _wave(300, x / 30)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += common + _wave(20, y) + _wave(40, y / 3) + _wave(160, y / 12) + _wave(320, y / 30)
    angle = radians(lat)
    curve = 1 - KRASOVSKY_E2 * sin(angle) ** 2
    metres_per_degree = KRASOVSKY_AXIS * pi / 180 / sqrt(curve)
    across = metres_per_degree * cos(angle)
    along = metres_per_degree * (1 - KRASOVSKY_E2) / curve
    return lon + east / across, lat + north / along


def _wave(metres: float, half_turns: float) -> float:
    return metres * sin(half_turns * pi) * 2 / 3


def _baidu(lon: float, lat: float) -> Point:
    """BD-09 of a point in GCJ-02."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * BAIDU_WAVE)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU_WAVE)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006
