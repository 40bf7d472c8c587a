"""Qian, the security administrator, sees how long what is kept, tries a change out, and makes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.lib.refusal import NotAllowed, Refused
from silin.people.actions import add_post, appoint
from silin.people.models import Person, Retention
from silin.people.register import put_down_household, put_down_person
from silin.people.retaining import retain, set_days
from tests.town import MONDAY, Town, build, person

PHONE = "people.Person.phone"
PAGE = f"/desk/retention/{PHONE}/"


@pytest.fixture
def here(db: None) -> Town:
    return build()


@pytest.fixture
def qian(here: Town) -> User:
    user = person("钱卫")
    appoint(add_post("security_admin", here.city, actor=None, now=MONDAY), user, actor=None, now=MONDAY)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_change_is_tried_out_made_and_carried_out(here: Town, qian: User) -> None:
    home = put_down_household(here.building, door="301", actor=None, now=MONDAY)
    for n in range(3):
        put_down_person(home, f"刘{n}", phone=f"1990000010{n}", actor=None, now=MONDAY)
    Person.objects.update(left_on=timezone.localdate() - timedelta(days=40))
    client = signed_in(qian)
    page = client.get("/desk/retention/").content.decode()
    for words in ("登记的电话", "本人同意", "365"):
        assert words in page, words
    tried = client.post(PAGE, {"days": "30", "do": "look"}).content.decode()
    assert "今晚会清掉 3 条" in tried
    assert 'value="30"' in tried
    assert not Retention.objects.exists()
    assert client.post(PAGE, {"days": "很多", "do": "set"}).status_code == 400
    client.post(PAGE, {"days": "30", "do": "set"})
    assert Retention.objects.get().keep_days == 30
    retain(timezone.now())
    assert not Person.objects.exclude(phone_hash="").exists()
    page = client.get(PAGE).content.decode()
    assert "改为 30 天" in page
    assert "清掉 3 条" in page
    assert "过去一昼夜清掉 3 条" in client.get("/desk/retention/").content.decode()


def test_nobody_else_changes_it(here: Town, qian: User) -> None:
    for who in (here.stranger, here.li, here.zhou, here.chen):
        client = signed_in(who)
        assert client.get("/desk/retention/").status_code == 404
        assert client.post(PAGE, {"days": "1", "do": "set"}).status_code == 404
        with pytest.raises(NotAllowed):
            set_days(PHONE, 1, actor=who, now=MONDAY)
    assert signed_in(qian).get("/desk/retention/people.Person.shoe_size/").status_code == 404
    with pytest.raises(Refused, match="bad_days"):
        set_days(PHONE, 99_999, actor=qian, now=MONDAY)
