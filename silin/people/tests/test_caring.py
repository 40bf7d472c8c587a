"""Who agreed to be looked in on: the worker who comes and whoever leads know it, and the night counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.facts.stocks import book
from silin.lib.refusal import NotAllowed, Refused
from silin.people.caring import end_attention, look_in_on
from silin.people.merging import merge, undo
from silin.people.models import Attention, AttentionKind, Household, Person
from silin.people.register import put_down_household, put_down_person
from silin.people.stocks import count_people
from tests.town import MONDAY, Town, build

ALONE = "stock.elders_alone"


@pytest.fixture
def here(db: None) -> Town:
    return build()


@pytest.fixture
def home(here: Town) -> Household:
    home = put_down_household(here.building, door="301", actor=None, now=MONDAY)
    put_down_person(home, "刘桂兰", birth_year=1945, actor=None, now=MONDAY)
    return home


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def alone(days: int = 0) -> int:
    count_people(timezone.now() + timedelta(days=days))
    return sum(book([ALONE]).values())


def test_wang_puts_down_who_agreed_and_the_night_counts_them(here: Town, home: Household) -> None:
    client, there = signed_in(here.wang), f"/w/household/{home.pk}/"
    liu = Person.objects.get()
    sent = {"do": "care", "person": liu.pk, "kind": "elder_alone"}
    wrong = client.post(there, sent)
    assert wrong.status_code == 400
    assert alone() == 0, "nobody is counted whom somebody only supposes to be alone"
    for _tap in range(2):
        assert client.post(there, sent | {"agreed": "said"}).status_code == 302
    assert Attention.objects.count() == 1
    assert "独居老人" in client.get(there).content.decode()
    assert "柳巷家园" in client.get("/w/household/?mine=1").content.decode()
    assert alone() == 1
    put_down_person(home, "刘小兰", actor=None, now=timezone.now())
    assert alone() == 0, "whoever has somebody with them is not alone"
    Person.objects.get(name="刘小兰").memberships.update(until=timezone.localdate())
    assert alone() == 1
    assert alone(days=400) == 0, "it ends by itself"
    client.post(there, {"do": "end_care", "attention": Attention.objects.get().pk})
    assert alone() == 0


def test_only_the_carer_and_whoever_leads_there_know(here: Town, home: Household) -> None:
    liu, kind = Person.objects.get(), AttentionKind.objects.get(pk="elder_alone")
    row = look_in_on(liu, kind, agreed="said", actor=here.wang, now=timezone.now())
    for who, sees in ((here.wang, True), (here.leader, True), (here.li, False)):
        page = signed_in(who).get(f"/desk/household/{home.pk}/").content.decode()
        assert ('name="attention"' in page) is sees, who
    assert (
        signed_in(here.li)
        .post(f"/desk/household/{home.pk}/", {"do": "end_care", "attention": row.pk})
        .status_code
        == 404
    )
    with pytest.raises(NotAllowed):
        end_attention(row, actor=here.guo, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM people_attention")
        assert "elder" not in str(cursor.fetchall())


def test_whoever_is_young_by_the_register_is_no_elder(here: Town, home: Household) -> None:
    young = put_down_person(home, "刘小兰", birth_year=1990, actor=None, now=MONDAY)
    kind = AttentionKind.objects.get(pk="elder_alone")
    with pytest.raises(Refused, match="too_young"):
        look_in_on(young, kind, agreed="said", actor=here.wang, now=timezone.now())
    with pytest.raises(Refused, match="not_agreed"):
        look_in_on(young, kind, agreed="", actor=here.wang, now=timezone.now())


def test_the_person_sees_it_and_it_follows_a_merge_and_back(here: Town, home: Household) -> None:
    liu, kind = Person.objects.get(), AttentionKind.objects.get(pk="elder_alone")
    row = look_in_on(liu, kind, agreed="signed", actor=here.wang, now=timezone.now())
    other = put_down_person(home, "刘桂兰", phone="19900000009", actor=None, now=MONDAY)
    made = merge(other, liu, actor=here.wang, now=timezone.now())
    row.refresh_from_db()
    assert row.person == other
    Person.objects.filter(pk=other.pk).update(user=here.chen)
    client = signed_in(here.chen)
    page = client.get("/me/privacy/").content.decode()
    assert "谁上门关照您" in page
    assert "独***" in page
    undo(made, actor=here.wang, now=timezone.now())
    row.refresh_from_db()
    assert row.person == liu
    Person.objects.filter(pk=other.pk).update(user=None)
    Person.objects.filter(pk=liu.pk).update(user=here.chen)
    client.post("/me/privacy/", {"do": "end_care"})
    row.refresh_from_db()
    assert row.ended_on is not None
