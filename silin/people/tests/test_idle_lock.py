"""Li leaves the desk that four people share: it locks, keeps what he sent, and lets a colleague go on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session as DjangoSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from silin.accounts.models import SecondFactor
from silin.notices.models import ChosenChannel
from silin.places.numbers import set_number
from tests.second import SECOND, Phone, by_password, scan
from tests.town import MONDAY, Town, build

PASSWORD = "long-enough-1"
JSON = {"Accept": "application/json"}
LIVE = {"X-Fragment": "live"}
DESK, CHOICES, UNLOCK = "/desk/?turn=mine", "/desk/me/notices/", "/unlock/?next=/desk/%3Fturn%3Dmine"
STOP = {"channel": "email", "do": "stop", "words": "三楼的灯\n还没亮"}


@pytest.fixture
def here(db: None) -> Town:
    town = build()
    town.li.email = "li@example.org"
    town.li.set_password(PASSWORD)
    town.li.save()
    return town


def at_desk() -> Client:
    """Li, with both factors, looking at the desk."""
    client = Client()
    by_password(client, "li@example.org", PASSWORD)
    phone = scan(client.get(SECOND).text)
    assert client.post(SECOND, {"code": phone.code(timezone.now())}).status_code == 200
    assert client.get(DESK).status_code == 200
    return client


def go_away(client: Client, minutes: int) -> None:
    """So long nobody touches the machine."""
    session = client.session
    at = datetime.fromisoformat(session["idle"]["at"]) - timedelta(minutes=minutes)
    session["idle"] = {**session["idle"], "at": at.isoformat()}
    session.save()


def is_open(client: Client, page: str = DESK) -> bool:
    return client.get(page).status_code == 200


def unlock(client: Client, secret: str = PASSWORD) -> Any:
    return client.post("/unlock/", {"secret": secret, "next": DESK})


def test_after_a_quarter_of_an_hour_the_desk_locks_and_leads_back(here: Town) -> None:
    desk = at_desk()
    go_away(desk, 14)
    assert is_open(desk)
    go_away(desk, 15)
    locked = desk.get(DESK)
    assert (locked.status_code, locked["Location"]) == (303, "/unlock/?next=%2Fdesk%2F%3Fturn%3Dmine")
    page = desk.get(locked["Location"]).text
    assert str(here.li) in page
    for closed in ("/desk/", "/w/", "/me/sessions/", "/"):
        assert desk.get(closed).status_code == 303, closed
    opened = unlock(desk)
    assert (opened.status_code, opened["Location"]) == (303, DESK)
    assert is_open(desk)
    assert desk.get(UNLOCK)["Location"] == DESK


def test_what_the_page_asks_by_itself_is_no_deed_and_is_not_answered(here: Town) -> None:
    desk = at_desk()
    for _ in range(3):
        go_away(desk, 6)
        answer = desk.get(DESK, headers=LIVE)
    assert answer.status_code == 401
    refused = desk.get(DESK, headers=JSON)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "locked")
    sent = desk.post(CHOICES, STOP, headers=JSON)
    assert (sent.status_code, sent.json()["error"]["code"]) == (401, "locked")
    assert "kept" not in desk.session
    assert not ChosenChannel.objects.exists()


def test_what_was_sent_is_kept_encrypted_and_sent_with_one_button(here: Town) -> None:
    desk = at_desk()
    go_away(desk, 20)
    answer = desk.post(CHOICES, STOP)
    assert answer.status_code == 303
    assert not ChosenChannel.objects.exists()
    stored = DjangoSession.objects.get(pk=desk.session.session_key).get_decoded()
    assert "灯" not in str(stored)
    assert "解锁" in desk.get(answer["Location"]).text
    after = desk.post("/unlock/", {"secret": PASSWORD, "next": CHOICES})
    page = desk.get(after["Location"])
    assert "三楼的灯" in page.text
    fields = dict(page.context["rows"][0].fields)
    assert fields == STOP
    assert desk.post(CHOICES, fields).status_code == 303
    assert ChosenChannel.objects.get().user == here.li
    assert desk.get(after["Location"])["Location"] == CHOICES


def test_what_cannot_be_kept_is_said_and_what_is_not_wanted_goes(here: Town) -> None:
    desk = at_desk()
    desk.post("/lock/")
    desk.post(CHOICES, {"words": "长" * 70_000})
    desk.post("/desk/new/", {"words": "灯", "photo": SimpleUploadedFile("a.jpg", b"x")})
    desk.post("/desk/me/sessions/", {"password": PASSWORD})
    unlock(desk)
    page = desk.get(UNLOCK)
    assert [row.fields for row in page.context["rows"]] == [[], [], []]
    for url in (CHOICES, "/desk/new/", "/desk/me/sessions/"):
        desk.post("/unlock/", {"drop": url, "next": DESK})
    assert desk.get(UNLOCK)["Location"] == DESK


def test_wrong_passwords_count_and_the_right_one_comes_too_late(here: Town) -> None:
    desk = at_desk()
    desk.post("/lock/", {"next": DESK})
    assert unlock(desk, "").status_code == 400
    for _ in range(10):
        assert unlock(desk, "wrong-password").status_code == 400
    assert unlock(desk).status_code == 429
    assert not is_open(desk)


def test_a_code_of_the_moment_unlocks_too(here: Town) -> None:
    desk = at_desk()
    desk.post("/lock/", {"next": DESK})
    assert unlock(desk, "000000").status_code == 400
    phone = Phone(SecondFactor.objects.get().secret)
    assert unlock(desk, phone.code(timezone.now(), steps=1)).status_code == 303
    assert is_open(desk)


def test_a_colleague_signs_in_and_li_is_out(here: Town) -> None:
    desk = at_desk()
    go_away(desk, 20)
    desk.post(CHOICES, STOP)
    answer = desk.post("/switch/")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=%2Fdesk%2F")
    assert "kept" not in desk.session
    assert desk.get("/desk/")["Location"].startswith("/sign-in/")
    assert DjangoSession.objects.filter(session_key=desk.session.session_key or "").count() == 0


def test_a_stranger_has_nothing_to_unlock_or_lock(client: Client, here: Town) -> None:
    for closed in (client.get("/unlock/"), client.post("/lock/"), client.post("/switch/")):
        assert closed["Location"].startswith("/sign-in/")
    client.force_login(here.stranger)
    assert client.post("/lock/", {"next": "/"}).status_code == 303
    assert client.get("/unlock/?next=/me/sessions/")["Location"] == "/me/sessions/"
    assert is_open(client, "/me/sessions/")


def test_a_place_has_its_own_minutes_and_nought_is_never(here: Town) -> None:
    desk = at_desk()
    path = here.community.path
    set_number("accounts.idle_minutes", 3, valid_from=MONDAY.date(), path=path, actor=None, now=MONDAY)
    go_away(desk, 4)
    assert not is_open(desk)
    unlock(desk)
    set_number("accounts.idle_minutes", 0, valid_from=MONDAY.date(), path=path, actor=None, now=MONDAY)
    go_away(desk, 600)
    assert is_open(desk)


def test_a_phone_that_was_never_at_a_desk_and_the_demo_do_not_lock(here: Town, settings: Settings) -> None:
    desk = at_desk()
    session = desk.session
    del session["idle"]
    session.save()
    desk.get("/w/")
    assert "idle" not in desk.session
    desk.get(DESK)
    settings.IDLE_MINUTES = ""
    go_away(desk, 600)
    assert is_open(desk)
    assert "/lock/" not in desk.get(DESK).text
