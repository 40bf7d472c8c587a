"""Who goes where: Wang on the stair writes down who moved, takes it back, and loses nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from silin.accounts.models import User
from silin.history.queries import check
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.people.models import Household, Membership, Move, Person
from silin.people.moving import change_state, move_people, undo_move
from silin.people.register import put_down_household, put_down_person
from silin.places.models import Building, Estate
from tests.town import MONDAY, Town, build


@pytest.fixture
def here(db: None) -> Town:
    return build()


@pytest.fixture
def home(here: Town) -> Household:
    home = put_down_household(here.building, door="301", entrance="2", actor=None, now=MONDAY)
    for name in ("刘桂兰", "刘建国", "刘小兰"):
        put_down_person(home, name, actor=None, now=MONDAY)
    return home


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lived() -> dict[str, Any]:
    """Who lives where, and how each home is lived in."""
    now = Membership.objects.filter(until=None).values_list("person__name", "household__door_hash")
    homes = Household.objects.values_list("pk", "state", "state_since")
    return {
        "now": sorted(now),
        "homes": sorted(homes),
        "left": sorted(Person.objects.values_list("pk", "left_on")),
    }


@pytest.mark.parametrize(("who", "door"), [("wang", "w"), ("li", "desk")])
def test_two_of_three_move_out_and_back(here: Town, home: Household, who: str, door: str) -> None:
    client, there = signed_in(getattr(here, who)), f"/{door}/household/{home.pk}/"
    before = lived()
    moving = list(Person.objects.exclude(name="刘桂兰").values_list("pk", flat=True))
    page = client.get(f"{there}move/?person={moving[0]}").content.decode()
    assert page.count(" checked") == 1
    sent = {"people": moving, "building": here.building.pk, "entrance": "2单元", "door": ""}
    refused = client.post(f"{there}move/", sent)
    assert refused.status_code == 400
    assert refused.content.decode().count(" checked") == 2
    answer = client.post(f"{there}move/", sent | {"door": "502室"})
    other = Household.objects.exclude(pk=home.pk).get()
    assert answer["Location"] == f"/{door}/household/{other.pk}/"
    assert set(other.memberships.values_list("person", flat=True)) == set(moving)
    assert Membership.objects.get(household=home, until=None).person.name == "刘桂兰"
    page = client.get(there).content.decode()
    assert "搬到" in page
    client.post(there, {"do": "move_back", "move": Move.objects.get().pk})
    other.delete()
    assert lived() == before
    assert check(home.subject) == []


def test_an_empty_home_is_taken_back_whole(here: Town, home: Household) -> None:
    before = lived()
    client = signed_in(here.wang)
    client.post(f"/w/household/{home.pk}/", {"do": "state", "state": "empty"})
    assert not Membership.objects.filter(until=None).exists()
    assert "空置" in client.get(f"/w/household/{home.pk}/").content.decode()
    client.post(f"/w/household/{home.pk}/", {"do": "move_back", "move": Move.objects.get().pk})
    assert lived() == before
    assert change_state(home, "lived", actor=here.wang, now=MONDAY) is None


def test_what_changed_since_is_not_taken_back(here: Town, home: Household) -> None:
    liu = Person.objects.get(name="刘桂兰")
    other = put_down_household(here.building, door="502", actor=None, now=MONDAY)
    made = move_people(home, [liu], other, actor=here.wang, now=MONDAY)
    again = move_people(other, [liu], None, actor=here.wang, now=MONDAY)
    with pytest.raises(Changed):
        undo_move(made, actor=here.wang, now=MONDAY)
    undo_move(again, actor=here.wang, now=MONDAY)
    undo_move(made, actor=here.wang, now=MONDAY)
    with pytest.raises(Changed):
        undo_move(made, actor=here.wang, now=MONDAY)
    assert Membership.objects.get(person=liu, until=None).household == home


def test_what_cannot_be_is_refused(here: Town, home: Household) -> None:
    liu = Person.objects.get(name="刘桂兰")
    by: dict[str, Any] = {"actor": here.wang, "now": MONDAY}
    for people, into, code in (([], None, "nobody"), ([liu], home, "same_home")):
        with pytest.raises(Refused, match=code):
            move_people(home, people, into, **by)
    estate = Estate.objects.create(place=here.other, name="河沿家园")
    far = Building.objects.create(estate=estate, grid=here.other_grid, number="5")
    there = put_down_household(far, door="101", actor=None, now=MONDAY)
    with pytest.raises(NotAllowed):
        move_people(home, [liu], there, **by)
    move_people(home, [liu], None, **by)
    with pytest.raises(Changed):
        move_people(home, [liu], None, **by)
    for who in (here.stranger, here.guo, here.chen):
        assert signed_in(who).get(f"/desk/household/{home.pk}/move/").status_code == 404
