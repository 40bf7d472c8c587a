"""A clerk points to a clinic on the map: by keys, a building's name, the phone's position; all see it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from silin.places.models import Facility
from tests.browser.test_everybody import enter
from tests.browsers import PHONE, axe, look
from tests.town import SIDE, SOUTH, WEST, Town, build

DRAWN = "silin-map[data-drawn]"


@pytest.fixture
def town(live_db: str) -> Town:
    return build()


def test_a_clinic_is_pointed_to_and_everybody_finds_it(page: Page, town: Town, server: str) -> None:
    page.set_viewport_size(PHONE)
    enter(page, server, town.zhou)
    page.goto(f"{server}/desk/places/{town.community.code}/facilities/new/")
    page.locator(DRAWN).wait_for()
    point, datum = page.get_by_label(re.compile("^经纬度")), page.get_by_label(re.compile("^哪种地图的点"))
    expect(point).to_have_value("")
    page.get_by_label("种类").select_option("clinic")
    page.get_by_label("名称", exact=True).fill("柳巷卫生站")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(point).to_have_value(re.compile(r"^107\.\d{6}, 34\.\d{6}$"))
    expect(datum).to_have_value("CGCS2000")
    _is_here(page)
    expect(point).to_have_value(f"{WEST + SIDE / 4:.6f}, {SOUTH + SIDE / 4:.6f}")
    expect(datum).to_have_value("WGS-84")
    find = page.get_by_label("在地图上找楼栋")
    find.fill("5 号楼")
    find.press("Tab")
    expect(point).to_have_value(f"{WEST + SIDE / 2:.6f}, {SOUTH + SIDE / 2:.6f}")
    look(page, "pointing")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("柳巷卫生站").first).to_be_visible()
    made = Facility.objects.get()
    assert (made.place, made.building) == (town.grid, town.building)
    _everybody_sees_it(page, town, server)


def _is_here(page: Page) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": WEST + SIDE / 4, "latitude": SOUTH + SIDE / 4})
    page.get_by_role("button", name="用我现在的位置").click()


def _everybody_sees_it(page: Page, town: Town, server: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{server}/open/places/{town.community.code}/facilities/")
    page.get_by_role("button", name="看地图").click()
    page.locator(DRAWN).wait_for()
    expect(page.locator(".lbl", has_text="柳巷卫生站")).to_be_visible()
    look(page, "pointing-open")
    assert axe(page) == []
    page.context.clear_permissions()
    page.goto(f"{server}/open/communities/{town.community.code}/")
    page.get_by_role("button", name="按我现在的位置找").click()
    expect(page.get_by_text("手机没有说出位置").or_(page.locator("[data-here-failed]"))).to_be_visible()
