"""Guo goes home at six; Song of the street's centre comes, reads what is left, and has the desk."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime

from silin.accounts.models import User
from silin.history.queries import check
from silin.lib.refusal import Refused
from silin.matters.deeds import By
from silin.matters.handover import hand_over, take_over
from silin.matters.models import Handover, Matter
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.matters.whistling import whistle
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from tests.counting import statements
from tests.town import Town, person

THERE = "/desk/handover/"
HOUR = timedelta(hours=1)


def colleague(town: Town, name: str = "宋雨", serial: int = 2) -> User:
    """Somebody else at the desk of the street."""
    now = pages.BEGUN
    user = person(name)
    post = add_post("street_duty", town.street, serial=serial, actor=None, now=now)
    appoint(post, user, actor=None, now=now)
    return user


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


@pytest.fixture
def song(here: Town) -> User:
    return colleague(here)


def said(client: Client, notes: str = "东门积水，已给排水班打过电话", hours: int = 14) -> dict[str, Any]:
    """The form as the browser sends it."""
    until = localtime(timezone.now() + hours * HOUR)
    key = pages.kept(client.get(THERE).text, "client_id")
    return {"client_id": key, "until": f"{until:%Y-%m-%dT%H:%M}", "notes": notes}


def late(town: Town, words: str = "垃圾没人清") -> Matter:
    matter = pages.raised(town, words)
    Matter.objects.filter(pk=matter.pk).update(handle_due=timezone.now() - 3 * HOUR)
    return matter


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, channel="inbox").values_list("name", flat=True))


def test_from_the_one_who_goes_to_the_one_who_comes(here: Town, song: User) -> None:
    guo, comes = pages.signed_in(here.guo), pages.signed_in(song)
    old, bureaus = late(here), Bureaus(here)
    matter = pages.raised(here, "路灯杆歪了")
    whistle(matter, By(here.guo, timezone.now(), words="来看"), lead=bureaus.posts[0])
    form = said(guo)
    answer = guo.post(THERE, form, follow=True)
    assert "东门积水" in answer.text
    guo.post(THERE, form)
    row = Handover.objects.get()
    assert (row.given_by, row.taken_at) == (here.guo, None)
    assert (row.said["counts"]["late"], row.said["counts"]["called"]) == (1, 1)
    assert told(song) == ["handover_waits"]
    assert "郭晓峰交班给你" in comes.get(THERE).text
    there = f"{THERE}{row.pk}/"
    page = comes.get(there)
    for words in ("东门积水", old.title, matter.title, "东城区城管局"):
        assert words in page.text
    taken = comes.post(there, {"seen": pages.kept(page.text, "seen"), "words": "收到，先去东门"}, follow=True)
    assert "收到，先去东门" in taken.text
    row.refresh_from_db()
    assert row.taken_by == song
    assert told(here.guo)[-1] == "handover_taken"
    again = comes.post(there, {"seen": pages.kept(page.text, "seen"), "words": ""})
    assert again.status_code == 409
    assert "宋雨接班" in guo.get(there).text
    assert check(row.subject) == []


def test_it_is_not_passed_on_twice_nor_to_oneself(here: Town, song: User) -> None:
    guo, comes = pages.signed_in(here.guo), pages.signed_in(song)
    first = said(guo)
    guo.post(THERE, first)
    row = Handover.objects.get()
    seen = pages.kept(comes.get(f"{THERE}{row.pk}/").text, "seen")
    assert comes.post(THERE, {**first, "client_id": str(uuid4())}).status_code == 409
    assert guo.post(f"{THERE}{row.pk}/", {"seen": seen, "words": ""}).status_code == 409
    guo.post(THERE, said(guo, "又来一件：三号楼停水"))
    assert Handover.objects.count() == 1
    page = comes.post(f"{THERE}{row.pk}/", {"seen": seen, "words": "好"})
    assert (page.status_code, "又来一件" in page.text) == (409, True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"notes": " "}, "这里还没写"),
        ({"until": "明天"}, "请填日期"),
        ({"until": "2020-01-01T08:00"}, "四天之内"),
    ],
)
def test_what_is_missing_is_said_and_the_notes_stay(here: Town, more: dict[str, str], words: str) -> None:
    guo = pages.signed_in(here.guo)
    page = guo.post(THERE, said(guo, "三号楼停水") | more)
    assert page.status_code == 400
    assert words in page.text
    assert "notes" in more or "三号楼停水" in page.text
    assert not Handover.objects.exists()


def test_strangers_and_other_desks_see_nothing(here: Town, song: User, client: Client) -> None:
    guo = pages.signed_in(here.guo)
    guo.post(THERE, said(guo))
    there = f"{THERE}{Handover.objects.get().pk}/"
    for user in (here.stranger, here.chen, here.wang, here.li):
        browser = pages.signed_in(user)
        assert browser.get(there).status_code == 404
        assert browser.post(there, {"seen": "x", "words": ""}).status_code == 404
    assert client.get(there).status_code == 302
    assert pages.signed_in(here.zhou).get(there).status_code == 200
    assert "东门积水" not in pages.signed_in(here.li).get(THERE).text


def test_the_pages_stay_cheap(here: Town, song: User) -> None:
    guo = pages.signed_in(here.guo)
    counts = []
    for n in (2, 6):
        for at in range(n):
            late(here, f"第{n}{at}处积水")
        guo.post(THERE, said(guo))
        for path in (THERE, f"{THERE}{Handover.objects.get().pk}/"):
            counts.append(statements(guo, path))
    assert counts[0] == counts[2]
    assert counts[1] == counts[3]


@pytest.mark.usefixtures("live_db")
def test_of_two_who_come_at_once_one_has_it() -> None:
    here = pages.make_town()
    now = timezone.now()
    comers = [colleague(here, f"来人{n}", serial=n + 2) for n in range(4)]
    row = hand_over(here.street, notes="夜里有雨", until=now + 12 * HOUR, actor=here.guo, now=now)
    had: list[str] = []

    def come(user: User) -> None:
        try:
            take_over(row, words="", actor=user, now=now + HOUR, seen=_seen(row))
            had.append("has it")
        except Refused as refusal:
            had.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(user,)) for user in comers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(had) == ["has it", "taken", "taken", "taken"]
    assert Handover.objects.get().taken_by in comers
    assert check(row.subject) == []


def _seen(row: Handover) -> datetime:
    return Handover.objects.get(pk=row.pk).given_at
