"""Texts at a carrier: set up beside their own words, tried on one's own phone, ticked off."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from django.template.utils import get_app_template_dirs
from django.test import Client
from pytest_django import Settings

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.tests.test_sms_over_http import Carrier, carrier
from silin.notices.kinds import kind_of
from silin.notices.models import SmsTemplate
from silin.notices.sms import sms_names, text_of
from silin.operation import queries
from silin.people.actions import add_post, appoint
from tests import town
from tests.town import MONDAY, Town

__all__ = ["carrier"]
TABLE = "/admin/notices/smstemplate/"
PHONE = "19912340000"
TRY = "/desk/operator/sms/"


@pytest.fixture
def here(db: None) -> Town:
    return town.build()


@pytest.fixture
def sun(here: Town, client: Client) -> User:
    """Looks after the machines, and sits at the browser."""
    user = town.person("孙志远", phone=PHONE)
    appoint(add_post("system_admin", here.city, actor=None, now=MONDAY), user, actor=None, now=MONDAY)
    client.force_login(user)
    return user


def page(client: Client, url: str) -> str:
    return html.unescape(client.get(url, follow=True).content.decode().split("<main")[1])


def tried(here: Town) -> bool:
    """What the checklist says of it."""
    [line] = [line for line in queries.lines(here.city, MONDAY) if line.key == "sms_tried"]
    return line.done


def test_a_text_is_set_up_beside_its_words_and_tried(
    client: Client, here: Town, sun: User, carrier: Carrier
) -> None:
    assert "“〔title〕”办好了" in page(client, f"{TABLE}add/")
    said = {"name": "matter_answered", "number": "SMS_12", "blanks": "标题，${link}", "seen": ""}
    told = html.unescape(client.post(f"{TABLE}add/", said).content.decode())
    assert "这条短信里没有叫 标题 的变量。可以用的有：title、number、link、stop。" in told
    assert 'value="标题，${link}"' in told
    assert "事项标题" in told
    assert client.post(f"{TABLE}add/", said | {"blanks": "${title}，number; link"}).status_code == 302
    row = SmsTemplate.objects.get()
    assert row.blanks == "title number link"
    shown = page(client, f"{TABLE}matter_answered/")
    assert "“3号楼前的路灯不亮”" in shown
    assert "1 · title = 3号楼前的路灯不亮" in re.sub(r"<br>", " ", shown)
    assert "199****0000" in shown
    assert "“〔title〕”" in page(client, TABLE)
    assert not tried(here)
    assert "短信公司已经收下" in client.post(TRY, {"text": row.pk}, follow=True).content.decode()
    got = json.loads(carrier.got[0][2])
    assert (got["to"], got["template"]) == ([PHONE], "SMS_12")
    assert list(json.loads(got["params"]).values())[:2] == ["3号楼前的路灯不亮", "K7QM-3XZP"]
    assert "3号楼前的路灯不亮" in got["text"]
    assert tried(here)
    assert Entry.objects.get(action="try_sms").fields == {"text": "matter_answered", "backend": "http"}


def test_only_what_really_went_out_has_been_tried(
    client: Client, here: Town, sun: User, carrier: Carrier, settings: Settings
) -> None:
    carrier.answer = '{"code": "isv.SMS_TEMPLATE_ILLEGAL"}'
    told = client.post(TRY, follow=True).content.decode()
    assert "短信没有发出去。" in told
    assert "没有批准" in told
    carrier.answer = '{"code": 0}'
    settings.SILIN_SMS_BACKEND = "console"
    assert "SILIN_SMS_BACKEND" in client.post(TRY, follow=True).content.decode()
    assert not tried(here)
    settings.SILIN_SMS_BACKEND = "http"
    assert not tried(here), "what was printed has not been tried"
    assert client.post(TRY, follow=True).status_code == 200
    assert tried(here)
    assert "最近一次试发" in page(client, "/desk/operator/")
    for _ in range(3):
        client.post(TRY)
    assert len(carrier.got) == 4, "five in ten minutes, one of them printed"
    assert client.post(TRY, {"text": "nothing"}, follow=True).status_code == 200
    assert len(carrier.got) == 4


def test_nobody_else_sends_tests_and_nobody_without_a_phone(
    client: Client, here: Town, carrier: Carrier
) -> None:
    for each in (here.stranger, here.chen, here.wang, here.zhou):
        client.force_login(each)
        assert client.post(TRY).status_code == 404
    sun = town.person("孙志远")
    appoint(add_post("system_admin", here.city, actor=None, now=MONDAY), sun, actor=None, now=MONDAY)
    client.force_login(sun)
    assert "还没有手机号" in page(client, "/desk/operator/")
    assert "还没有手机号" in client.post(TRY, follow=True).content.decode()
    assert carrier.got == []


def test_every_blank_of_every_message_is_declared() -> None:
    for name in sms_names():
        files = [Path(each) / f"notices/{name}.txt" for each in get_app_template_dirs("templates")]
        source = "".join(file.read_text() for file in files if file.exists())
        declared = {blank.name for blank in kind_of(name).blanks}
        if kind_of(name).code:
            assert set(re.findall(r"{{ (\w+) }}", source)) <= declared, name
        text = text_of(name)
        assert all(text.words and blank.what and blank.example for blank in text.blanks)
        assert "〔" not in text.example
