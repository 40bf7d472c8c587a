"""Sun sets up where the bureau's system is told, and looks how it goes; nobody else finds the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.exchange.actions import make_webhook
from silin.exchange.jobs import tell_systems
from silin.exchange.models import Delivery, Webhook
from silin.exchange.tests.receiver import Receiver, listening
from silin.exchange.tests.test_telling import Here
from silin.history.models import Entry
from silin.matters.tests.pages import signed_in

LIST = "/desk/webhooks/"


@pytest.fixture
def here(db: None) -> Here:
    return Here()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def made(browser: Client, here: Here, receiver: Receiver, *actions: str) -> str:
    """The page of a new address, as Sun comes to it."""
    sent = {"client": str(here.light.pk), "url": receiver.url, "actions": actions}
    answer = browser.post(LIST, sent)
    assert answer.status_code == 303
    return str(answer["Location"])


def test_sun_sets_it_up_tries_it_and_sees_what_was_sent(here: Here, receiver: Receiver) -> None:
    browser = signed_in(here.sun)
    assert "还没有往哪里推" in browser.get(LIST).text
    page = made(browser, here, receiver, "whistle", "comment")
    text = browser.get(page).text
    [receiver.secret] = re.findall(r"whsec_[^<]+", text)
    assert "吹哨" in text
    assert "whsec_" not in browser.get(page).text, "it is shown once"
    assert browser.post(page, {"do": "try"}).status_code == 303
    here.whistled()
    tell_systems(timezone.now())
    assert sorted(receiver.events) == ["matter.whistle", "ping"]
    text = browser.get(page).text
    assert text.count("收下") == 2
    [again] = Delivery.objects.filter(event="ping")
    browser.post(page, {"do": "again", "message": str(again.pk)})
    browser.post(page, {"do": "pause"})
    assert "somebody" not in browser.get(page).text
    assert "有人停的" in browser.get(LIST).text
    refused = browser.post(page, {"do": "try"})
    assert (refused.status_code, "先让它继续" in refused.text) == (400, True)
    browser.post(page, {"do": "resume"})
    tell_systems(timezone.now())
    assert receiver.ids.count(str(again.pk)) == 2
    browser.post(page, {"do": "renew"})
    assert Webhook.objects.get().secret != receiver.secret
    browser.post(page, {"do": "remove"})
    assert browser.get(page).status_code == 404
    deeds = (
        Entry.objects.filter(subject__startswith="webhook:").order_by("seq").values_list("action", flat=True)
    )
    assert list(deeds) == [
        "make_webhook",
        "send_again",
        "pause_webhook",
        "resume_webhook",
        "renew_secret",
        "remove_webhook",
    ]


def test_what_is_wrong_is_said_where_it_is_and_what_was_typed_stays(here: Here, receiver: Receiver) -> None:
    browser = signed_in(here.sun)
    answer = browser.post(LIST, {"client": str(here.light.pk), "url": "ftp://system.example/x"})
    assert (answer.status_code, "https:// 开头" in answer.text) == (400, True)
    assert 'value="ftp://system.example/x"' in answer.text
    page = made(browser, here, receiver)
    wrong = browser.post(page, {"do": "change", "url": ""})
    assert wrong.status_code == 400
    assert browser.post(page, {"do": "change", "url": receiver.url, "actions": ["close"]}).status_code == 303
    assert Webhook.objects.get().actions == ["close"]
    for sent in ({"do": "again", "message": "x"}, {"do": "else"}):
        assert browser.post(page, sent).status_code == 404


def test_one_that_is_not_taken_is_shown_and_left_out(here: Here, receiver: Receiver) -> None:
    receiver.answer = lambda _said: 500
    browser = signed_in(here.sun)
    page = made(browser, here, receiver, "whistle")
    here.whistled()
    tell_systems(timezone.now())
    text = browser.get(f"{page.partition('?')[0]}?waiting=1").text
    assert "没收下" in text
    assert "500" in text
    assert "对方没收" in browser.get(LIST).text
    [stuck] = Delivery.objects.all()
    browser.post(page, {"do": "leave_out", "message": str(stuck.pk)})
    assert "跳过了" in browser.get(page).text


def test_nobody_else_finds_the_pages(here: Here, receiver: Receiver) -> None:
    webhook = make_webhook(here.light, receiver.url, actor=here.sun, now=here.now)
    page = f"{LIST}{webhook.pk}/"
    for user in (here.town.zhou, here.town.li, here.town.wang, here.town.chen, here.town.stranger):
        browser = signed_in(user)
        for address in (LIST, page):
            assert browser.get(address).status_code == 404
            assert browser.post(address, {"do": "remove"}).status_code == 404
    assert Webhook.objects.exists()
    assert "/sign-in/" in Client().get(LIST)["Location"]


def test_long_lists_cost_the_same(here: Here) -> None:
    browser = signed_in(here.sun)
    webhook = make_webhook(here.light, "https://system.example/", actor=here.sun, now=here.now)
    browser.get(LIST)
    page, counts = f"{LIST}{webhook.pk}/", list[tuple[int, int]]()
    for n in (1, 90):
        Delivery.objects.bulk_create(
            Delivery(webhook=webhook, event="ping", body="{}", made_at=here.now) for _ in range(n)
        )
        seen = []
        for address in (LIST, page):
            with CaptureQueriesContext(connection) as counted:
                assert browser.get(address).status_code == 200
            seen.append(len(counted))
        counts.append((seen[0], seen[1]))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 14, counts
    assert "?after=" in browser.get(page).text
