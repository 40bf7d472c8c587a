"""A bad review in a real browser, to its oversight: called back, put right, answered, looked at."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_loop import become, seen
from tests.browsers import DESK, PHONE

TITLE = "2号楼门前下水反味"
TO_DO = "2号楼门前的下水中午再去看一回，存水弯换掉，味儿没了才算完。"


def test_a_bad_review_to_its_oversight(page: Page, demo_server: str) -> None:
    base = demo_server
    page.set_viewport_size(DESK)
    number = _li_calls_and_says_what_to_put_right(page, base)
    page.set_viewport_size(PHONE)
    _wang_puts_it_right(page, base, number)
    page.set_viewport_size(DESK)
    become(page, base, "李建民")
    page.goto(f"{base}/desk/m/{number}/")
    page.locator("#answer").get_by_label("修好了").check()
    page.locator("#answer textarea").fill("存水弯换了，中午试过没味儿，上回没查到根上。")
    page.locator("#answer").get_by_role("button", name="报办好").click()
    become(page, base, "郭晓峰")
    page.goto(f"{base}/desk/reviews/")
    expect(page.get_by_role("row").filter(has_text=TITLE)).to_contain_text("已答复")
    page.goto(f"{base}/desk/m/{number}/")
    page.locator("#look").get_by_role("button").click()
    page.goto(f"{base}/desk/reviews/?tab=ended")
    expect(page.get_by_role("row").filter(has_text=TITLE)).to_be_visible()


def _li_calls_and_says_what_to_put_right(page: Page, base: str) -> str:
    become(page, base, "李建民")
    page.goto(f"{base}/desk/reviews/")
    seen(page, "bad-reviews")
    page.get_by_role("link", name=TITLE).click()
    number = page.url.split("?")[0].rstrip("/").rpartition("/")[2]
    page.locator("#take").get_by_role("button").click()
    seen(page, "bad-review-desk")
    call = unfolded(page, "contact")
    call.locator("input[name=how][value=phone]").check(force=True)
    call.locator("input[name=reached][value=yes]").check(force=True)
    call.locator("textarea").fill("说盖子是加了，中午还有味儿。")
    call.get_by_role("button").click()
    order = unfolded(page, "order")
    order.locator("textarea").fill(TO_DO)
    order.get_by_role("button").click()
    return number


def _wang_puts_it_right(page: Page, base: str, number: str) -> None:
    become(page, base, "王淑琴")
    page.goto(f"{base}/w/graded/")
    seen(page, "graded-list")
    page.goto(f"{base}/w/graded/{number}/")
    expect(page.get_by_text("存水弯换掉")).to_be_visible()
    expect(page.get_by_text(TITLE)).to_have_count(0)
    seen(page, "graded")
    page.locator("#put_right_words").fill("存水弯换了，中午蹲了一个钟头，没味儿了。")
    page.get_by_role("button", name="报告整改好了").click()
    expect(page.get_by_text("由上一级答复评价人").first).to_be_visible()


def unfolded(page: Page, do: str) -> Locator:
    """The form of an action, its fold opened."""
    form = page.locator(f"#{do} form")
    if not form.is_visible():
        page.locator("details").filter(has=form).locator("summary").click()
    return form
