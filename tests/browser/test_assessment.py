"""The assessment office's month in a real browser: from the league down to the very matters."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.test_loop import become, seen


def test_from_the_league_to_the_matters_behind_a_figure(page: Page, demo_server: str) -> None:
    base = demo_server
    page.set_viewport_size({"width": 1440, "height": 900})
    become(page, base, "高雅琳")
    page.goto(f"{base}/desk/assessment/")
    page.get_by_role("link", name="县", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="金台区")).to_be_visible()
    seen(page, "assessment-counties")
    page.get_by_role("link", name="金台区").click()
    row = page.get_by_role("row").filter(has_text="宝石社区")
    expect(row).to_be_visible()
    seen(page, "assessment-league")
    row.get_by_role("link", name="宝石社区").click()
    expect(page.get_by_role("heading", name="最容易拿到的分")).to_be_visible()
    seen(page, "assessment-card")
    page.get_by_role("link", name="网格事件按期办结率").last.click()
    page.get_by_role("link", name="算进分子的").first.click()
    expect(page.get_by_role("heading", name="背后的事项")).to_be_visible()
    matter = (
        page.locator("#behind").locator("xpath=ancestor::section").get_by_role("link", name=re.compile("."))
    )
    expect(matter.last).to_be_visible()
    expect(page.get_by_role("heading", name="变化从哪里来")).to_be_visible()
    seen(page, "assessment-indicator")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.get_by_role("link", name="宝鸡市").first.click()
    page.get_by_role("link", name="看缺在哪里").click()
    expect(page.get_by_role("cell", name=re.compile(r"\(\d+\)")).first).to_be_visible()
    seen(page, "assessment-heat")
    page.get_by_role("link", name="宝鸡市").first.click()
    page.get_by_text("各项任务分页").click()
    page.get_by_role("link", name="S1 网格化服务管理").click()
    expect(page.get_by_role("heading", name="红灯按牵头单位")).to_be_visible()
    expect(page.get_by_role("heading", name="还没有销号的")).to_be_visible()
    seen(page, "assessment-task")


def test_a_threshold_of_the_next_version(page: Page, demo_server: str) -> None:
    """Begun, changed, looked through, published from a month to come: the months before stay."""
    base = demo_server
    page.set_viewport_size({"width": 1440, "height": 900})
    become(page, base, "任静怡")
    page.goto(f"{base}/desk/assessment/catalogue/")
    page.get_by_role("button", name="起草新版本").click()
    seen(page, "catalogue-draft")
    page.get_by_role("link", name="网格事件按期办结率").click()
    page.get_by_label("满分值").fill("99")
    seen(page, "catalogue-edit")
    page.get_by_role("button", name="存好").click()
    page.get_by_role("link", name="回到草稿").click()
    page.get_by_role("link", name="查看改动并发布").click()
    expect(page.get_by_text("没有问题")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="宝石社区")).to_be_visible()
    seen(page, "catalogue-changes")
    page.set_viewport_size({"width": 390, "height": 844})
    seen(page, "catalogue-changes-phone")
    page.get_by_label("改了什么、依据哪份文件").fill("市社区办〔2026〕11号")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("heading", name="第 2 版")).to_be_visible()
    page.goto(f"{base}/desk/assessment/catalogue/2/of/S1.3.1/")
    expect(page.get_by_text("→ 99")).to_be_visible()
    seen(page, "catalogue-row")
