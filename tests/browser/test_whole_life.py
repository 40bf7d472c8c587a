"""The whole life of a matter in a real browser: resident, worker, desk, street, bureau and crew, and back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from silin.matters.models import Matter, State
from tests.browser.test_bad_review import unfolded
from tests.browser.test_loop import become, photo, seen
from tests.browsers import DESK, PHONE, side_by_side

WORDS = "6号楼西头那盏路灯闪了三天，昨晚整个灭了，接孩子回来得打手电。"
LOOKS = ("return-390", "called-390", "underway-390", "rate-1440", "over-390")


def test_the_whole_life_of_a_light(page: Page, demo_server: str) -> None:
    base = demo_server
    number = _chen_reports(page, base)
    _wang_sees_that_it_is_not_hers(page, base, number)
    _the_community_asks_the_street(page, base, number)
    _the_street_calls_the_bureau(page, base, number)
    _the_bureau_comes_and_hands_it_to_its_crew(page, base, number)
    _everybody_sees_who_has_it(page, base, number)
    _the_bureau_answers(page, base, number)
    _wang_looks(page, base, number)
    _chen_reviews(page, base, number)
    _the_street_rates_who_came(page, base, number)
    side_by_side([f"loop-life-{name}" for name in LOOKS], "life")
    matter = Matter.objects.get(number=number)
    came = matter.assignments.get(arrived_at__isnull=False)
    assert (matter.state, matter.review.grade, came.grade) == (State.CLOSED, 5, 5)
    assert (str(came.team), came.post.known_as) == ("路灯抢修班", "金台区住房和城乡建设局")


def _chen_reports(page: Page, base: str) -> str:
    """Four taps and a sentence."""
    page.set_viewport_size(PHONE)
    become(page, base, "陈桂兰")
    page.get_by_role("link", name="我要反映").click()
    page.locator("textarea[name=words]").fill(WORDS)
    page.locator("input[name=photos]").set_input_files(photo(done=False))
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name=re.compile("我家")).click()
    page.get_by_role("button", name="发出去").click()
    expect(page.get_by_role("heading", name=re.compile("收到"))).to_be_visible()
    return page.url.rstrip("/").rpartition("/")[2]


def _wang_sees_that_it_is_not_hers(page: Page, base: str, number: str) -> None:
    become(page, base, "王淑琴")
    page.goto(f"{base}/w/tasks/{number}/")
    form = unfolded(page, "return")
    form.locator("textarea").fill("灯杆里的线烧了，得停电爬杆，网格上修不了，请找管路灯的。")
    seen(page, "life-return")
    form.get_by_role("button").click()


def _the_community_asks_the_street(page: Page, base: str, number: str) -> None:
    page.set_viewport_size(DESK)
    become(page, base, "李建民")
    _whistle(page, base, number, "街道", "宝石家园6号楼西头路灯线烧了，请街道叫住建局来。")


def _whistle(page: Page, base: str, number: str, lead: str, words: str) -> None:
    page.goto(f"{base}/desk/m/{number}/")
    form = unfolded(page, "whistle")
    option = form.locator("select[name=lead] option").filter(has_text=lead).first
    form.locator("select[name=lead]").select_option(value=option.get_attribute("value"))
    form.locator("textarea[name=words]").fill(words)
    seen(page, f"life-whistle-{lead}")
    form.get_by_role("button").click()


def _the_street_calls_the_bureau(page: Page, base: str, number: str) -> None:
    become(page, base, "郭晓峰")
    page.goto(f"{base}/desk/")
    expect(page.get_by_role("link", name=re.compile("6号楼西头")).first).to_be_visible()
    _whistle(page, base, number, "住房和城乡建设局", "请派人带梯子来，线在杆里，晚上有孩子走。")


def _the_bureau_comes_and_hands_it_to_its_crew(page: Page, base: str, number: str) -> None:
    page.set_viewport_size(PHONE)
    become(page, base, "罗建军")
    page.goto(f"{base}/w/tasks/{number}/")
    seen(page, "life-called")
    page.get_by_role("button", name="报到：我到了").click()
    page.get_by_role("button", name="接", exact=True).click()
    form = unfolded(page, "hand_on")
    form.get_by_label("路灯抢修班").check(force=True)
    seen(page, "life-hand-on")
    form.get_by_role("button").click()
    expect(page.get_by_text("路灯抢修班").first).to_be_visible()


def _everybody_sees_who_has_it(page: Page, base: str, number: str) -> None:
    become(page, base, "陈桂兰")
    page.goto(f"{base}/m/{number}/")
    expect(page.get_by_text("住房和城乡建设局").first).to_be_visible()
    seen(page, "life-underway")


def _the_bureau_answers(page: Page, base: str, number: str) -> None:
    become(page, base, "罗建军")
    page.goto(f"{base}/w/tasks/{number}/")
    page.locator("form.needs-after textarea[name=words]").fill(
        "抢修班换了杆里12米线，灯头一并换了，天黑试过亮。"
    )
    page.locator("form.needs-after input[name=before]").set_input_files(photo(done=False))
    page.locator("form.needs-after input[name=after]").set_input_files(photo(done=True))
    seen(page, "life-answer")
    page.get_by_role("button", name="报办好").click()


def _wang_looks(page: Page, base: str, number: str) -> None:
    become(page, base, "王淑琴")
    page.goto(f"{base}/w/")
    page.goto(f"{base}/w/tasks/{number}/")
    seen(page, "life-verify")
    page.get_by_role("button", name="属实", exact=True).click()


def _chen_reviews(page: Page, base: str, number: str) -> None:
    become(page, base, "陈桂兰")
    page.goto(f"{base}/m/{number}/")
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_role("button", name=re.compile("评")).click()
    expect(page.get_by_text(re.compile("您评的"))).to_be_visible()
    seen(page, "life-over")


def _the_street_rates_who_came(page: Page, base: str, number: str) -> None:
    page.set_viewport_size(DESK)
    become(page, base, "郭晓峰")
    page.goto(f"{base}/desk/m/{number}/")
    form = unfolded(page, "rate")
    for name, value in (("came", "yes"), ("solved", "yes"), ("grade", "5")):
        form.locator(f"input[name={name}][value={value!r}]").check(force=True)
    seen(page, "life-rate")
    form.get_by_role("button").click()
