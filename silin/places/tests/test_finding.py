"""Finding a building, an estate or a place by what people type."""

from __future__ import annotations

from datetime import timedelta

import pytest

from silin.places.actions import add_buildings, add_estates
from silin.places.finding import find_facilities, find_places, find_spots, search
from silin.places.models import Building, Estate, EstateKey, Facility, FacilityKind, Place
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


@pytest.mark.parametrize("text", ["社区", "shequ", "榆", "(((", "杨村"])
def test_a_usual_word_finds_the_same_in_a_place(
    town: Tiny, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = find_places(text, within=town.street)
    monkeypatch.setattr("silin.lib.search.MANY", 0)
    assert find_places(text, within=town.street) == rare == find_places(text)


def test_a_search_says_where_each_thing_lies(town: Tiny) -> None:
    hits = {hit.name: hit for hit in search("榆")}
    assert hits["榆树社区"].where == "临川市 › 东城区 › 柳巷街道"
    assert hits["榆荫花园"].where == "临川市 › 东城区 › 柳巷街道 › 榆树社区"
    assert hits["榆荫花园"].place == town.elm


@pytest.mark.parametrize("text", ["yushu", "yssq", "Yu Shu", "ＹＵＳＨＵ", "榆树"])
def test_a_community_by_its_pinyin(town: Tiny, text: str) -> None:
    assert find_places(text) == [town.elm]


def test_buildings_and_estates_by_pinyin(town: Tiny, north: Building) -> None:
    assert find_spots("jinguijiayuan") == [town.estate]
    assert find_spots("jgjy") == [town.estate]
    assert [spot.name for spot in find_spots("jgjy5")] == [Building(estate=town.estate, number="5").name]
    assert find_spots("beiyuan5号楼") == [north]


def test_a_new_name_is_found_and_the_old_one_is_not(town: Tiny) -> None:
    town.elm.name = "梧桐社区居民委员会"
    town.elm.save()
    assert find_places("梧桐") == find_places("wutong") == [town.elm]
    assert find_places("榆树") == find_places("yushu") == []
    town.oak.name = "银杏社区居民委员会"
    Place.objects.bulk_update([town.oak], ["name"])
    assert find_places("yinxing") == [town.oak]
    assert find_places("橡树") == []


def test_what_is_deleted_leaves_no_key(town: Tiny) -> None:
    [estate] = add_estates([Estate(place=town.elm, name="梅园")], actor=None, now=NOW)
    assert find_spots("meiyuan") == [estate]
    Estate.objects.filter(pk=estate.pk).delete()
    assert find_spots("meiyuan") == []
    assert not EstateKey.objects.filter(key="梅园").exists()


def test_facilities_are_found_where_they_are(town: Tiny) -> None:
    kind = FacilityKind.objects.earliest("serial")
    gone = NOW.date() - timedelta(days=1)
    clinic = Facility.objects.create(kind=kind, name="榆荫诊所", place=town.elm)
    Facility.objects.create(kind=kind, name="旧诊所", place=town.elm, active_until=gone)
    assert find_facilities("诊所") == find_facilities("zhensuo") == [clinic]
    assert find_facilities("诊所", within=town.oak) == []
    hits = {hit.name: hit for hit in search("yyzs")}
    assert (hits["榆荫诊所"].kind, hits["榆荫诊所"].place) == (str(kind), town.elm)


def test_only_what_somebody_typed_is_looked_for(town: Tiny) -> None:
    for text in ("", " ", "%", "…"):
        assert not find_places(text)
        assert not find_facilities(text)
