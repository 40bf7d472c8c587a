"""Ten messages that came together are one; Chen and Li choose what comes how, on the page or in a message."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from pytest_django import Settings

from silin.accounts.models import User
from silin.notices.actions import Message, mark_read, queue
from silin.notices.kinds import OTHERS, kind_of
from silin.notices.models import Channel, ChosenChannel, Notice
from silin.notices.sending import send_due
from silin.notices.tests import transports
from silin.places.numbers import set_number
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build

EVENING = MONDAY.replace(hour=22)
MORNING = (MONDAY + timedelta(days=1)).replace(hour=8)
QUARTER = timedelta(minutes=15)
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def transport(settings: Settings) -> None:
    settings.SILIN_SMS_BACKEND = "silin.notices.tests.transports.take"
    transports.taken.clear()


@pytest.fixture
def here(db: None) -> Town:
    return ready(build())


def ready(town: Town) -> Town:
    town.li.email = "li@example.org"
    town.li.save()
    return town


def tell(
    user: User, *titles: str, name: str = "matter_answered", channel: str = "sms", now: datetime = MONDAY
) -> None:
    params = [{"title": title, "number": "K7QM-3XZP"} for title in titles]
    queue([Message(name, user, each, "/mine/", channel) for each in params], now=now)


def test_ten_of_the_night_are_one_in_the_morning(here: Town) -> None:
    tell(here.chen, *[f"第{n}盏灯" for n in range(10)], now=EVENING)
    send_due(EVENING)
    assert transports.taken == []
    send_due(MORNING)
    ((phone, text),) = transports.taken
    assert phone == here.chen.phone
    assert "10 条新消息" in text
    assert "第0盏灯" in text
    assert "还有 8 条" in text
    assert text.endswith("/notices/")
    assert Notice.objects.filter(channel="sms", sent_at=MORNING, next_try=None).count() == 10
    send_due(MORNING + QUARTER)
    assert len(transports.taken) == 1


def test_what_follows_within_a_quarter_of_an_hour_gathers_but_not_what_is_urgent(here: Town) -> None:
    tell(here.chen, "路灯")
    send_due(MONDAY)
    minute = MONDAY + timedelta(minutes=1)
    tell(here.chen, "井盖", "树枝", now=minute)
    send_due(minute)
    assert len(transports.taken) == 1
    queue([Message("sessions_ended", here.chen, {"actor": "周敏"}, channel="sms")], now=minute)
    send_due(minute)
    assert "周敏" in transports.taken[-1][1]
    send_due(MONDAY + QUARTER)
    assert len(transports.taken) == 3
    assert "2 条新消息" in transports.taken[-1][1]
    set_number(
        "notices.gather_minutes",
        0,
        valid_from=MONDAY.date(),
        path=here.community.path,
        actor=None,
        now=MONDAY,
    )
    for n in range(2):
        tell(here.chen, f"又一件{n}", now=MONDAY + QUARTER)
        send_due(MONDAY + QUARTER)
    assert len(transports.taken) == 5


def test_a_digest_that_fails_is_tried_again_whole_and_one_nobody_can_say_goes_alone(
    here: Town, settings: Settings
) -> None:
    tell(here.chen, "路灯", "井盖", "树枝")
    Notice.objects.filter(pk=Notice.objects.latest("pk").pk).update(name="nobody_wrote_it")
    settings.SILIN_SMS_BACKEND = "silin.notices.tests.transports.out_of_order"
    send_due(MONDAY)
    assert set(Notice.objects.values_list("tries", "next_try")) == {(1, MONDAY + timedelta(minutes=1))}
    settings.SILIN_SMS_BACKEND = "silin.notices.tests.transports.take"
    send_due(MONDAY + timedelta(minutes=1))
    assert "2 条新消息" in transports.taken[0][1]
    assert Notice.objects.get(sent_at=None).last_error.startswith("TemplateDoesNotExist")


def test_two_loops_at_once_send_one_digest(live_db: str) -> None:
    town = build()
    for who in (town.chen, town.wang):
        tell(who, *[f"第{n}盏灯" for n in range(12)])
    at_once([partial(send_due, MONDAY)] * 4)
    assert sorted(phone for phone, _text in transports.taken) == sorted([town.chen.phone, town.wang.phone])
    assert Notice.objects.filter(sent_at=MONDAY, tries=1).count() == 24


def test_li_has_his_work_sent_by_e_mail_and_what_is_read_is_not(client: Client, here: Town) -> None:
    client.force_login(here.li)
    tell(here.li, "没要过", name="matter_assigned", channel="inbox")
    send_due(MONDAY)
    assert mail.outbox == []
    page = "/desk/me/notices/"
    assert client.post(page, {"kind": "work", "channel": "email", "do": "start"})["Location"] == page
    assert 'aria-pressed="true"' in client.get(page).text
    tell(here.li, "路灯", "井盖", "已读的", name="matter_assigned", channel="inbox", now=MONDAY + QUARTER)
    mark_read(here.li, Notice.objects.latest("pk").pk, now=MONDAY + QUARTER)
    send_due(MONDAY + QUARTER)
    (sent,) = mail.outbox
    assert sent.subject == "2 条新消息"
    assert "井盖" in sent.body
    assert "已读的" not in sent.body
    link = re.search(r"/notices/stop/[^/\s]+/", str(sent.body))
    assert link
    mailbox = Client(enforce_csrf_checks=True)
    assert mailbox.get(link.group()).status_code == 200
    assert ChosenChannel.objects.get().wanted
    assert mailbox.post(link.group(), {"List-Unsubscribe": "One-Click"}).status_code == 200
    row = ChosenChannel.objects.get()
    assert (row.user, row.kind, row.channel, row.wanted) == (here.li, "work", "email", False)
    tell(here.li, "停了以后", name="matter_assigned", channel="inbox", now=MORNING)
    send_due(MORNING)
    assert len(mail.outbox) == 1
    for wrong in (link.group()[:-4] + "xxx/", "/notices/stop/nonsense/"):
        assert mailbox.post(wrong).status_code == 404


def test_chen_stops_one_kind_and_nobody_stops_what_is_urgent(client: Client, here: Town) -> None:
    client.force_login(here.chen)
    client.post("/me/notices/", {"kind": "raised", "channel": "sms", "do": "stop"})
    tell(here.chen, "路灯")
    queue([Message("post_given", here.chen, {"place": "东城", "post": "楼长"}, channel="sms")], now=MONDAY)
    send_due(MONDAY)
    assert ["楼长" in text for _phone, text in transports.taken] == [True]
    answer = client.post("/me/notices/", {"kind": "account", "channel": "sms", "do": "stop"}, headers=JSON)
    assert answer.json()["error"]["code"] == "urgent"
    answer = client.post("/me/notices/", {"kind": "nonsense", "channel": "sms", "do": "stop"}, headers=JSON)
    assert answer.json()["error"]["code"] == "bad_kind"
    assert "一定会发" in client.get("/me/notices/").text
    client.post("/me/notices/", {"kind": "raised", "channel": "sms", "do": "start"})
    assert not ChosenChannel.objects.exists()


def test_every_notice_of_the_product_belongs_to_a_kind() -> None:
    root = Path(django_settings.BASE_DIR)
    names = {path.stem for path in root.glob("*/templates/notices/*.txt")}
    names |= {path.stem for path in root.glob("kinds/*/templates/notices/*.txt")}
    assert len(names) > 20
    assert [name for name in sorted(names) if kind_of(name) is OTHERS] == []
    assert Channel.SMS in kind_of("matter_closed").by_default
