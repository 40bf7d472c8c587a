"""The same person or home twice: found, made one, and taken apart again exactly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silin.history.queries import check
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.people.doubles import homes_twice, keep_apart, people_twice
from silin.people.merging import merge, undo
from silin.people.models import Household, Membership, Merge, Person
from silin.people.register import correct, put_down_household, put_down_person
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build

LIU = "19900000009"


@pytest.fixture
def here(db: None) -> Town:
    return build()


def homes(town: Town, n: int = 3) -> list[Household]:
    return [put_down_household(town.building, door=f"{n}01", actor=None, now=MONDAY) for n in range(1, n + 1)]


def twice(town: Town) -> tuple[Person, Person]:
    """Liu, put down in two homes."""
    first, second, _third = homes(town)
    kept = put_down_person(first, "刘桂兰", phone=LIU, actor=None, now=MONDAY)
    return kept, put_down_person(second, "刘桂兰", phone=LIU, birth_year=1950, actor=None, now=MONDAY)


def register() -> dict[str, Any]:
    """Everything the register says, to be compared."""
    people = {
        row.pk: [getattr(row, field.attname) for field in Person._meta.concrete_fields]
        for row in Person.objects.all()
    }
    households = {
        row.pk: (row.entrance, row.door, row.door_hash, row.tenure, row.merged_into_id)
        for row in Household.objects.all()
    }
    members = sorted(Membership.objects.values_list("pk", "person_id", "household_id", "since", "until"))
    return {"people": people, "households": households, "members": members}


def test_the_desk_merges_and_takes_it_back(here: Town) -> None:
    kept, gone = twice(here)
    before = register()
    client = Client()
    client.force_login(here.li)
    there = f"/desk/households/{here.community.code}/twice/"
    assert "同一个号码" in client.get(there).content.decode()
    client.post(there, {"do": "merge", "kept": kept.pk, "gone": gone.pk})
    kept.refresh_from_db()
    assert kept.birth_year == 1950
    assert kept.memberships.count() == 2
    page = client.get(there).content.decode()
    assert "同一个号码" not in page
    client.post(there, {"do": "undo", "merge": Merge.objects.get().pk})
    assert register() == before
    assert check(kept.subject) == []


def test_strangers_merge_nothing(here: Town) -> None:
    kept, gone = twice(here)
    there = f"/desk/households/{here.community.code}/twice/"
    for who in (here.stranger, here.guo):
        client = Client()
        client.force_login(who)
        assert client.post(there, {"do": "merge", "kept": kept.pk, "gone": gone.pk}).status_code == 404
    with pytest.raises(NotAllowed):
        merge(kept, gone, actor=here.guo, now=MONDAY)


def test_the_same_name_in_one_building_is_asked_about_two_numbers_are_two_people(here: Town) -> None:
    first, second, third = homes(here)
    put_down_person(first, "王芳", phone="19900000011", actor=None, now=MONDAY)
    put_down_person(second, "王芳", phone="19900000012", actor=None, now=MONDAY)
    assert people_twice(here.community) == []
    put_down_person(third, "王芳", actor=None, now=MONDAY)
    assert {pair.why for pair in people_twice(here.community)} == {"name"}


def test_two_accounts_are_two_people(here: Town) -> None:
    kept, gone = twice(here)
    Person.objects.filter(pk=kept.pk).update(user=here.chen)
    Person.objects.filter(pk=gone.pk).update(user=here.stranger)
    with pytest.raises(Refused, match="two_accounts"):
        merge(kept, gone, actor=here.li, now=MONDAY)


def test_an_account_moves_along_and_back(here: Town) -> None:
    kept, gone = twice(here)
    Person.objects.filter(pk=gone.pk).update(user=here.chen)
    before = register()
    made = merge(kept, gone, actor=here.li, now=MONDAY)
    assert Person.objects.get(user=here.chen) == kept
    undo(made, actor=here.li, now=MONDAY)
    assert register() == before


def test_what_was_corrected_since_stays(here: Town) -> None:
    kept, gone = twice(here)
    made = merge(kept, gone, actor=here.li, now=MONDAY)
    correct(kept, actor=here.li, now=MONDAY, birth_year=1951)
    undo(made, actor=here.li, now=MONDAY)
    assert Person.objects.get(pk=kept.pk).birth_year == 1951
    assert Person.objects.get(pk=gone.pk).birth_year == 1950


def test_a_later_merge_is_undone_first(here: Town) -> None:
    kept, gone = twice(here)
    third = put_down_person(Household.objects.latest("pk"), "刘桂兰", actor=None, now=MONDAY)
    first = merge(kept, gone, actor=here.li, now=MONDAY)
    second = merge(third, kept, actor=here.li, now=MONDAY)
    with pytest.raises(Changed):
        undo(first, actor=here.li, now=MONDAY)
    undo(second, actor=here.li, now=MONDAY)
    undo(first, actor=here.li, now=MONDAY)
    with pytest.raises(Changed):
        undo(first, actor=here.li, now=MONDAY)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.tuples(st.integers(0, 2), st.booleans(), st.booleans(), st.booleans()), min_size=2, max_size=5
    ),
    merges=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5),
)
def test_any_merges_undone_in_their_order_leave_no_trace(
    here: Town, people: list[tuple[int, bool, bool, bool]], merges: list[tuple[int, int]]
) -> None:
    with transaction.atomic():
        there = homes(here)
        rows = []
        for n, (at, phone, year, user) in enumerate(people):
            row = put_down_person(
                there[at],
                f"人{n}",
                phone=f"1990000010{n}" if phone else "",
                birth_year=1950 + n if year else None,
                actor=None,
                now=MONDAY,
            )
            if user and not Person.objects.filter(user=here.chen).exists():
                Person.objects.filter(pk=row.pk).update(user=here.chen)
            rows.append(row)
        _there_and_back([(rows[a % len(rows)], rows[b % len(rows)]) for a, b in merges])
        _there_and_back([(there[a % 3], there[b % 3]) for a, b in merges])
        transaction.set_rollback(True)


def _there_and_back(pairs: list[tuple[Any, Any]]) -> None:
    before, made = [], []
    for kept, gone in pairs:
        state = register()
        try:
            made.append(merge(kept, gone, actor=None, now=MONDAY))
        except Refused:
            assert register() == state
        else:
            before.append(state)
    for each, state in zip(reversed(made), reversed(before), strict=True):
        undo(each, actor=None, now=MONDAY)
        assert register() == state


def test_merged_both_ways_at_once_only_one_happens(live_db: str) -> None:
    town = build()
    for _ in range(3):
        kept, gone = twice(town)
        calls: list[Callable[[], Any]] = [
            partial(merge, kept, gone, actor=None, now=MONDAY),
            partial(merge, gone, kept, actor=None, now=MONDAY),
        ]
        done = at_once(calls)
        assert sum(isinstance(each, Changed) for each in done) == 1
        undo(next(each for each in done if isinstance(each, Merge)), actor=None, now=MONDAY)


def test_a_home_written_twice_becomes_one_and_two_again(here: Town) -> None:
    bare = put_down_household(here.building, door="301", actor=None, now=MONDAY)
    whole = put_down_household(here.building, entrance="2", door="301", tenure="own", actor=None, now=MONDAY)
    put_down_person(whole, "刘桂兰", phone=LIU, actor=None, now=MONDAY)
    Household.objects.filter(pk=bare.pk).update(state="empty", state_since=MONDAY.date())
    before, states = register(), sorted(Household.objects.values_list("pk", "state", "state_since"))
    (pair,) = homes_twice(here.community)
    assert (pair.kept, pair.gone, pair.why) == (bare, whole, "door")
    client = Client()
    client.force_login(here.wang)
    there = f"/w/household/{bare.pk}/"
    wrong = client.post(there, {"do": "same", "entrance": "2", "door": "9"})
    assert wrong.status_code == 400
    assert 'value="9"' in wrong.content.decode()
    client.post(there, {"do": "same", "entrance": "2单元", "door": "301室"})
    bare.refresh_from_db()
    assert (bare.entrance, bare.tenure, bare.state) == ("2", "own", "lived")
    assert put_down_household(here.building, entrance="2", door="301", actor=None, now=MONDAY) == bare
    assert homes_twice(here.community) == []
    assert "刘桂兰" in client.get(there).content.decode()
    client.post(there, {"do": "unmerge", "merge": Merge.objects.get().pk})
    assert register() == before
    assert sorted(Household.objects.values_list("pk", "state", "state_since")) == states


def test_the_same_people_in_two_homes_are_asked_about_once(here: Town) -> None:
    twice(here)
    assert {pair.why for pair in homes_twice(here.community)} == {"people"}
    client = Client()
    client.force_login(here.li)
    there = f"/desk/households/{here.community.code}/twice/"
    assert "两户里是同一个人" in client.get(there).content.decode()
    (pair,) = homes_twice(here.community)
    sent = {"kind": "household", "kept": pair.kept.pk, "gone": pair.gone.pk}
    for _tap in range(2):
        client.post(there, sent | {"do": "apart"})
    assert homes_twice(here.community) == []
    assert "再问一次" in client.get(there).content.decode()
    client.post(there, sent | {"do": "again"})
    assert len(homes_twice(here.community)) == 1
    with pytest.raises(NotAllowed):
        keep_apart(pair.kept, pair.gone, actor=here.guo, now=MONDAY)
