"""A rectification in a real browser: set by the street, planned, proved, struck off, looked back at."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_bad_review import unfolded
from tests.browser.test_loop import become, photo, seen

HEADING = "门口公告三个月没换"


def test_from_the_problem_list_to_the_look_back(page: Page, demo_server: str) -> None:
    base = demo_server
    page.set_viewport_size({"width": 1440, "height": 900})
    number = _guo_sets_it(page, base)
    _li_plans_and_applies(page, base, number)
    become(page, base, "郭晓峰")
    page.goto(f"{base}/desk/rectify/?list=register&colour=applied")
    page.get_by_role("link", name=HEADING).click()
    check = unfolded(page, "strike_off")
    check.locator("input[name=how][value=file]").check(force=True)
    check.locator("textarea").fill("照片上都是本月的，时间也写着。")
    seen(page, "rectification-check")
    check.get_by_role("button", name="销号", exact=True).click()
    page.goto(f"{base}/desk/rectify/?list=struck")
    expect(page.get_by_role("row").filter(has_text=HEADING)).to_be_visible()
    seen(page, "rectification-struck")
    page.goto(f"{base}/desk/rectify/{number}/")
    look = unfolded(page, "remeasure")
    look.locator("input[name=outcome][value=fell_back]").check(force=True)
    look.locator("textarea").fill("又是上个月的了。")
    look.get_by_role("button").click()
    expect(page.get_by_text("回头看发现反弹过 1 次").first).to_be_visible()
    page.goto(f"{base}/desk/rectify/print/?list=register")
    expect(page.get_by_role("row").filter(has_text=HEADING)).to_be_visible()
    seen(page, "rectification-paper")


def _guo_sets_it(page: Page, base: str) -> str:
    become(page, base, "郭晓峰")
    page.goto(f"{base}/desk/rectify/")
    page.get_by_role("link", name="下达整改").click()
    page.locator("[name=heading]").fill(HEADING)
    page.locator("[name=words]").fill("三个单元门口贴的还是夏天停水的通知。")
    page.locator("[name=unit]").fill("宝石社区")
    page.locator("[name=deadline]").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    seen(page, "rectification-new")
    page.get_by_role("button", name="下达", exact=True).click()
    expect(page.get_by_role("heading", name=HEADING)).to_be_visible()
    return page.url.split("?")[0].rstrip("/").rpartition("/")[2]


def _li_plans_and_applies(page: Page, base: str, number: str) -> None:
    become(page, base, "李建民")
    page.goto(f"{base}/desk/rectify/{number}/")
    plan = unfolded(page, "plan")
    plan.locator("textarea").fill("每月头一个周一换一遍，换完拍照。")
    plan.locator("[name=in_charge]").fill("李建民")
    plan.locator("[name=done_by]").fill((timezone.localdate() + timedelta(days=7)).isoformat())
    seen(page, "rectification-plan")
    plan.get_by_role("button").click()
    apply = unfolded(page, "apply")
    apply.locator("textarea").fill("三个单元都换成这个月的了。")
    apply.locator("input[type=file]").set_input_files([photo(done=True)])
    apply.get_by_role("button", name="申请销号").click()
    expect(page.get_by_text("已经申请。").first).to_be_visible()
