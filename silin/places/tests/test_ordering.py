"""Grids are numbered as one reads a map."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.places.actions import bulk_add, number_grids, set_boundary
from silin.places.models import Place
from silin.places.ordering import Box, reading_order
from silin.places.tests.tiny import DAY, NOW, Tiny, square

degrees = st.floats(0.0, 1.0, allow_nan=False)
sizes = st.floats(0.001, 0.3, allow_nan=False)
boxes = st.builds(
    lambda west, south, wide, high: Box(west, south, west + wide, south + high),
    degrees,
    degrees,
    sizes,
    sizes,
)


@given(st.lists(boxes, max_size=25), st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_places_not_of_the_input(drawn: list[Box], chance: random.Random) -> None:
    items = list(enumerate(drawn))
    order = reading_order(dict(items))
    chance.shuffle(items)
    assert reading_order(dict(items)) == order
    assert sorted(order) == list(range(len(drawn)))


@given(st.lists(boxes, min_size=1, max_size=25))
def test_inside_a_row_eastwards_and_rows_southwards(drawn: list[Box]) -> None:
    order = [drawn[key] for key in reading_order(dict(enumerate(drawn)))]
    tolerance = sorted(box.height for box in drawn)[len(drawn) // 2]
    for one, next_one in itertools.pairwise(order):
        eastwards = next_one.centre[0] >= one.centre[0]
        southwards = next_one.centre[1] < one.centre[1] + tolerance
        assert eastwards or southwards


@given(
    st.integers(1, 6),
    st.integers(1, 6),
    st.data(),
)
def test_a_raster_with_crooked_streets_is_read_row_by_row(
    columns: int, rows: int, data: st.DataObject
) -> None:
    crooked = st.floats(-0.2, 0.2, allow_nan=False)
    raster: dict[int, Box] = {}
    for key in range(columns * rows):
        row, column = divmod(key, columns)
        west, south = column + data.draw(crooked), rows - row + data.draw(crooked)
        raster[key] = Box(west, south, west + 1, south + 1)
    assert reading_order(raster) == sorted(raster)


def test_nothing_to_order() -> None:
    assert reading_order({}) == []


def test_codes_of_grids_and_micro_grids(town: Tiny) -> None:
    assert [grid.code for grid in town.grids] == [f"990102001001010{n:02}" for n in (1, 2, 3, 4)]
    centres = [
        (round(grid.lon or 0, 4), round(grid.lat or 0, 4))
        for grid in Place.objects.filter(level="grid").order_by("serial")
    ]
    assert centres == [(110.001, 30.003), (110.003, 30.003), (110.001, 30.001), (110.003, 30.001)]
    micro = Place.objects.get(level="micro_grid")
    assert (micro.code, micro.serial, micro.parent) == ("9901020010010100101", 1, town.grids[0])
    assert town.grids[1].name_en == "Grid 2"


def test_a_number_once_given_stays(town: Tiny) -> None:
    codes = {grid.pk: grid.code for grid in town.grids}
    lines = Entry.objects.count()
    assert number_grids(town.elm, actor=None, now=NOW) == []
    assert Entry.objects.count() == lines
    Place.objects.filter(pk=town.grids[3].pk).update(active_until=DAY)
    [fresh] = bulk_add([Place(level="grid", name="市场网格", parent=town.elm)], actor=None, now=NOW)
    assert fresh.unit == town.elm.code
    set_boundary(fresh, square(0, 3), DAY, actor=None, now=NOW)
    assert [place.code for place in number_grids(town.elm, actor=None, now=NOW)] == ["99010200100101005"]
    assert {grid.pk: grid.code for grid in Place.objects.filter(pk__in=codes)} == codes
    fresh.refresh_from_db()
    assert fresh.name == "市场网格"


def test_a_grid_without_outline_cannot_be_numbered(town: Tiny) -> None:
    bulk_add([Place(level="grid", parent=town.oak)], actor=None, now=NOW)
    with pytest.raises(Refused, match="no_outline"):
        number_grids(town.oak, actor=None, now=NOW)


def test_there_is_room_for_ninety_nine_micro_grids(town: Tiny) -> None:
    grid = town.grids[1]
    fresh = bulk_add([Place(level="micro_grid", parent=grid) for _n in range(100)], actor=None, now=NOW)
    for n, place in enumerate(fresh):
        set_boundary(place, square(1 + n / 100, 1, 0.01, 1), DAY, actor=None, now=NOW)
    with pytest.raises(Refused, match="too_many_grids"):
        number_grids(town.elm, actor=None, now=NOW)
