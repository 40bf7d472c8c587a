"""The register at the door: a desk and a grid worker keep it, a resident joins, strangers learn nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import NotAllowed, Refused
from silin.people import joining
from silin.people.actions import add_post, appoint
from silin.people.models import Household, Person
from silin.people.queries import resident_of
from silin.people.register import correct, move, put_down_household, put_down_person, read_door, set_state
from tests.town import MONDAY, Town, build, person

LIU = "19900000009"


@pytest.fixture
def here(db: None) -> Town:
    return build()


@pytest.fixture
def home(here: Town) -> Household:
    return put_down_household(here.building, door="301", entrance="2", actor=None, now=MONDAY)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def neighbour(here: Town) -> User:
    """The worker of the grid next door."""
    user = person("隔壁的网格员")
    appoint(add_post("grid_worker", here.other_grid, actor=None, now=MONDAY), user, actor=None, now=MONDAY)
    return user


def liu_at(home: Household) -> Person:
    return put_down_person(home, "刘桂兰", phone=LIU, actor=None, now=MONDAY)


def test_a_desk_puts_down_a_home_and_who_lives_there(here: Town) -> None:
    client = signed_in(here.li)
    there = f"/desk/households/{here.community.code}/"
    answer = client.post(there, {"building": here.building.pk, "entrance": "2单元", "door": "３０１室"})
    home = Household.objects.get()
    assert answer["Location"] == f"/desk/household/{home.pk}/"
    assert (home.entrance, home.door) == ("2", "301")
    client.post(answer["Location"], {"do": "member", "name": "刘桂兰", "phone": "199-0000-0009"})
    liu = Person.objects.get()
    assert (liu.phone, liu.left_on) == (LIU, None)
    page = client.get(answer["Location"]).content.decode()
    assert "刘桂兰" in page
    assert "199****0009" in page
    assert LIU not in page
    listed = client.get(there).content.decode()
    assert "3**" in listed
    assert ">301<" not in listed


def test_the_same_door_and_the_same_person_twice_are_one(here: Town, home: Household) -> None:
    again = put_down_household(here.building, door="301室", entrance="2单元", actor=None, now=MONDAY)
    assert again == home
    assert liu_at(home) == liu_at(home)
    assert Person.objects.count() == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(here: Town, home: Household) -> None:
    client = signed_in(here.wang)
    there = f"/w/household/{home.pk}/"
    answer = client.post(there, {"do": "member", "name": "刘桂兰", "phone": "12"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "11 位" in page
    assert 'value="刘桂兰"' in page
    told = client.post(
        there, {"do": "member", "name": "刘桂兰", "phone": "12"}, headers={"accept": "application/json"}
    )
    assert told.json()["error"]["code"] == "bad_phone"
    assert not Person.objects.exists()


@pytest.mark.parametrize("search", ["刘桂", "0009", LIU])
def test_people_are_found_by_name_number_and_tail(here: Town, home: Household, search: str) -> None:
    liu_at(home)
    for who, there in ((here.li, f"/desk/households/{here.community.code}/"), (here.wang, "/w/household/")):
        client = signed_in(who)
        assert "柳巷家园" in client.get(there, {"q": search}).content.decode()
        assert f"/{home.pk}/" not in client.get(there, {"q": "1234"}).content.decode()


def test_every_opening_is_written_down(here: Town, home: Household) -> None:
    client = signed_in(here.wang)
    for _ in range(2):
        assert client.get(f"/w/household/{home.pk}/")["Cache-Control"] == "no-store"
    lines = Entry.objects.filter(subject=home.subject, action="open")
    assert [(line.actor, line.post) for line in lines] == [(here.wang, "grid_worker")] * 2
    assert check(home.subject) == []


def test_a_worker_of_another_grid_sees_nothing(here: Town, home: Household) -> None:
    liu = liu_at(home)
    other = neighbour(here)
    client = signed_in(other)
    listed = client.get("/w/household/")
    assert listed.status_code == 200
    assert str(home.pk) not in listed.content.decode()
    for there in (f"/w/household/{home.pk}/", f"/w/household/{home.pk}/{liu.pk}/"):
        assert client.get(there).status_code == 404
        assert client.post(there, {"do": "leave", "person": liu.pk}).status_code == 404
    with pytest.raises(NotAllowed):
        move(liu, None, actor=other, now=MONDAY)


def test_moved_let_and_empty(here: Town, home: Household) -> None:
    liu = liu_at(home)
    client = signed_in(here.wang)
    client.post(f"/w/household/{home.pk}/", {"do": "state", "state": "let"})
    home.refresh_from_db()
    assert home.state == "let"
    assert liu.memberships.filter(until=None).exists()
    later = timezone.now() + timedelta(days=30)
    set_state(home, "empty", actor=here.li, now=later)
    liu.refresh_from_db()
    assert liu.left_on is not None
    assert not liu.memberships.filter(until=None).exists()
    other = put_down_household(here.building, door="302", actor=None, now=later)
    move(liu, other, actor=here.wang, now=later)
    liu.refresh_from_db()
    assert liu.left_on is None
    with pytest.raises(Refused, match="bad_choice"):
        set_state(home, "gone", actor=here.li, now=later)


def test_a_resident_joins_by_the_code_of_the_worker(here: Town, home: Household) -> None:
    liu = liu_at(home)
    page = signed_in(here.wang).post(f"/w/household/{home.pk}/", {"do": "code", "person": liu.pk})
    code = re.search(r"\b\d{6}\b", page.content.decode())
    assert code
    account = person("桂兰", phone=LIU)
    client = signed_in(account)
    wrong = client.post("/me/", {"do": "join", "code": "000000" if code[0] != "000000" else "000001"})
    assert wrong.status_code == 400
    assert "不对" in wrong.content.decode()
    assert client.post("/me/", {"do": "join", "code": code[0]}).status_code == 303
    liu.refresh_from_db()
    assert liu.user == account
    lives = resident_of(account)
    assert lives is not None
    assert lives.building == here.building
    assert client.post("/me/", {"do": "join", "code": code[0]}).status_code == 400


def test_somebody_with_another_number_cannot_use_the_code(here: Town, home: Household) -> None:
    liu = liu_at(home)
    code = joining.give_code(liu, actor=here.wang, now=timezone.now())
    for who in (here.chen, here.stranger):
        assert signed_in(who).post("/me/", {"do": "join", "code": code}).status_code == 400
    liu.refresh_from_db()
    assert liu.user is None


def test_a_slip_joins_once(here: Town, home: Household) -> None:
    page = signed_in(here.li).post(f"/desk/household/{home.pk}/", {"do": "slip"}).content.decode()
    assert "<svg" in page
    link = re.search(r"/join/[A-Z0-9]{16}/", page)
    assert link
    assert "手机号登录" in Client().get(link[0]).content.decode()
    client = signed_in(here.chen)
    assert "5 号楼" in client.get(link[0]).content.decode()
    assert client.post(link[0]).status_code == 302
    assert Person.objects.get(user=here.chen).memberships.get().household == home
    assert signed_in(here.wang).post(link[0]).status_code == 400
    assert Client().get("/join/AAAABBBBCCCCDDDD/").status_code == 400


def test_a_desk_joins_an_account_with_the_same_number(here: Town, home: Household) -> None:
    liu = liu_at(home)
    client = signed_in(here.li)
    client.post(f"/desk/household/{home.pk}/", {"do": "join", "person": liu.pk})
    liu.refresh_from_db()
    assert liu.user is None
    account = person("桂兰", phone=LIU)
    client.post(f"/desk/household/{home.pk}/", {"do": "join", "person": liu.pk})
    liu.refresh_from_db()
    assert liu.user == account
    with pytest.raises(Refused, match="joined"):
        joining.join(liu, here.chen, actor=here.chen, now=MONDAY, proved=True)


def test_whoever_it_is_about_may_correct_it_and_nobody_else(here: Town, home: Household) -> None:
    liu = liu_at(home)
    joining.join(liu, here.chen, actor=here.chen, now=MONDAY, proved=True)
    correct(liu, actor=here.chen, now=MONDAY, name="刘桂英", birth_year=1950)
    liu.refresh_from_db()
    assert (liu.name, liu.birth_year, liu.phone) == ("刘桂英", 1950, LIU)
    with pytest.raises(NotAllowed):
        correct(liu, actor=here.stranger, now=MONDAY, name="别人")
    with pytest.raises(Refused, match="bad_year"):
        correct(liu, actor=here.li, now=MONDAY, birth_year=19)


@pytest.mark.parametrize(
    ("typed", "read"), [("２单元", "2"), ("3 0 1 室", "301"), ("a1", "A1"), ("12号", "12")]
)
def test_ways_to_write_a_door(typed: str, read: str) -> None:
    assert read_door(typed, "door") == read
