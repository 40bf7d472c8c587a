"""From a point to the finest place."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
import shapely
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from silin.lib.datum import from_cgcs2000
from silin.lib.refusal import Refused
from silin.places.actions import add_buildings, set_boundary
from silin.places.locating import locate
from silin.places.models import Boundary, Building, Place
from silin.places.tests import tiny
from silin.places.tests.tiny import DAY, NOW, Tiny, at, square


def refusal(lon: float, lat: float, datum: str = "CGCS2000") -> tuple[str, str]:
    """Code and English words of what locating a point is refused with; it is always the point's fault."""
    with override("en"), pytest.raises(Refused) as error:
        locate(lon, lat, datum)
    assert error.value.field in ("point", "datum")
    with override("en"):
        return error.value.code, str(error.value.message)


@pytest.mark.parametrize(
    ("spot", "name"),
    [
        ((0.5, 0.4), "990102001001|01003"),
        ((0.5, 1.2), "990102001001|01001"),
        ((0.5, 1.8), "990102001001|0100101"),
    ],
)
def test_the_finest_place_wins(town: Tiny, spot: tuple[float, float], name: str) -> None:
    assert locate(*at(*spot)).place.code == name.replace("|", "")


def test_where_nothing_finer_is_drawn_the_wider_place_answers(town: Tiny) -> None:
    assert locate(*at(2.5, 1)).place == town.oak
    assert locate(*at(3.5, 3)).place == town.county
    assert locate(*at(5, 3)).place == town.city


@pytest.mark.parametrize("datum", ["CGCS2000", "WGS-84", "GCJ-02", "BD-09"])
def test_every_datum_leads_to_the_same_place(town: Tiny, datum: str) -> None:
    true = at(1.5, 1.5)
    given_lon, given_lat = from_cgcs2000(*true, datum)
    found = locate(given_lon, given_lat, datum)
    assert found.place == town.grids[1]
    assert (found.lon, found.lat) == pytest.approx(true, abs=1e-8)
    assert (found.source_lon, found.source_lat, found.datum) == (given_lon, given_lat, datum)


def test_a_border_belongs_to_one_place_always(town: Tiny) -> None:
    corner, edge = at(1, 1), at(0.3, 1)
    assert {locate(*corner).place.code for _again in range(3)} == {town.grids[0].code}
    assert locate(*edge).place.code == "99010200100101001"
    outer = at(0, 0.5)
    assert locate(*outer).place == town.grids[2]


def test_the_building_within_thirty_metres(town: Tiny) -> None:
    lon, lat = at(1.5, 1.5)
    north = 1 / 111_320
    assert getattr(locate(lon, lat).building, "number", None) == "5"
    assert getattr(locate(lon, lat + 29 * north).building, "number", None) == "5"
    assert locate(lon, lat + 31 * north).building is None
    east = north / math.cos(math.radians(lat))
    assert getattr(locate(lon + 29 * east, lat).building, "number", None) == "5"
    assert locate(lon + 31 * east, lat).building is None


def test_a_building_over_the_border_is_not_at_this_place(town: Tiny) -> None:
    lon, lat = at(0.95, 1.5)
    row = Building(estate=town.estate, grid=town.grids[1], number="7", lon=at(1.02, 1)[0], lat=lat)
    add_buildings([row], actor=None, now=NOW)
    assert locate(lon, lat).building is None


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        (math.nan, 30.001, "needs a longitude"),
        (110.001, math.inf, "needs a longitude"),
        (30.001, 110.001, "look swapped"),
        (200.0, 30.001, "no such"),
        (110.001, -91.0, "no such"),
    ],
)
def test_a_point_that_is_none(town: Tiny, lon: float, lat: float, words: str) -> None:
    code, said = refusal(lon, lat)
    assert code == "bad_point"
    assert words in said


def test_a_point_outside_says_what_it_is_outside_of(town: Tiny) -> None:
    assert refusal(116.4, 39.9) == ("outside", "That point is outside Linchuan.")
    assert "not even in China" in refusal(2.35, 48.85)[1]


def test_a_point_of_another_map_is_guessed(town: Tiny) -> None:
    """The south-western corner is moved out of the city by the shift of GCJ-02 that nobody told us about."""
    lon, lat = from_cgcs2000(*at(5.9, 2), "GCJ-02")
    assert lon > at(6, 0)[0]
    code, said = refusal(lon, lat, "CGCS2000")
    assert code == "outside"
    assert "Read as GCJ-02" in said
    assert locate(lon, lat, "GCJ-02").place == town.city
    inside_anyway = from_cgcs2000(*at(1.5, 1.5), "GCJ-02")
    locate(*inside_anyway, "CGCS2000")


def test_an_unknown_datum(town: Tiny) -> None:
    code, said = refusal(*at(1, 1), "Beijing 1954")
    assert code == "bad_datum"
    assert "GCJ-02" in said


def test_before_anything_is_drawn(db: None) -> None:
    code, said = refusal(110.0, 30.0)
    assert code == "outside"
    assert "no outlines yet" in said


def test_a_change_is_noticed_at_once(town: Tiny) -> None:
    spot = at(0.5, 0.5)
    assert locate(*spot).place == town.grids[2]
    set_boundary(town.grids[2], square(0, 0, 0.1, 0.1), DAY + timedelta(days=1), actor=None, now=NOW)
    assert locate(*spot).place == town.elm
    assert locate(*spot, on=DAY).place == town.grids[2]
    new = Building(estate=town.estate, grid=town.grids[1], number="9", lon=at(1.1, 0)[0], lat=at(0, 1.1)[1])
    add_buildings([new], actor=None, now=NOW)
    assert locate(*at(1.1, 1.1)).building == new


def test_a_closed_place_is_no_longer_found(town: Tiny) -> None:
    Place.objects.filter(pk=town.oak.pk).update(active_until=DAY)
    set_boundary(town.grids[0], square(0, 1), DAY, actor=None, now=NOW)
    assert locate(*at(2.5, 1)).place == town.county


def test_statements_of_a_warm_look_up(town: Tiny, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    locate(*at(0.5, 0.4))
    with django_assert_num_queries(2):
        locate(*at(0.5, 0.4))
    with django_assert_num_queries(3):
        assert locate(*at(1.5, 1.5)).building


columns = st.floats(0, 6, allow_nan=False)
rows = st.floats(0, 4, allow_nan=False)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(spots=st.lists(st.tuples(columns, rows), min_size=20, max_size=20))
def test_the_tree_says_what_looking_at_each_outline_says(
    spots: list[tuple[float, float]], django_db_blocker: DjangoDbBlocker
) -> None:
    if not Place.objects.exists():
        tiny.build()
    outlines = [(row.place, row.shape) for row in Boundary.objects.select_related("place")]
    for spot in spots:
        point = shapely.Point(*at(*spot))
        holding = [place for place, shape in outlines if shape.buffer(1e-8).intersects(point)]
        wanted = max(holding, key=lambda place: (len(place.path), [-ord(sign) for sign in place.code]))
        assert locate(point.x, point.y).place == wanted
