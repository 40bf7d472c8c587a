"""The tree of places: paths, ancestors, names, codes."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.places.actions import add_place, bulk_add
from silin.places.levels import Kind, Level, kind_of_code, level_of_code
from silin.places.models import Place, Revision, natural
from silin.places.tests.tiny import NOW, Tiny


def test_a_subtree_is_one_range(town: Tiny) -> None:
    codes = set(Place.objects.under(town.elm).values_list("level", flat=True))
    assert codes == {"community", "grid", "micro_grid"}
    assert Place.objects.under(town.elm).count() == 6
    assert town.elm not in Place.objects.below(town.elm)
    assert set(Place.objects.under(town.street).of_level(Level.COMMUNITY)) == {
        town.elm,
        town.oak,
        town.village,
    }


def test_a_path_is_no_prefix_of_its_sisters(db: None) -> None:
    city = Place.objects.create(code="990100000000", name="市", level="city")
    counties = [
        Place.objects.create(code=f"9901{n:02}000000", name="区", level="county", parent=city)
        for n in range(1, 13)
    ]
    for county in counties:
        assert list(Place.objects.under(county)) == [county]


def test_ancestors_come_widest_first_in_one_query(town: Tiny) -> None:
    grid = town.grids[0]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert grid.ancestors() == [town.city, town.county, town.street, town.elm]
    assert len(queries) == 1
    assert town.city.ancestors() == []


def test_names_as_neighbours_say_them(town: Tiny) -> None:
    assert [str(each) for each in (town.elm, town.oak, town.village)] == ["榆树社区", "橡树社区", "杨村"]
    names = {
        "赵村委会": "赵村",
        "赵家村村委会": "赵家村",
        "赵村民委员会": "赵村",
        "赵家村村民委员会": "赵家村",
        "市区": "市区",
    }
    assert {name: Place(name=name).short_name for name in names} == names
    with override("en"):
        assert town.city.short_name == "Linchuan"


def test_full_name_goes_from_the_county_down(town: Tiny) -> None:
    grid = Place.objects.get(pk=town.grids[0].pk)
    assert grid.full_name().startswith("东城区柳巷街道榆树社区")
    assert grid.full_name("community") == "东城区柳巷街道榆树社区"
    assert grid.full_name(Level.STREET, above=grid.ancestors()) == "东城区柳巷街道"
    assert town.city.full_name() == "临川市"


def test_the_unit_is_the_community(town: Tiny) -> None:
    micro = Place.objects.get(level="micro_grid")
    assert micro.unit == town.grids[0].unit == town.elm.unit == "990102001001"
    assert town.street.unit == "990102001000"


def test_active_places_by_day(town: Tiny) -> None:
    closing = date(2024, 7, 1)
    Place.objects.filter(pk=town.oak.pk).update(active_until=closing)
    day = timedelta(days=1)
    assert town.oak not in Place.objects.active()
    assert town.oak in Place.objects.active(closing - day)
    assert town.oak not in Place.objects.active(closing)
    assert town.elm not in Place.objects.active(date(2020, 1, 1))


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("610000000000", Level.PROVINCE, ""),
        ("610300000000", Level.CITY, ""),
        ("610302000000", Level.COUNTY, Kind.DISTRICT),
        ("610323000000", Level.COUNTY, Kind.COUNTY),
        ("610581000000", Level.COUNTY, Kind.COUNTY_CITY),
        ("610302005000", Level.STREET, Kind.STREET),
        ("610302105000", Level.STREET, Kind.TOWN),
        ("610302205000", Level.STREET, Kind.TOWNSHIP),
        ("610302405000", Level.STREET, Kind.STREET_LIKE),
        ("610302005001", Level.COMMUNITY, Kind.COMMUNITY),
        ("610302005199", Level.COMMUNITY, Kind.COMMUNITY),
        ("610302005200", Level.COMMUNITY, Kind.VILLAGE),
        ("610302005399", Level.COMMUNITY, Kind.VILLAGE),
        ("610302005498", Level.COMMUNITY, Kind.COMMUNITY_LIKE),
        ("610302005598", Level.COMMUNITY, Kind.VILLAGE_LIKE),
        ("610302005600", Level.COMMUNITY, ""),
    ],
)
def test_what_a_code_says(code: str, level: Level, kind: str) -> None:
    assert level_of_code(code) == level
    assert kind_of_code(code, level) == kind


def test_adding_writes_one_line_of_history(town: Tiny) -> None:
    before = Entry.objects.count()
    place = add_place(
        name="松树社区", level="community", parent=town.street, code="990102001003", actor=None, now=NOW
    )
    assert place.kind == Kind.COMMUNITY
    assert place.ancestors()[-1] == town.street
    assert Entry.objects.count() == before + 1
    assert Entry.objects.latest("id").fields == {"count": 1, "under": ["990102001000"]}


@pytest.mark.parametrize(
    ("level", "parent", "code", "name", "refused"),
    [
        ("community", "street", "990102001003", "", "missing"),
        ("community", "street", "", "松树社区", "missing"),
        ("community", "elm", "990102001003", "松树社区", "wrong_level"),
        ("street", "elm", "990102002000", "松树街道", "wrong_level"),
        ("micro_grid", "elm", "", "", "wrong_level"),
        ("community", "street", "99010200100", "松树社区", "bad_code"),
        ("community", "street", "990102003000", "松树社区", "bad_code"),
        ("grid", "elm", "99010200200201001", "第一网格", "bad_code"),
        ("community", "street", "990102001001", "松树社区", "code_taken"),
    ],
)
def test_what_cannot_be_added(
    town: Tiny, level: str, parent: str, code: str, name: str, refused: str
) -> None:
    count = Place.objects.count()
    with pytest.raises(Refused) as error:
        add_place(name=name, level=level, parent=getattr(town, parent), code=code, actor=None, now=NOW)
    assert error.value.code == refused
    assert Place.objects.count() == count


def test_one_bad_place_keeps_all_out(town: Tiny) -> None:
    count = Place.objects.count()
    rows = [
        Place(code="990102001009", name="甲社区", level="community", parent=town.street) for _twice in "ab"
    ]
    with pytest.raises(Refused, match="code_taken"):
        bulk_add(rows, actor=None, now=NOW)
    assert Place.objects.count() == count
    assert bulk_add([], actor=None, now=NOW) == []


def test_a_revision_only_grows(db: None) -> None:
    assert Revision.objects.number("boundaries") == 0
    begin = time.time_ns() // 1000
    first = Revision.objects.bump("boundaries")
    assert first >= begin
    assert Revision.objects.bump("boundaries") > first
    Revision.objects.update(n=2 * begin)
    assert Revision.objects.bump("boundaries") == 2 * begin + 1
    assert Revision.objects.count_on("place_ids", 3) == 3
    assert Revision.objects.count_on("place_ids", 2) == 5


def test_numbers_of_buildings_sort_as_people_count() -> None:
    assert sorted(["10", "2", "10A", "甲", "1"], key=natural) == ["1", "2", "10", "10A", "甲"]
