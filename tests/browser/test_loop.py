"""The whole loop in a real browser, on the demo city, on a phone and on a desk: nobody is left out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from silin.demo.photos import picture
from tests.browsers import axe, look, side_by_side

WORDS = "5号楼东头的路灯不亮了，晚上下楼看不见台阶。"
PHONE, DESK = 390, 1440


def photo(*, done: bool) -> FilePayload:
    """A photo of the light as a phone sends it: dark, or mended."""
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture("lamp", 0, done=done)}


def become(page: Page, base: str, name: str) -> None:
    """Choose somebody at the demo's door."""
    page.goto(f"{base}/demo/")
    with page.expect_navigation():
        page.get_by_role("button", name=f"以{name}的身份进去").click()


def seen(page: Page, name: str) -> None:
    """Nobody is left out of this page, nothing hangs over its edge; a picture of it is kept."""
    look(page, f"loop-{name}")
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def on_time(page: Page, base: str) -> tuple[int, int]:
    """What the league says of the community: closed on time, and all that counts."""
    become(page, base, "高雅琳")
    page.goto(f"{base}/desk/league/?level=community")
    row = page.get_by_role("row").filter(has_text="宝石社区")
    cells = row.get_by_role("cell").all_inner_texts()
    numbers = [int(text) for text in cells if re.fullmatch(r"\d+", text.strip())]
    return numbers[-3], numbers[-1]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_broken_light(page: Page, demo_server: str, width: int) -> None:
    base = demo_server
    page.set_viewport_size({"width": 1440, "height": 900})
    before = on_time(page, base)
    page.set_viewport_size({"width": width, "height": 844 if width == PHONE else 900})
    number = _chen_reports(page, base)
    _wang_mends_it(page, base, number)
    _chen_looks_and_reviews(page, base, number)
    page.set_viewport_size({"width": 1440, "height": 900})
    after = on_time(page, base)
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
    seen(page, "league")
    page.get_by_role("row").filter(has_text="宝石社区").get_by_role("link", name=str(after[0])).click()
    expect(page.get_by_text("5号楼东头的路灯不亮了").first).to_be_visible()
    page.goto(f"{base}/desk/m/{number}/")
    seen(page, "desk-matter")
    if width == PHONE:
        phones = [f"loop-{name}-{PHONE}" for name in ("words", "sent", "answer", "look")]
        side_by_side([*phones, f"loop-league-{DESK}"], "loop")


def _chen_reports(page: Page, base: str) -> str:
    """Four taps and a sentence; gives the number."""
    become(page, base, "陈桂兰")
    page.goto(f"{base}/")
    seen(page, "home")
    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("说说怎么了").or_(page.locator("textarea[name=words]")).first.fill(WORDS)
    page.locator("input[name=photos]").set_input_files(photo(done=False))
    seen(page, "words")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", name="在什么地方")).to_be_visible()
    seen(page, "where")
    page.get_by_role("button", name=re.compile("我家")).click()
    expect(page.get_by_role("heading", name="发出去前")).to_be_visible()
    expect(page.locator("label:has(input[name=category]:checked)")).to_have_text("路灯不亮")
    seen(page, "check")
    page.get_by_role("button", name="发出去").click()
    expect(page.get_by_role("heading", name=re.compile("收到"))).to_be_visible()
    seen(page, "sent")
    return page.url.rstrip("/").rpartition("/")[2]


def _wang_mends_it(page: Page, base: str, number: str) -> None:
    become(page, base, "王淑琴")
    page.goto(f"{base}/w/")
    seen(page, "today")
    page.goto(f"{base}/w/tasks/{number}/")
    seen(page, "task")
    page.get_by_role("button", name=re.compile("^接")).click()
    page.locator("form.needs-after textarea[name=words]").fill("换了灯头和线，试了三回都亮。")
    page.locator("form.needs-after input[name=after]").set_input_files(photo(done=True))
    seen(page, "answer")
    page.get_by_role("button", name="报办好").click()
    expect(page.get_by_text("办好了").first).to_be_visible()


def _chen_looks_and_reviews(page: Page, base: str, number: str) -> None:
    become(page, base, "陈桂兰")
    page.goto(f"{base}/mine/")
    seen(page, "mine")
    page.goto(f"{base}/m/{number}/")
    seen(page, "look")
    page.get_by_role("button", name="修好了").click()
    page.get_by_text("非常满意", exact=True).click()
    seen(page, "review")
    page.get_by_role("button", name=re.compile("评")).click()
    expect(page.get_by_text(re.compile("您评的"))).to_be_visible()
    seen(page, "done")
