"""The register while two people act at the same moment: nobody is lost, nobody waits for ever."""

from __future__ import annotations

from functools import partial
from typing import Any

from silin.accounts.models import User
from silin.history.queries import check
from silin.lib.refusal import Refused
from silin.people import joining
from silin.people.erasing import erase
from silin.people.merging import merge
from silin.people.models import Household, Membership, Person
from silin.people.moving import change_state, move_people
from silin.people.register import put_down_household, put_down_person
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build, person

LIU = "19900000009"


def homes(town: Town) -> list[Household]:
    return [put_down_household(town.building, door=door, actor=None, now=MONDAY) for door in ("101", "201")]


def liu_in(home: Household, **more: Any) -> Person:
    return put_down_person(home, "刘桂兰", phone=LIU, actor=None, now=MONDAY, **more)


def told(answers: list[Any]) -> list[str]:
    return sorted(each.code for each in answers if isinstance(each, Refused))


def test_one_code_typed_twice_at_once_joins_once(live_db: str) -> None:
    town = build()
    entry = liu_in(homes(town)[0])
    user = person("桂兰", phone=LIU)
    code = joining.give_code(entry, actor=town.wang, now=MONDAY)
    answers = at_once([partial(joining.join_by_code, user, code, now=MONDAY) for _ in range(2)])
    assert len(told(answers)) == 1
    entry.refresh_from_db()
    assert entry.user == user
    assert check(entry.subject) == []


def test_one_slip_of_a_home_for_two_lets_one_in(live_db: str) -> None:
    town = build()
    home = homes(town)[0]
    secret = joining.give_slip(home, actor=town.wang, now=MONDAY)
    people = [town.chen, person("桂兰", phone=LIU)]
    answers = at_once([partial(joining.join_by_slip, each, secret, now=MONDAY) for each in people])
    assert len(told(answers)) == 1
    assert Membership.objects.filter(household=home).count() == 1


def test_entries_are_merged_while_somebody_joins(live_db: str) -> None:
    town = build()
    for n, place in enumerate(("kept", "gone")):
        first, second = homes(town)
        rows = {"kept": liu_in(first, birth_year=1950 + n), "gone": liu_in(second)}
        user = account(n)
        secret = joining.give_slip(rows[place], actor=town.wang, now=MONDAY)
        answers = at_once(
            [
                partial(joining.join_by_slip, user, secret, now=MONDAY),
                partial(merge, rows["kept"], rows["gone"], actor=town.li, now=MONDAY),
            ]
        )
        assert told(answers) == []
        kept = Person.objects.get(pk=rows["kept"].pk)
        assert kept.user == user
        assert {check(row.subject) == [] for row in rows.values()} == {True}
        Person.objects.update(user=None)
        Membership.objects.all().delete()
        Person.objects.all().delete()


def test_a_home_is_merged_while_somebody_joins_it(live_db: str) -> None:
    town = build()
    kept, gone = homes(town)
    secret = joining.give_slip(gone, actor=town.wang, now=MONDAY)
    answers = at_once(
        [
            partial(joining.join_by_slip, town.chen, secret, now=MONDAY),
            partial(merge, kept, gone, actor=town.li, now=MONDAY),
        ]
    )
    assert told(answers) == []
    assert Membership.objects.get(until=None).household == kept


def test_somebody_goes_while_their_entries_are_merged(live_db: str) -> None:
    town = build()
    for way in ("kept", "gone"):
        first, second = homes(town)
        rows = {"kept": liu_in(first), "gone": liu_in(second)}
        user = account(0)
        joining.join(rows[way], user, actor=user, now=MONDAY, proved=True)
        answers = at_once(
            [
                partial(erase, user, now=MONDAY),
                partial(merge, rows["kept"], rows["gone"], actor=town.li, now=MONDAY),
            ]
        )
        assert set(told(answers)) <= {"changed", "erased"}
        for row in Person.objects.filter(user=user):
            assert (row.name, row.phone, row.phone_hash) == ("", "", "")
            others = Person.objects.filter(merged_into=row)
            assert set(others.values_list("name", flat=True)) <= {""}
        Membership.objects.all().delete()
        Person.objects.update(merged_into=None)
        Person.objects.all().delete()


def test_two_workers_move_the_same_home_at_once(live_db: str) -> None:
    town = build()
    first, second = homes(town)
    liu = liu_in(first)
    for _round in range(3):
        at_once(
            [
                partial(move_people, first, [liu], second, actor=town.wang, now=MONDAY),
                partial(move_people, first, [liu], None, actor=town.li, now=MONDAY),
                partial(change_state, first, "empty", actor=town.leader, now=MONDAY),
            ]
        )
        assert Membership.objects.filter(person=liu, until=None).count() <= 1
        assert check(first.subject) == check(liu.subject) == []


def account(n: int) -> User:
    return person("桂兰", phone=f"1990000009{n}")
