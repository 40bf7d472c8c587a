"""Chen sleeps at night and wants no e-mails: what waits until morning, what does not, and how she says so."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from silin.notices.actions import Message, queue
from silin.notices.models import Channel, ChosenChannel, Notice
from silin.notices.sending import send_due
from silin.places.numbers import set_number
from tests.town import MONDAY, Town, build

EVENING = MONDAY.replace(hour=22, minute=30)
MORNING = (MONDAY + timedelta(days=1)).replace(hour=8)
JSON = {"Accept": "application/json"}


@pytest.fixture
def here(db: None) -> Town:
    town = build()
    town.chen.email = "chen@example.org"
    town.chen.save()
    return town


def told(here: Town, name: str, now: datetime) -> Notice:
    params = {"actor": "郭晓峰", "person": "陈桂兰", "reason": "丢了", "title": "灯不亮"}
    queue([Message(name, here.chen, params, "/mine/", channel=Channel.EMAIL)], now=now)
    send_due(now)
    return Notice.objects.latest("pk")


def test_what_is_not_urgent_waits_for_the_morning(here: Town) -> None:
    notice = told(here, "matter_closed", EVENING)
    assert (notice.sent_at, notice.next_try, notice.tries) == (None, MORNING, 0)
    send_due(MORNING - timedelta(minutes=1))
    assert mail.outbox == []
    send_due(MORNING)
    assert [each.to for each in mail.outbox] == [["chen@example.org"]]


def test_what_is_required_goes_out_at_night_and_without_a_link_to_stop_it(here: Town) -> None:
    assert told(here, "sessions_ended", EVENING).sent_at == EVENING
    assert "/notices/stop/" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("hour", "waits"), [(20, False), (21, True), (23, True), (3, True), (7, True), (8, False)]
)
def test_from_nine_to_eight(here: Town, hour: int, waits: bool) -> None:
    assert (told(here, "matter_closed", MONDAY.replace(hour=hour)).sent_at is None) == waits


def test_another_place_has_another_night(here: Town) -> None:
    path = here.community.path
    set_number("notices.quiet_from", 23, valid_from=MONDAY.date(), path=path, actor=None, now=MONDAY)
    assert told(here, "matter_closed", EVENING).sent_at == EVENING
    set_number("notices.quiet_from", 8, valid_from=MONDAY.date(), path=path, actor=None, now=MONDAY)
    later = EVENING + timedelta(minutes=15)
    assert told(here, "matter_closed", later).sent_at == later


def test_the_link_in_an_e_mail_stops_them_without_signing_in(client: Client, here: Town) -> None:
    told(here, "matter_closed", MONDAY)
    found = re.search(r"/notices/stop/\S+", str(mail.outbox[0].body))
    assert found
    assert client.get(found.group()).status_code == 200
    assert ChosenChannel.objects.count() == 0
    for _ in range(2):
        assert client.post(found.group()).status_code == 200
    assert ChosenChannel.objects.get().user == here.chen
    notice = told(here, "matter_closed", MONDAY)
    assert (notice.sent_at, notice.next_try, notice.given_up_at) == (None, None, None)
    assert told(here, "sessions_ended", MONDAY).sent_at == MONDAY
    assert len(mail.outbox) == 2
    for wrong in (found.group()[:-3] + "xx/", "/notices/stop/nonsense/"):
        assert client.post(wrong).status_code == 404


def test_chen_stops_and_starts_on_her_page(client: Client, here: Town) -> None:
    assert client.get("/me/notices/")["Location"].startswith("/sign-in/")
    client.force_login(here.chen)
    client.post("/me/notices/", {"channel": "sms", "do": "stop"})
    assert ChosenChannel.objects.get().channel == "sms"
    assert "已停" in client.get("/me/notices/").text
    client.post("/me/notices/", {"channel": "sms", "do": "start"})
    assert ChosenChannel.objects.count() == 0
    answer = client.post("/me/notices/", {"channel": "inbox", "do": "stop"}, headers=JSON)
    assert answer.json()["error"]["code"] == "bad_channel"


def test_staff_read_their_messages_in_their_own_shell(client: Client, here: Town) -> None:
    queue([Message("sessions_ended", here.li, {"actor": "周敏"})], now=MONDAY)
    client.force_login(here.li)
    page = client.get("/desk/notices/").text
    assert 'data-density="desk"' in page
    assert "周敏" in page
    assert 'href="/desk/notices/"' in client.get("/desk/").text
    assert client.post("/desk/notices/read/")["Location"] == "/desk/notices/"
    assert "phone--worker" in client.get("/w/notices/").text
    assert 'data-density="desk"' in client.get("/desk/me/notices/").text
