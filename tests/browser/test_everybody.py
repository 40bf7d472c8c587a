"""Large type, a narrow phone, paper, strong contrast: the same pages, and nobody is left out."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from silin.accounts.models import User
from silin.matters.deeds import By
from silin.matters.raising import Report, raise_matter
from silin.people.models import Post
from silin.places.models import CityText
from tests.browsers import axe, look
from tests.town import Town, build

SMALL = """() => [...document.querySelectorAll(':is(main, .top) :is(a, button, input), .tabs a')]
  .map(each => each.closest('.ls > li') ?? each.closest('.search') ?? each)
  .filter(each => each.offsetParent && !each.closest('p') && each.getBoundingClientRect().height < 56)
  .map(each => each.outerHTML.slice(0, 90) + ' ' + each.getBoundingClientRect().height)"""
WIDER = "document.documentElement.scrollWidth - innerWidth"
PAGES = ["/", "/report/", "/mine/", "/me/", "/open/communities/990102001001/"]


@pytest.fixture
def town(live_db: str) -> Town:
    """Chen has raised something; her grid worker has a number, the city's office has one."""
    town = build()
    Post.objects.filter(pk=town.worker_post.pk).update(telephone="0917-3210042")
    CityText.objects.create(name="office_telephone", value="0917-3110000")
    report = Report("路灯不亮", town.lamp, building=town.building)
    raise_matter("report", By(town.chen, timezone.now()), report)
    return town


def enter(page: Page, server: str, user: User) -> None:
    """The person is signed in, in this browser."""
    client = Client()
    client.force_login(user)
    key = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": key, "value": client.cookies[key].value, "url": server}])


def large(user: User) -> None:
    """The account asks for large type."""
    User.objects.filter(pk=user.pk).update(large_type=True)


def test_chen_reads_in_large_type(page: Page, town: Town, server: str) -> None:
    large(town.chen)
    enter(page, server, town.chen)
    for path in PAGES:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(server + path)
        expect(page.locator("html")).to_have_attribute("data-mode", "elder")
        look(page, f"elder-{path.strip('/').replace('/', '-')}")
        assert page.evaluate(SMALL) == [], path
        assert axe(page) == [], path
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate(WIDER) <= 0, path
    page.goto(f"{server}/")
    expect(page.get_by_role("link", name="给王淑琴打电话")).to_have_attribute("href", "tel:0917-3210042")
    helped = page.get_by_role("main").get_by_role("link", name="0917-3110000")
    expect(helped).to_have_attribute("href", "tel:0917-3110000")


def test_words_twice_as_large_stay_on_the_page(page: Page, town: Town, server: str) -> None:
    enter(page, server, town.chen)
    page.set_viewport_size({"width": 320, "height": 640})
    for path in PAGES:
        page.goto(server + path)
        look(page, f"narrow-{path.strip('/').replace('/', '-')}")
        assert page.evaluate(WIDER) <= 0, path
        page.set_viewport_size({"width": 640, "height": 900})
        page.evaluate("document.documentElement.style.zoom = 2")
        assert page.evaluate(WIDER) <= 0, path
        page.set_viewport_size({"width": 320, "height": 640})


def test_lists_on_paper(page: Page, town: Town, server: str) -> None:
    enter(page, server, town.zhou)
    page.emulate_media(media="print")
    code = town.community.code
    for path, shown in (
        (f"/open/communities/{code}/", "王淑琴"),
        (f"/desk/posts/{code}/", "王淑琴"),
        (f"/desk/grids/{code}/", "第一网格"),
        (f"/desk/places/{code}/", "第一网格"),
    ):
        page.goto(server + path)
        look(page, f"paper-{path.strip('/').replace('/', '-')}")
        for shell in page.locator(".top, .bar, .side, .tabs, [role=search], .btn").all():
            expect(shell).to_be_hidden()
        expect(page.get_by_role("main").get_by_text(shown).locator("visible=true").first).to_be_visible()
    page.goto(f"{server}/open/communities/{code}/")
    expect(page.get_by_text("0917-3210042").first).to_be_visible()


def test_what_a_reader_asked_the_system_for(page: Page, town: Town, server: str) -> None:
    page.goto(f"{server}/")
    page.emulate_media(reduced_motion="reduce", contrast="more")
    value = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    assert [page.evaluate(value, name) for name in ("--fast", "--calm")] == ["0ms", "0ms"]
    assert page.evaluate(value, "--ink-3") == page.evaluate(value, "--ink")
    page.evaluate("document.documentElement.dataset.mode = 'wall'")
    assert page.evaluate(value, "--ink-3") == page.evaluate(value, "--ink") == "#EEF1EC"
    page.reload()
    page.emulate_media(forced_colors="active")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_the_wall_is_dark_and_fills_its_screen(page: Page, town: Town, server: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server}/wall/{town.community.code}/")
    expect(page.locator("html")).to_have_attribute("data-mode", "wall")
    look(page, "wall")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", ground)[:3])) < 60, ground
    assert page.evaluate(WIDER) <= 0
    assert axe(page) == []


def test_without_a_connection_the_phone_says_so(page: Page, town: Town, server: str) -> None:
    large(town.chen)
    enter(page, server, town.chen)
    page.goto(f"{server}/")
    page.evaluate("navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.goto(f"{server}/mine/")
    expect(page.get_by_role("heading", name="这会儿没连上网")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    look(page, "offline")
    assert axe(page) == []
    assert page.evaluate(WIDER) <= 0
    page.context.set_offline(False)
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_text("路灯不亮").first).to_be_visible()
