"""The worker's tabs."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from silin.accounts.models import User
from silin.matters.deeds import By
from silin.matters.raising import Report, raise_matter
from tests.town import MONDAY, Town, build


@pytest.fixture
def here(db: None) -> Town:
    return build()


def tabs(user: User, address: str = "/w/") -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode().partition('class="tabs"')[2].partition("</nav>")[0]


def test_the_tabs_with_what_waits(here: Town) -> None:
    raise_matter("report", By(here.chen, MONDAY), Report("路灯不亮", here.lamp, building=here.building))
    found = tabs(here.wang)
    for words in ("今天", "上报", "手上的事", "我的"):
        assert words in found
    assert "</span>1</span>" in found
    assert "收件台" not in found


def test_a_desk_on_the_phone_finds_the_way_back(here: Town, settings: Settings) -> None:
    assert "收件台" in tabs(here.li)
    settings.SILIN_FRONTS = ["worker"]
    assert "收件台" not in tabs(here.li)
    assert "我的" in tabs(here.li)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/w/", "今天"),
        ("/w/find/", "上报"),
        ("/w/tasks/", "手上的事"),
        ("/w/me/", "我的"),
        ("/w/me/second/", "我的"),
    ],
)
def test_the_present_tab_is_marked(here: Town, address: str, words: str) -> None:
    found = tabs(here.wang, address)
    assert found.count('aria-current="page"') == 1
    assert words in found.partition('aria-current="page"')[2].partition("</a>")[0]
