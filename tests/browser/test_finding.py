"""Wang finds a broken manhole cover without a signal: it waits on the phone, goes later, and once."""

from __future__ import annotations

from io import BytesIO

from django.conf import settings
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from silin.matters.models import Matter
from tests.browsers import PHONE, axe, look
from tests.town import Town, build, today
from tests.visitors import session_of

WORDS = "楼梯口的井盖破了，踩着晃"
KEPT = "caches.match('/w/find/', {cacheName: 'silin-work', ignoreVary: true})"
WIDER = "document.documentElement.scrollWidth - innerWidth"


def photo() -> FilePayload:
    body = BytesIO()
    Image.new("RGB", (800, 600), "#775").save(body, "JPEG")
    return FilePayload(name="井盖.jpg", mimeType="image/jpeg", buffer=body.getvalue())


def enter(page: Page, server: str, town: Town) -> None:
    key = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": key, "value": session_of(town.wang), "url": server}])
    page.set_viewport_size(PHONE)


def test_without_a_signal_it_waits_and_goes_once(page: Page, server: str) -> None:
    town = build(today())
    enter(page, server, town)
    _keeps_the_page(page, server)
    page.context.set_offline(True)
    page.goto(f"{server}/w/find/")
    page.locator("input[name=before]").set_input_files([photo()])
    page.get_by_label("怎么了").fill(WORDS)
    page.get_by_role("button", name="报上去").click()
    waiting = page.locator("[data-waits]")
    expect(waiting).to_contain_text("等网")
    expect(page.get_by_label("怎么了")).to_have_value("")
    look(page, "finding-waiting")
    assert axe(page) == []
    assert page.evaluate(WIDER) <= 0
    phone = page.context
    page.close()
    page = phone.new_page()
    page.goto(f"{server}/w/find/")  # the phone was put away and taken out again, still without a signal
    waiting = page.locator("[data-waits]")
    expect(waiting).to_contain_text(WORDS)
    beside = phone.new_page()
    beside.goto(f"{server}/w/find/")
    assert not Matter.objects.exists()
    phone.set_offline(False)
    expect(page.locator("[data-waits]")).to_have_count(0)
    beside.reload()
    expect(beside.locator("[data-waits]")).to_have_count(0)
    matter = Matter.objects.get()
    assert (matter.kind, matter.words, matter.category_id) == ("finding", WORDS, "manhole")
    assert matter.photos.count() == 1


def test_what_is_refused_comes_back_and_says_why(page: Page, server: str) -> None:
    town = build(today())
    enter(page, server, town)
    _keeps_the_page(page, server)
    page.goto(f"{server}/w/find/")
    page.context.set_offline(True)
    page.get_by_label("怎么了").fill(WORDS)
    page.get_by_text("我已经弄好了").click()
    page.get_by_role("button", name="当场办好").click()
    waiting = page.locator("[data-waits]")
    expect(waiting).to_contain_text("等网")
    page.context.set_offline(False)
    expect(waiting).to_contain_text("请看一眼")
    expect(waiting).to_contain_text("写几个字")
    page.get_by_label("怎么了").fill("另一件：路灯不亮")
    look(page, "finding-refused")
    assert axe(page) == []
    assert page.evaluate(WIDER) <= 0
    waiting.get_by_role("button").click()
    expect(page.get_by_label("怎么了")).to_have_value(WORDS)
    expect(waiting).to_contain_text("另一件：路灯不亮")  # what was begun moves out of the way
    page.get_by_label("做了什么").fill("扶正了，垫了胶圈")
    page.locator("input[name=after]").set_input_files([photo()])
    page.get_by_role("button", name="当场办好").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("记下了")
    assert (Matter.objects.get().words, Matter.objects.get().outcome) == (WORDS, "on_the_spot")
    waiting.get_by_role("button").click()
    expect(page.get_by_label("怎么了")).to_have_value("另一件：路灯不亮")
    assert Matter.objects.count() == 1


def test_whoever_comes_next_finds_nothing_kept(page: Page, server: str) -> None:
    town = build(today())
    enter(page, server, town)
    _keeps_the_page(page, server)
    page.context.clear_cookies()
    page.goto(f"{server}/")
    _until(page, f"!(await {KEPT})")
    page.context.set_offline(True)
    page.goto(f"{server}/w/find/")
    expect(page.locator("body")).to_contain_text("没连上网")


def _keeps_the_page(page: Page, server: str) -> None:
    """Wang has only looked at today; the phone keeps the page for a finding all the same."""
    page.goto(f"{server}/w/")
    _until(page, f"navigator.serviceWorker.controller && await {KEPT}")


def _until(page: Page, holds: str) -> None:
    page.evaluate(f"async () => {{ while (!({holds})) await new Promise((go) => setTimeout(go, 50)); }}")


def test_while_wang_types_three_are_offered(page: Page, server: str) -> None:
    town = build(today())
    enter(page, server, town)
    page.goto(f"{server}/w/find/")
    page.get_by_label("怎么了").fill("群里说三单元门口的路灯又灭了")
    offered = page.locator("[data-suggest]")
    offered.get_by_text("路灯不亮").click()
    look(page, "finding")
    assert axe(page) == []
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("记下了")
    assert Matter.objects.get().category_id == "street_light"
