"""Two clerks write the register and the territory at the same moment: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import shapely

from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import Refused
from silin.people.models import Household, Membership, Person
from silin.people.register import correct, move, put_down_household, put_down_person, set_state
from silin.places.area_actions import add_area, add_member, end_member
from silin.places.estate_actions import (
    Said,
    add_building,
    add_estate,
    add_figure,
    edit_building,
    set_entrance,
)
from silin.places.facility_actions import add_block, add_facility, close_facility
from silin.places.models import AreaMember, Building, Estate, EstateFigure, Facility, GridParty, OldNet
from silin.places.models import FacilityKind as Kind
from silin.places.net_actions import merge_net, set_party
from silin.places.regridding import Wish, redraw_grid
from tests.stories.proof import books_are_whole
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, SIDE, SOUTH, WEST, build

DAY = MONDAY.date()


def twice(verb: Callable[..., Any], *said: Any, **more: Any) -> list[Any]:
    """What two who do the same at once are answered."""
    return at_once([partial(verb, *said, actor=None, now=MONDAY, **more) for _ in range(2)])


def refused(answers: list[Any]) -> list[str]:
    """The codes of those who were refused."""
    return [each.code for each in answers if isinstance(each, Refused)]


def test_one_home_and_one_person_put_down_by_two(live_db: str) -> None:
    town = build()
    for door in ("101", "102", "103"):
        first, second = twice(put_down_household, town.building, entrance="1", door=door)
        assert first.pk == second.pk
        one, other = twice(put_down_person, first, "孙玉梅", phone=f"19900000{door}")
        assert one.pk == other.pk
        assert [each.action for each in Entry.objects.filter(subject=one.subject)] == ["add", "move_in"]
    assert (Household.objects.count(), Person.objects.count()) == (3, 3)
    books_are_whole()


def test_somebody_moved_to_two_homes_at_once_lives_in_one(live_db: str) -> None:
    town = build()
    home, east, west = (
        put_down_household(town.building, entrance="1", door=door, actor=None, now=MONDAY)
        for door in ("101", "102", "103")
    )
    for n in range(4):
        person = put_down_person(home, f"孙玉梅{n}", actor=None, now=MONDAY)
        at_once([partial(move, person, each, actor=None, now=MONDAY) for each in (east, west)])
        assert Membership.objects.filter(person=person, until=None).count() == 1
        assert check(person.subject) == []


def test_a_home_emptied_while_somebody_is_corrected_and_somebody_moves_in(live_db: str) -> None:
    town = build()
    for door in ("101", "102", "103", "104"):
        home = put_down_household(town.building, entrance="2", door=door, actor=None, now=MONDAY)
        person = put_down_person(home, "孙玉梅", actor=None, now=MONDAY)
        done = at_once(
            [
                partial(set_state, home, "empty", actor=None, now=MONDAY),
                partial(correct, person, actor=town.li, now=MONDAY, name="孙玉兰"),
                partial(put_down_person, home, "赵新来", actor=None, now=MONDAY),
            ]
        )
        assert refused(done) == []
        person.refresh_from_db()
        assert (person.name, person.left_on) == ("孙玉兰", DAY)
        assert {each.action for each in Entry.objects.filter(subject=person.subject)} == {
            "add",
            "move_in",
            "leave",
            "correct",
        }
        assert check(person.subject) == check(home.subject) == []


def test_what_has_a_name_of_its_own_is_written_by_one_of_two(live_db: str) -> None:
    """The second is told that it is in the list already."""
    town = build()
    estate = town.building.estate
    kind = Kind.objects.get(pk="pharmacy")
    assert refused(twice(add_estate, town.community, {"name": "金桂家园"})) == ["name_taken"]
    assert refused(twice(add_building, estate, {"number": "9", "grid": town.grid})) == ["name_taken"]
    assert refused(twice(add_block, town.community, "柳巷东段")) == ["name_taken"]
    assert refused(twice(add_facility, town.grid, {"kind": kind, "name": "药店"})) == ["there_already"]
    area = {"code": "KFQ1", "name": "高新区", "active_from": DAY}
    assert refused(twice(add_area, town.city, **area)) == ["code_taken"]
    assert Estate.objects.filter(name="金桂家园").count() == 1
    assert Building.objects.filter(estate=estate, number="9").count() == 1
    assert Facility.objects.count() == 1
    books_are_whole()


def test_what_is_said_twice_at_once_is_one_row(live_db: str) -> None:
    town = build()
    estate, lifts = town.building.estate, Said("lifts", 2, DAY, "物业公司")
    area = add_area(town.city, code="KFQ1", name="高新区", active_from=DAY, actor=None, now=MONDAY)
    answers = [
        *twice(add_figure, estate, lifts),
        *twice(set_entrance, town.building, "1", {"households": 12}),
        *twice(set_party, town.grid, "branch", "柳巷第一党支部", DAY),
        *twice(merge_net, town.grid, "safety", "综治一格", "巡逻", DAY),
        *twice(add_member, area, town.street, DAY),
    ]
    assert refused(answers) == []
    assert all(one.pk == other.pk for one, other in zip(answers[::2], answers[1::2], strict=True))
    for table in (EstateFigure, GridParty, OldNet, AreaMember):
        assert table._default_manager.count() == 1
    done = twice(end_member, AreaMember.objects.get(), DAY)
    assert [each.valid_until for each in done] == [DAY, DAY]
    shop = add_facility(
        town.grid, {"kind": Kind.objects.get(pk="pharmacy"), "name": "药店"}, actor=None, now=MONDAY
    )
    twice(close_facility, shop, DAY)
    assert Entry.objects.filter(subject=shop.subject, action="close").count() == 1
    assert Entry.objects.filter(subject=area.subject, action="end_member").count() == 1
    books_are_whole()


def test_two_parties_named_at_once_leave_one(live_db: str) -> None:
    town = build()
    at_once(
        [
            partial(set_party, town.grid, "branch", name, DAY, actor=None, now=MONDAY)
            for name in ("柳巷第一党支部", "柳巷第二党支部")
        ]
    )
    assert GridParty.objects.filter(valid_until=None).count() == 1


def test_a_grid_drawn_anew_while_its_buildings_are_written(live_db: str) -> None:
    """Nobody waits for another for ever, and everything is written."""
    town = build()
    for n in range(6):
        north = SOUTH + SIDE * (0.3 if n % 2 else 1)
        shape = shapely.box(WEST, SOUTH, WEST + SIDE, north)
        done = at_once(
            [
                partial(redraw_grid, town.grid, shape, Wish(None, MONDAY)),
                partial(edit_building, town.building, {"floors": 10 + n}, actor=None, now=MONDAY),
                partial(
                    add_building,
                    town.building.estate,
                    {"number": f"2{n}", "grid": town.grid},
                    actor=None,
                    now=MONDAY,
                ),
                partial(add_estate, town.community, {"name": f"新院{n}"}, actor=None, now=MONDAY),
            ]
        )
        assert refused(done) == []
        town.building.refresh_from_db()
        assert town.building.floors == 10 + n
    assert (Building.objects.count(), Estate.objects.count()) == (7, 7)
    assert Entry.objects.filter(subject=town.community.subject, action="redraw_grid").count() == 6
    books_are_whole()
