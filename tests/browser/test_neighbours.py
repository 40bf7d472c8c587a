"""Ma points to what Chen has reported already and says "me too" instead, on her phone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from silin.demo.photos import picture
from silin.matters.deeds import By
from silin.matters.models import Follower, Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.triage import release
from silin.people.actions import settle_in
from tests.browser.test_everybody import enter
from tests.browser.test_pointing import DRAWN
from tests.browsers import PHONE, axe, look
from tests.town import Town, build, person

PHOTO: FilePayload = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture("lamp", 0, done=False)}


@pytest.fixture
def town(live_db: str) -> Town:
    town = build()
    report = Report("5 号楼门口的路灯坏了", town.lamp, building=town.building)
    matter = raise_matter("report", By(town.chen, timezone.now()), report)
    release(matter, By(town.li, timezone.now()))
    return town


def test_what_is_known_shows_while_the_map_moves(page: Page, town: Town, server: str) -> None:
    ma = person("马兰", phone="19900000007")
    settle_in(ma, town.grid, building=town.building)
    page.set_viewport_size(PHONE)
    enter(page, server, ma)
    page.goto(f"{server}/report/")
    page.locator("textarea[name=words]").fill("楼门口的路灯不亮")
    page.locator("input[name=photos]").set_input_files(PHOTO)
    page.get_by_role("button", name="继续").click()  # with a photo the next page comes without a reload
    page.locator(DRAWN).wait_for()
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("5 号楼门口的路灯坏了")).to_be_visible()
    expect(page.get_by_role("button", name="都不是，就报这里")).to_be_visible()
    look(page, "neighbours")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="我也遇到").click()
    expect(page.get_by_text("已算上您")).to_be_visible()
    assert axe(page) == []
    row = Follower.objects.get()
    assert (row.user, row.words, Matter.objects.count()) == (ma, "楼门口的路灯不亮", 1)
