"""A dispute in a real browser, from the quarrel to the visit: two phones, two desks, one agreement."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_bad_review import unfolded
from tests.browser.test_loop import become, seen
from tests.browsers import DESK, PHONE

WORDS = "隔壁半夜拖椅子，孩子睡不着，敲门说了两回也不听。"


def test_a_dispute_to_its_visit(page: Page, demo_server: str) -> None:
    base = demo_server
    page.set_viewport_size(PHONE)
    number = _chen_asks_for_a_mediator(page, base)
    _wang_brings_both_to_the_table(page, base, number)
    page.set_viewport_size(DESK)
    become(page, base, "李建民")
    page.goto(f"{base}/desk/disputes/")
    expect(page.get_by_text("小事不出社区")).to_be_visible()
    seen(page, "disputes")
    page.goto(f"{base}/desk/m/{number}/")
    seen(page, "dispute-desk")
    visit = unfolded(page, "visit")
    visit.locator("input[name=held][value=yes]").check(force=True)
    visit.locator("textarea").fill("孩子妈说这几天安静了。")
    visit.get_by_role("button").click()
    page.goto(f"{base}/desk/disputes/?tab=ended")
    expect(page.get_by_role("row").filter(has_text="隔壁半夜拖椅子")).to_be_visible()
    seen(page, "disputes-ended")


def _chen_asks_for_a_mediator(page: Page, base: str) -> str:
    become(page, base, "陈桂兰")
    page.goto(f"{base}/dispute/")
    page.locator("textarea[name=words]").fill(WORDS)
    seen(page, "dispute-ask")
    page.get_by_role("button", name="请人来调解").click()
    expect(page.get_by_role("heading", name="隔壁半夜拖椅子")).to_be_visible()
    return page.url.split("?")[0].rstrip("/").rpartition("/")[2]


def _wang_brings_both_to_the_table(page: Page, base: str, number: str) -> None:
    become(page, base, "王淑琴")
    page.goto(f"{base}/w/tasks/{number}/")
    page.get_by_role("button", name="接下来").or_(page.locator("footer button, .foot button")).first.click()
    arrange = unfolded(page, "arrange")
    arrange.locator("[name=day]").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    arrange.locator("[name=hour]").fill("15:30")
    arrange.locator("[name=where]").fill("社区调解室")
    arrange.locator("input[name=mediators]").first.check(force=True)
    seen(page, "dispute-phone")
    arrange.get_by_role("button").click()
    mediate = unfolded(page, "mediate")
    mediate.locator("input[name=outcome][value=agreed]").check(force=True)
    mediate.locator("textarea").fill("隔壁给椅子腿套上了毡垫。")
    mediate.get_by_role("button").click()
    settle = unfolded(page, "settle")
    settle.locator("input[name=way][value=spoken]").check(force=True)
    settle.locator("textarea").fill("晚上十点以后不挪椅子，椅子腿都套上毡垫。")
    settle.get_by_role("button").click()
    expect(page.get_by_text("一直盯着").first).to_be_visible()
