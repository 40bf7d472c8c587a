"""Datums against an independent package, and there and back again over the whole country."""

from __future__ import annotations

from math import cos, hypot, radians

import geocoordinates_ffi as oracle  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.lib.datum import Datum, from_cgcs2000, to_cgcs2000

CENTIMETRE = 0.01
METRES_PER_DEGREE = 111_320

longitudes = st.floats(73.4, 135.2)
latitudes = st.floats(3.8, 53.7)
shifted = st.sampled_from([Datum.GCJ02, Datum.BD09])


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return METRES_PER_DEGREE * hypot((a[0] - b[0]) * cos(radians(a[1])), a[1] - b[1])


@given(longitudes, latitudes, shifted)
def test_there_and_back_is_within_a_centimetre(lon: float, lat: float, datum: Datum) -> None:
    assert metres((lon, lat), to_cgcs2000(*from_cgcs2000(lon, lat, datum), datum)) <= CENTIMETRE / 100
    assert metres((lon, lat), from_cgcs2000(*to_cgcs2000(lon, lat, datum), datum)) <= CENTIMETRE / 100


@given(longitudes, latitudes)
def test_forward_equals_the_independent_package(lon: float, lat: float) -> None:
    true = oracle.Wgs84(lat=lat, lon=lon)
    gcj, bd = oracle.wgs84_to_gcj02(true), oracle.wgs84_to_bd09(true)
    assert metres((gcj.lon, gcj.lat), from_cgcs2000(lon, lat, "GCJ-02")) <= CENTIMETRE
    assert metres((bd.lon, bd.lat), from_cgcs2000(lon, lat, "BD-09")) <= CENTIMETRE


@given(longitudes, latitudes)
def test_back_lies_within_what_the_independent_package_promises(lon: float, lat: float) -> None:
    gcj = oracle.gcj02_to_wgs84_refined(oracle.Gcj02(lat=lat, lon=lon))
    bd = oracle.bd09_to_wgs84_refined(oracle.Bd09(lat=lat, lon=lon))
    assert metres((gcj.lon, gcj.lat), to_cgcs2000(lon, lat, "GCJ-02")) <= gcj.max_error_m
    assert metres((bd.lon, bd.lat), to_cgcs2000(lon, lat, "BD-09")) <= bd.max_error_m


def test_the_shift_is_hundreds_of_metres() -> None:
    assert 300 < metres((107.15, 34.35), from_cgcs2000(107.15, 34.35, "GCJ-02")) < 800
    assert 800 < metres((107.15, 34.35), from_cgcs2000(107.15, 34.35, "BD-09")) < 1500


@pytest.mark.parametrize("datum", Datum)
@pytest.mark.parametrize("point", [(2.35, 48.86), (-73.97, 40.78), (139.69, 35.69), (100.0, 0.5), (0.0, 0.0)])
def test_outside_china_nothing_moves(point: tuple[float, float], datum: Datum) -> None:
    assert to_cgcs2000(*point, datum) == point
    assert from_cgcs2000(*point, datum) == point


@given(longitudes, latitudes, st.sampled_from([Datum.CGCS2000, Datum.WGS84]))
def test_true_datums_are_one(lon: float, lat: float, datum: Datum) -> None:
    assert to_cgcs2000(lon, lat, datum) == from_cgcs2000(lon, lat, datum) == (lon, lat)


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(ValueError, match="Beijing 1954"):
        to_cgcs2000(107.1, 34.3, "Beijing 1954")
