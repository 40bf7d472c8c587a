"""Li finds a matter by what somebody says on the telephone: a number, a word, how it sounds, who calls."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from silin.matters.models import Matter
from silin.matters.tests.pages import in_hand, make_town, signed_in
from silin.people.models import PostKind
from silin.people.register import put_down_household, put_down_person
from tests.town import Town


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def li(here: Town) -> Client:
    return signed_in(here.li)


def test_search_finds_number_words_and_place(here: Town, li: Client) -> None:
    wanted, other = in_hand(here, "三楼水管爆了"), in_hand(here, "健身器材晃")
    for q in (
        wanted.shown_number,
        wanted.number.lower(),
        "水管",
        "爆了 三楼",
        "shuiguan",
        "slsg",
        "Bao sanlou",
    ):
        page = li.get("/desk/", {"q": q}).content.decode()
        assert wanted.title in page
        assert other.title not in page
    assert wanted.title in li.get("/desk/", {"q": "柳巷家园"}).content.decode()
    assert "没找到" in li.get("/desk/", {"q": "恐龙"}).content.decode()


def test_who_calls_is_found_by_their_number_where_names_may_be_read(here: Town, li: Client) -> None:
    wanted, other = in_hand(here, "三楼水管爆了"), in_hand(here, "健身器材晃")
    Matter.objects.filter(pk=other.pk).update(raiser=here.stranger)
    assert here.chen.phone
    home = put_down_household(here.building, actor=None, now=timezone.now(), door="301")
    put_down_person(home, "陈桂兰", actor=None, now=timezone.now(), phone=here.chen.phone)
    for q in (here.chen.phone, "199 0000 0002", "0002"):
        page = li.get("/desk/", {"q": q}).content.decode()
        assert (wanted.title in page, other.title in page) == (True, False), q
    assert wanted.title not in li.get("/desk/", {"q": "0003"}).content.decode()
    wang = signed_in(here.wang)
    assert wanted.title in wang.get("/w/tasks/", {"q": "0002"}).content.decode()
    Matter.objects.update(name_withheld=True)
    assert wanted.title not in wang.get("/w/tasks/", {"q": "0002"}).content.decode()
    assert wanted.title in li.get("/desk/", {"q": "0002"}).content.decode()
    PostKind.objects.filter(pk="community_desk").update(capabilities=["matters.triage", "matters.see"])
    assert wanted.title not in li.get("/desk/", {"q": here.chen.phone}).content.decode()
