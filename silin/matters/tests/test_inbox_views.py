"""Li narrows the list, keeps it under a name, and acts on several rows at once after a look at them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from silin.matters.models import Matter, SavedView
from silin.matters.saved_views import AT_MOST, save_view
from silin.matters.tests.pages import answered, in_hand, make_town, raised, signed_in
from silin.matters.tests.test_desk_pages import returned
from silin.people.actions import add_post, appoint
from tests.counting import statements
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town

SEVERAL = "/desk/several/"


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def li(here: Town) -> Client:
    return signed_in(here.li)


def shown(client: Client, query: str) -> str:
    return client.get(f"/desk/?{query}").content.decode()


def test_the_list_is_narrowed_by_what_it_is_where_it_is_and_how_it_came(here: Town, li: Client) -> None:
    lamp, hole = raised(here, "三楼楼道灯不亮。"), raised(here, "井盖松了。")
    Matter.objects.filter(pk=hole.pk).update(channel="hotline")
    for only in (
        "channel=web",
        f"category={lamp.category_id}&channel=web",
        f"at={here.grid.code}&channel=web",
    ):
        page = shown(li, f"tab=going&{only}")
        assert (lamp.title in page, hole.title in page) == (True, False), only
    for nothing in ("at=990199", "category=nobody", "colour=late"):
        page = shown(li, f"tab=going&{nothing}")
        assert (lamp.title in page, "这个清单里没有这样的事" in page) == (False, True), nothing
    group = lamp.category.parent_id
    assert lamp.title in shown(li, f"tab=going&category={group}")
    rows = li.get("/desk/list.csv?tab=going&channel=hotline")
    assert isinstance(rows, StreamingHttpResponse)
    sheet = rows.getvalue().decode()
    assert (lamp.title in sheet, hole.title in sheet) == (False, True)
    assert statements(li, "/desk/?tab=going&channel=web") <= 9


def test_the_filter_page_offers_what_lies_in_the_own_place(here: Town, li: Client) -> None:
    page = li.get("/desk/views/?tab=going&channel=web").content.decode()
    options = re.findall(r'<option value="(\d{6,})"', page)
    assert here.grid.code in options
    assert "网上" in page or "居民" in page
    nearer = li.get(f"/desk/views/?at={here.grid.code}").content.decode()
    assert f'<option value="{here.grid.code}" selected' in nearer


def test_a_view_is_kept_and_dropped_by_its_owner_alone(here: Town, li: Client) -> None:
    raised(here)
    kept = {"tab": "going", "channel": "web", "after": "x", "title": "网上来的"}
    answer = li.post("/desk/views/", kept)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/?tab=going&channel=web")
    assert 'aria-current="page"><svg' in shown(li, "tab=going&channel=web")
    assert "网上来的" in shown(li, "")
    li.post("/desk/views/", kept | {"tab": "verify"})
    assert [row.query for row in SavedView.objects.all()] == ["tab=verify&channel=web"]
    other = signed_in(here.guo)
    assert "网上来的" not in shown(other, "")
    key = str(SavedView.objects.get().pk)
    other.post("/desk/views/", {"drop": key})
    assert SavedView.objects.exists()
    for _twice in range(2):
        assert li.post("/desk/views/", {"drop": key}).status_code == 303
    assert not SavedView.objects.exists()
    assert "网上来的" not in shown(li, "")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"tab": "going", "title": " "}, "请起个名字"),
        ({"title": "空的"}, "请先筛选"),
        ({"tab": "going", "title": "长" * 21}, "20"),
        ({"q": "灯" * 200, "title": "太多"}, "请少搜几个字"),
    ],
)
def test_what_cannot_be_kept_says_why(here: Town, li: Client, sent: dict[str, str], said: str) -> None:
    answer = li.post("/desk/views/", sent)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert sent["title"].strip() in page
    assert not SavedView.objects.exists()


def test_there_is_room_for_a_dozen(here: Town, li: Client) -> None:
    for n in range(AT_MOST):
        assert li.post("/desk/views/", {"tab": "going", "title": f"视图{n}"}).status_code == 303
    answer = li.post("/desk/views/", {"tab": "going", "title": "再一个"})
    assert "请先删掉一个" in answer.content.decode()
    assert li.post("/desk/views/", {"tab": "verify", "title": "视图0"}).status_code == 303
    told = li.post(
        "/desk/views/", {"tab": "going", "title": "再一个"}, headers={"Accept": "application/json"}
    )
    assert (told.status_code, told.json()["error"]["code"]) == (400, "too_many")


def preview(client: Client, do: str, *matters: Matter) -> tuple[str, dict[str, Any]]:
    """The page that says what will happen, and its form as the browser sends it on."""
    answer = client.post(
        SEVERAL, {"do": do, "number": [row.number for row in matters], "next": "/desk/?tab=raised"}
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    fields: dict[str, Any] = {"do": do, "next": "/desk/?tab=raised", "sure": "yes"}
    fields["number"] = re.findall(r'name="number" value="(\w+)"', page)
    for name, value in re.findall(r'name="(\w+-(?:version|client_id))" value="([^"]+)"', page):
        fields[name] = value
    for name, options in re.findall(r'<select class="input" name="(\w+-to)"[^>]*>(.*?)</select>', page):
        fields[name] = re.findall(r'value="([^"]+)"', options)[0]
    return page, fields


def test_several_are_sent_on_each_to_whoever_has_its_grid(here: Town, li: Client) -> None:
    first, second, done = (
        returned(here, "一楼灯不亮。"),
        returned(here, "二楼灯不亮。"),
        answered(here, "三楼好了。"),
    )
    page, fields = preview(li, "send", first, second, done)
    assert fields["number"] == [first.number, second.number]
    assert ("这些不办" in page, done.title in page, "办好待看" in page) == (True, True, True)
    assert Matter.objects.get(pk=first.pk).state == "raised"
    for _twice in range(2):
        answer = li.post(SEVERAL, fields | {"words": "一起去看看"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/?tab=raised")
        assert [Matter.objects.get(pk=row.pk).state for row in (first, second)] == ["assigned", "assigned"]
    assert "办了 2 件" in li.get("/desk/?tab=going").content.decode()


def test_whoever_was_faster_is_told_of_and_the_others_are_done(here: Town, li: Client) -> None:
    first, second = returned(here, "一楼灯不亮。"), returned(here, "二楼灯不亮。")
    _page, fields = preview(li, "send", first, second)
    signed_in(here.li).post(SEVERAL, preview(li, "send", first)[1])
    answer = li.post(SEVERAL, fields | {"words": "一起去看看"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert first.title in page
    assert second.title not in page
    assert "办了 1 件" in page
    assert Matter.objects.get(pk=second.pk).state == "assigned"


def test_what_is_released_is_read_first_and_only_what_was_reported_done_is_closed(
    here: Town, li: Client
) -> None:
    running, over = in_hand(here, "电话13912345678，灯不亮。"), answered(here, "井盖松了。")
    page, fields = preview(li, "release", running, over)
    assert "请每条再看一遍" in page
    li.post(SEVERAL, fields)
    assert Matter.objects.public().count() == 2
    assert preview(li, "release", running)[1]["number"] == []
    page, fields = preview(li, "close", running, raised(here, "下水堵了。"), over)
    assert fields["number"] == [over.number]
    assert ("正在办" in page, "还没有人报办好" in page) == (True, True)
    li.post(SEVERAL, fields)
    assert Matter.objects.get(pk=over.pk).state == "closed"
    assert Matter.objects.get(pk=running.pk).state == "in_hand"


def test_nothing_marked_nothing_done_and_strangers_see_nothing(here: Town, li: Client) -> None:
    matter = returned(here)
    assert "请先选中" in li.post(SEVERAL, {"do": "send"}, follow=True).content.decode()
    assert li.post(SEVERAL, {"do": "withdraw", "number": matter.number}).status_code == 404
    assert li.get(SEVERAL).status_code == 405
    for who in (here.stranger, here.wang):
        assert signed_in(who).post(SEVERAL, {"do": "send", "number": matter.number}).status_code == 404
        assert signed_in(who).get("/desk/views/").status_code == 404
    assert Client().post(SEVERAL, {"do": "send", "number": matter.number}).status_code in (302, 401)


def test_a_desk_elsewhere_cannot_reach_what_is_not_its_own(here: Town) -> None:
    matter = returned(here)
    desk = add_post("community_desk", here.other, actor=None, now=matter.raised_at)
    appoint(desk, here.stranger, actor=None, now=matter.raised_at)
    answer = signed_in(here.stranger).post(SEVERAL, {"do": "send", "number": matter.number}, follow=True)
    assert "请先选中" in answer.content.decode()
    assert matter.title not in answer.content.decode()


def test_sixteen_windows_keep_a_view_at_once(live_db: str) -> None:
    town = make_town()
    calls: list[Callable[[], Any]] = [
        partial(save_view, town.li, f"视图{n}", "tab=going", MONDAY) for n in range(16)
    ]
    done = at_once([*calls, *calls])
    assert SavedView.objects.count() == AT_MOST
    kept = {each.title for each in done if isinstance(each, SavedView)}
    assert {row.title for row in SavedView.objects.all()} == kept
    assert all(isinstance(each, SavedView) or each.code == "too_many" for each in done)
