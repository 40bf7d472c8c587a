"""One number at a time, for a purpose, written down once, and not more often than anybody needs."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import NotAllowed, Refused
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.people import revealing
from silin.people.register import put_down_household, put_down_person
from silin.people.revealing import reveal
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build

CHEN = "19900000002"


@pytest.fixture
def here(db: None) -> Town:
    return build()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def raised(town: Town) -> Matter:
    return raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))


def lines(user: User) -> list[Entry]:
    return list(Entry.objects.filter(subject=f"user:{user.pk}", action="reveal"))


def test_a_call_shows_the_number_once_and_is_written_down(here: Town) -> None:
    matter = raised(here)
    client = signed_in(here.wang)
    there = f"/w/tasks/{matter.number}/call/"
    asked = client.get(there)
    assert CHEN not in asked.content.decode()
    assert lines(here.chen) == []
    sent = {"purpose": "call_back", "words": "", "client_id": uuid4()}
    for _tap in range(2):
        shown = client.post(there, sent)
        assert f'href="tel:{CHEN}"' in shown.content.decode()
        assert shown["Cache-Control"] == "no-store"
    (line,) = lines(here.chen)
    assert (line.actor, line.post, line.fields) == (
        here.wang,
        "grid_worker",
        {"field": "phone", "purpose": "call_back"},
    )
    assert check(line.subject) == []
    assert CHEN not in client.get(there).content.decode()


def test_the_desk_calls_in_the_same_way(here: Town) -> None:
    matter = raised(here)
    client = signed_in(here.li)
    assert CHEN not in client.get(f"/desk/m/{matter.number}/").content.decode()
    sent = {"purpose": "other", "words": "核对地址", "client_id": uuid4()}
    assert CHEN in client.post(f"/desk/m/{matter.number}/call/", sent).content.decode()
    assert [line.text for line in lines(here.chen)] == ["核对地址"]


@pytest.mark.parametrize("sent", [{"purpose": ""}, {"purpose": "other"}, {"purpose": "curiosity"}])
def test_without_a_purpose_nothing_is_shown(here: Town, sent: dict[str, str]) -> None:
    there = f"/w/tasks/{raised(here).number}/call/"
    answer = signed_in(here.wang).post(there, sent | {"client_id": uuid4()})
    assert answer.status_code == 400
    assert CHEN not in answer.content.decode()
    assert lines(here.chen) == []


def test_strangers_and_the_raiser_themselves_find_no_such_page(here: Town) -> None:
    there = f"/w/tasks/{raised(here).number}/call/"
    sent = {"purpose": "call_back", "client_id": uuid4()}
    for who in (here.stranger, here.chen):
        assert signed_in(who).post(there, sent).status_code == 404
    with pytest.raises(NotAllowed):
        reveal(
            here.chen,
            "phone",
            purpose="call_back",
            right=("matters.name", here.grid),
            actor=here.stranger,
            now=MONDAY,
            client_id=uuid4(),
        )
    assert lines(here.chen) == []


def test_the_number_of_somebody_in_the_register(here: Town) -> None:
    home = put_down_household(here.building, door="301", actor=None, now=MONDAY)
    liu = put_down_person(home, "刘桂兰", phone="19900000009", actor=None, now=MONDAY)
    other = put_down_household(here.building, door="302", actor=None, now=MONDAY)
    client, sent = signed_in(here.wang), {"purpose": "visit", "client_id": uuid4()}
    assert "19900000009" in client.post(f"/w/household/{home.pk}/{liu.pk}/", sent).content.decode()
    assert client.post(f"/w/household/{other.pk}/{liu.pk}/", sent).status_code == 404
    assert Entry.objects.filter(subject=liu.subject, action="reveal").count() == 1


def test_nobody_leafs_through_numbers(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revealing, "AN_HOUR", 3)
    right = ("matters.name", raised(here))
    look = partial(reveal, here.chen, "phone", purpose="visit", right=right, actor=here.wang)
    now = timezone.now().replace(minute=1)
    for _ in range(3):
        look(now=now, client_id=uuid4())
    with pytest.raises(Refused, match="too_many"):
        look(now=now, client_id=uuid4())
    assert look(now=now + timedelta(hours=1), client_id=uuid4()) == CHEN
    assert len(lines(here.chen)) == 4


def test_tapped_eight_times_at_once_it_is_one_line(live_db: str) -> None:
    town = build()
    home = put_down_household(town.building, door="301", actor=None, now=MONDAY)
    liu = put_down_person(home, "刘桂兰", phone="19900000009", actor=None, now=MONDAY)
    look = partial(
        reveal,
        liu,
        "phone",
        purpose="visit",
        right=("households.see", home),
        actor=town.wang,
        now=timezone.now(),
        client_id=uuid4(),
    )
    assert at_once([look] * 8) == ["19900000009"] * 8
    assert Entry.objects.filter(subject=liu.subject, action="reveal").count() == 1
    assert check(liu.subject) == []
