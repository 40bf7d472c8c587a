"""Finding a building, an estate or a place by what people type."""

from __future__ import annotations

import pytest

from silin.places.actions import add_buildings, add_estates
from silin.places.finding import find_places, find_spots, search
from silin.places.models import Building, Estate
from silin.places.tests.tiny import NOW, Tiny


@pytest.fixture
def north(town: Tiny) -> Building:
    """Another estate's building 5."""
    [estate] = add_estates([Estate(place=town.elm, name="北苑小区")], actor=None, now=NOW)
    [row] = add_buildings([Building(estate=estate, grid=town.grids[0], number="5")], actor=None, now=NOW)
    return row


@pytest.mark.parametrize(
    "text",
    [
        "金桂家园5号楼",
        "金桂家园5号",
        "金桂家园 ５ 号楼",
        "金桂 家园 5栋",
        "金桂家园5号楼3单元",
        "金桂家园5号楼2单元301室",
        "金桂5",
        "金桂家园,5#",
    ],
)
def test_a_building_by_estate_and_number(town: Tiny, north: Building, text: str) -> None:
    found = find_spots(text)
    assert [spot.name for spot in found] == [Building(estate=town.estate, number="5").name]


def test_a_number_alone_finds_it_in_every_estate(town: Tiny, north: Building) -> None:
    for text in ("5号楼", "5", "Building 5"):
        assert {spot.pk for spot in find_spots(text)} == {
            north.pk,
            *(b.pk for b in town.buildings if b.number == "5"),
        }
    assert find_spots("5号楼", within=town.grids[0]) == [north]
    assert find_spots("5号楼", within=town.oak) == []


def test_estates_by_a_part_of_the_name(town: Tiny, north: Building) -> None:
    assert find_spots("家园") == [town.estate]
    assert [spot.name for spot in find_spots("榆荫")] == ["榆荫花园"]
    assert find_spots("家园", within=town.grids[0]) == [town.estate]
    assert find_spots("家园", within=town.oak) == []


def test_a_name_that_is_not_quite_right_finds_the_likeliest(town: Tiny, north: Building) -> None:
    assert find_spots("金桂小区5号楼")[0].name == Building(estate=town.estate, number="5").name
    assert find_spots("柳巷街道金桂家园2号楼")[0].name == Building(estate=town.estate, number="2").name
    assert find_spots("金桂家园99号楼") == [town.estate]
    assert find_spots("完全不同") == []
    assert find_spots("") == find_spots("  ，") == []


def test_what_looks_like_a_pattern_is_taken_as_it_is(town: Tiny) -> None:
    for text in ("%", "_", "\\", "'; drop table", "(((", "x" * 5000):
        assert find_spots(text) == []
        assert find_places(text) == []


def test_places_by_name_or_code(town: Tiny) -> None:
    assert find_places("社区") == [town.elm, town.oak]
    assert find_places("990102001")[0] == town.street
    assert find_places("linchuan") == [town.city]
    assert find_places("社区", within=town.far) == []
    assert find_places("9901", most=2) == [town.city, town.county]


def test_a_search_says_where_each_thing_lies(town: Tiny) -> None:
    hits = {hit.name: hit for hit in search("榆")}
    assert hits["榆树社区"].where == "临川市 › 东城区 › 柳巷街道"
    assert hits["榆荫花园"].where == "临川市 › 东城区 › 柳巷街道 › 榆树社区"
    assert hits["榆荫花园"].place == town.elm
