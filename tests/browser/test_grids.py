"""A clerk redraws the grids in a real browser: by mouse, by keys, on a phone without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import shapely
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from silin.people.models import Post
from silin.places.coverage import check
from silin.places.ground import Ground
from silin.places.models import BOUNDARIES, Boundary, Building, Place, PlannedChange, Revision
from silin.places.regridding import Wish, merge_grids
from tests.browser.test_loop import become
from tests.browsers import DESK, axe, look, new_page

MAP = "silin-grids[data-drawn]"
BUSY = "form[aria-busy]"


def _at(page: Page, across: float, down: float) -> None:
    """A click on the map, at shares of its width and height."""
    box = page.locator(f"{MAP} .map-canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def _fine(page: Page, name: str) -> None:
    look(page, f"grids-{name}")
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _choose(page: Page, verb: str, grid: str = "", other: str = "") -> None:
    page.get_by_label("要做什么").select_option(verb)
    if grid:
        page.get_by_label("哪个网格", exact=True).select_option(grid)
    if other:
        page.get_by_label("和哪个网格").select_option(other)


def _saved(page: Page) -> None:
    with page.expect_navigation():
        _press(page, "保存")
    expect(page.get_by_text("已保存，网格按新边界划分。")).to_be_visible()
    page.locator(MAP).wait_for()


@pytest.fixture
def community(demo_db: str) -> Place:
    return Place.objects.get(name__startswith="宝石社区")


def _grids(community: Place) -> list[Place]:
    return Ground(community).grids


def test_the_clerk_redraws_the_grids(page: Page, demo_server: str, community: Place) -> None:
    page.set_viewport_size(DESK)
    before = len(_grids(community))
    become(page, demo_server, "高雅琳")
    page.goto(f"{demo_server}/desk/grids/{community.code}/")
    page.locator(MAP).wait_for()
    _fine(page, "start")
    _splits_by_line(page)
    _draws_a_new_one(page)
    assert len(_grids(community)) == before + 2
    _moves_a_corner_by_keys(page)
    _makes_two_one(page, community)
    _is_told_what_is_wrong(page)
    _plans_another_street(page, community)


def test_grids_that_do_not_load_are_asked_for_again(page: Page, demo_server: str, community: Place) -> None:
    become(page, demo_server, "高雅琳")
    page.route("**/shapes*", lambda route: route.abort())
    page.goto(f"{demo_server}/desk/grids/{community.code}/")
    expect(page.get_by_role("alert")).to_contain_text("网格没有载入")
    page.unroute("**/shapes*")
    _press(page, "载入现在的网格")
    page.locator(MAP).wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)


def _splits_by_line(page: Page) -> None:
    _choose(page, "split")
    _at(page, 0.38, 0.5)
    expect(page.get_by_label("哪个网格", exact=True)).not_to_have_value("")
    _at(page, 0.38, 0.05)
    _at(page, 0.38, 0.96)
    _press(page, "撤销")
    _press(page, "重做")
    expect(page.get_by_label("角点", exact=True)).to_have_value(re.compile(r"^1\d\d\.\d+, .+\n1\d\d\.\d+, "))
    _press(page, "看看会变什么")
    expect(page.get_by_text("现在还没有保存")).to_be_visible()
    for words in ("微网格连同", "张网的职责", "新网格还没有岗位"):
        expect(page.locator("[data-outcome]")).to_contain_text(words)
    _fine(page, "shown")
    _saved(page)


def _draws_a_new_one(page: Page) -> None:
    _choose(page, "draw")
    for spot in ((0.936, 0.152), (0.927, 0.29), (0.79, 0.27), (0.79, 0.135)):
        _at(page, *spot)
    page.get_by_label("新网格的名称").fill("东北角网格")
    look(page, "grids-drawn")
    _saved(page)
    expect(page.locator(f"{MAP} .lbl", has_text="东北角网格")).to_be_visible()


def _moves_a_corner_by_keys(page: Page) -> None:
    _choose(page, "redraw")
    _at(page, 0.15, 0.2)
    corners = page.get_by_label("角点", exact=True)
    expect(corners).not_to_have_value("")
    first = corners.input_value()
    _press(page, "下一个角点")
    expect(page.get_by_role("button", name="第 1 个角点", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    moved = corners.input_value()
    assert moved.splitlines()[1:] == first.splitlines()[1:]
    assert moved.splitlines()[0] != first.splitlines()[0]
    page.keyboard.press("PageDown")
    expect(page.get_by_role("button", name="第 2 个角点", exact=True)).to_be_focused()
    page.keyboard.press("Delete")
    expect(corners).not_to_have_value(moved)
    for _time in range(3):
        _press(page, "撤销")
    expect(corners).to_have_value(first)
    _fine(page, "corners")


def _makes_two_one(page: Page, community: Place) -> None:
    """Meanwhile a second clerk changes the same community: this one is told, and keeps what was chosen."""
    first, second, third, fourth = _grids(community)[:4]
    _choose(page, "merge", second.code, first.code)
    merge_grids([third, _grids(community)[-1]], Wish(None, timezone.now()), survivor=third)
    _press(page, "保存")
    expect(page.get_by_text("您打开以后有人改过这些网格")).to_be_visible()
    expect(page.get_by_label("哪个网格", exact=True)).to_have_value(second.code)
    _press(page, "载入现在的网格")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#grids-other option", has_text="东北角网格")).to_have_count(0)
    _press(page, "看看会变什么")
    expect(page.locator("[data-outcome]")).to_contain_text(f"网格员转到{second.short_name}")
    look(page, "grids-merged")
    _saved(page)
    assert not Post.objects.open().filter(place=first).exists()
    assert fourth in _grids(community)


def _is_told_what_is_wrong(page: Page) -> None:
    _choose(page, "draw")
    page.get_by_label("角点", exact=True).fill("在路口")
    _press(page, "保存")
    expect(page.get_by_role("link", name=re.compile("第 1 行不是角点"))).to_be_visible()
    expect(page.get_by_label("角点", exact=True)).to_have_value("在路口")


def _plans_another_street(page: Page, community: Place) -> None:
    street = Place.objects.active().filter(level="street", parent=community.ancestors()[-2])
    other = street.exclude(code=community.code[:9] + "000").order_by("code").first()
    assert other is not None
    day = timezone.localdate() + timedelta(days=30)
    _choose(page, "move")
    page.get_by_label("划到哪里").fill(other.code)
    page.get_by_label("从哪天起").fill(day.isoformat())
    _press(page, "保存")
    plans = page.get_by_role("region", name="到期调整")
    expect(plans).to_contain_text(f"{day.year}年{day.month}月{day.day}日")
    _fine(page, "planned")
    _press(page, "撤回")
    expect(plans).to_contain_text("已撤回")
    assert PlannedChange.objects.get().given_up_at


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    with new_page(browser, java_script_enabled=False) as page:
        yield page


def test_homes_without_a_grid_are_found_and_given_one_on_a_phone_without_scripts(
    plain: Page, page: Page, demo_server: str, community: Place
) -> None:
    lost = _grids(community)[4]
    outline = Boundary.objects.get(place=lost, valid_until=None)
    Boundary.objects.filter(place__parent=lost).delete()
    corners = "\n".join(f"{lon:.7f}, {lat:.7f}" for lon, lat in shapely.get_coordinates(outline.shape)[:-1])
    outline.delete()
    wrong = Building.objects.filter(grid__path__startswith=lost.path).latest("pk")
    Building.objects.filter(pk=wrong.pk).update(grid=_grids(community)[0])
    Revision.objects.bump(BOUNDARIES)
    address = f"{demo_server}/desk/grids/{community.code}/"
    for phone in (page, plain):
        become(phone, demo_server, "高雅琳")
        phone.goto(address)
        homes = phone.get_by_role("region", name="每户都在网格里吗")
        expect(homes).to_contain_text(f"{lost.short_name}还没有边界")
        expect(homes).to_contain_text("没有网格的楼：1 栋")
    page.locator(MAP).wait_for()
    _fine(page, "gap")
    page.get_by_role("button", name="在图上看").first.click()
    plain.get_by_label("要做什么").select_option("redraw")
    plain.get_by_label("哪个网格", exact=True).select_option(lost.code)
    plain.get_by_label("角点", exact=True).fill(corners)
    _press(plain, "看看会变什么")
    expect(plain.get_by_text("现在还没有保存")).to_be_visible()
    _press(plain, "保存")
    expect(plain.get_by_text("每户都在网格里，没有重叠，没有空白。").first).to_be_visible()
    assert check(community).is_whole
