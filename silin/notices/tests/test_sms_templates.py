"""Carriers that send approved texts only: a code and a notice go under the number that a row names."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from silin.accounts.models import User
from silin.lib.tests.test_sms_over_http import Carrier, carrier
from silin.notices.actions import Message, queue
from silin.notices.models import Channel, Notice, SmsTemplate
from silin.notices.sending import send_due

MONDAY = datetime(2026, 10, 19, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
__all__ = ["carrier"]
PHONE = "13912341234"
pytestmark = pytest.mark.django_db


def test_a_sign_in_code_goes_under_the_carriers_number(client: Client, carrier: Carrier) -> None:
    SmsTemplate.objects.create(name="sign_in_code", number="SMS_5", blanks="code")
    assert client.post("/sign-in/phone/", {"phone": PHONE}).status_code == 303
    told = json.loads(carrier.got[0][2])
    code = json.loads(told["params"])["code"]
    assert (told["template"], told["to"]) == ("SMS_5", [PHONE])
    assert client.post("/sign-in/code/", {"code": code}).status_code == 303


def test_a_notice_without_a_number_goes_as_text_and_is_tried_again(carrier: Carrier) -> None:
    user = User(name="陈桂兰")
    user.set_phone(PHONE)
    user.save()
    now = MONDAY
    carrier.status = 500
    queue([Message("one_line", user, {"what": "灯修好了"}, channel=Channel.SMS)], now=now)
    send_due(now)
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.tries) == (None, 1)
    assert PHONE not in notice.last_error
    carrier.status = 200
    send_due(now + timedelta(minutes=2))
    notice.refresh_from_db()
    assert notice.sent_at is not None
    assert json.loads(carrier.got[-1][2])["template"] == ""
