"""The desk's menu and front door: only doors that exist for whoever looks."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from silin.accounts.models import User
from silin.people.actions import add_post, appoint
from silin.places.actions import add_place
from tests.town import MONDAY, Town, build, person


@pytest.fixture
def here(db: None) -> Town:
    return build()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def side(client: Client, address: str = "/desk/") -> str:
    page = client.get(address).content.decode()
    return page.partition('class="side"')[2].partition("</nav>")[0]


def test_the_menu_of_a_desk(here: Town) -> None:
    menu = side(signed_in(here.li))
    for words in (
        "事项",
        "收件台",
        "在办",
        "待核实",
        "超期",
        "登记一件",
        "辖区",
        "谁在什么岗",
        "大屏",
        "按期办好",
    ):
        assert words in menu
    assert f"/wall/{here.community.code}/" in menu


def test_the_present_page_is_marked_once(here: Town) -> None:
    client = signed_in(here.li)
    for address in (
        "/desk/",
        "/desk/?tab=going",
        "/desk/new/",
        "/desk/posts/",
        "/desk/league/",
        "/desk/places/",
    ):
        answer = client.get(address, follow=True)
        menu = answer.content.decode().partition('class="side"')[2].partition("</nav>")[0]
        assert menu.count('aria-current="page"') == 1, address


def test_a_leader_without_a_desk_has_only_the_posts(here: Town) -> None:
    menu = side(signed_in(here.leader), f"/desk/posts/{here.grid.code}/")
    assert "谁在什么岗" in menu
    assert "收件台" not in menu
    assert "按期办好" not in menu


def test_the_bar_says_who_sits_where(here: Town) -> None:
    page = signed_in(here.li).get("/desk/").content.decode()
    bar = page.partition('class="bar"')[2].partition("</header>")[0]
    for words in ("柳巷社区", "李建民", "社区值班", "退出"):
        assert words in bar


def test_doors_to_other_fronts_only_where_they_are_served(here: Town, settings: Settings) -> None:
    settings.SILIN_FRONTS = ["desk"]
    menu = side(signed_in(here.li))
    assert "大屏" not in menu
    assert "手机页" not in menu


def test_staff_begin_where_they_work(here: Town) -> None:
    assert signed_in(here.li).get("/staff/")["Location"] == "/desk/"
    assert signed_in(here.wang).get("/staff/")["Location"] == "/w/"
    assert Client().get("/staff/")["Location"] == "/sign-in/?next=/staff/"
    for user in (here.chen, here.stranger):
        assert signed_in(user).get("/staff/").status_code == 404
    inside = add_place(name="第一微网格", level="micro_grid", parent=here.grid, actor=None, now=MONDAY)
    post = add_post("micro_grid_head", inside, actor=None, now=MONDAY)
    head = person("微网格长")
    appoint(post, head, actor=None, now=MONDAY)
    assert signed_in(head).get("/staff/")["Location"] == "/desk/places/"
