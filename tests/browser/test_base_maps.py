"""Base maps in a real browser: tiles under our shapes, moved for GCJ-02, named, and missed without harm."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import geocoordinates_ffi as oracle  # type: ignore[import-untyped]
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests import servers
from tests.browser.test_everybody import enter
from tests.browsers import axe, look, new_page
from tests.tiles import TileServer, tile_at, tile_server, write_pmtiles
from tests.town import SIDE, SOUTH, WEST, Town, build

NUMBER = "GS(2024)0650号"
KEY = "k3yOfThisCity"
PINK = (214, 82, 180)
DRAWN = ":is(silin-map, silin-grids)[data-drawn]"
VIEW = """() => { const { engine } = document.querySelector(':is(silin-map, silin-grids)');
  const { lng, lat } = engine.getCenter(); return [lng, lat, engine.getZoom()]; }"""
LABELS = """() => { const map = document.querySelector(':is(silin-map, silin-grids)');
  return Object.fromEntries(map.labels.labels.map(({ marker }) =>
    [marker.getElement().textContent, marker.getLngLat().toArray()])); }"""
SETTLED = """() => { const { engine } = document.querySelector(':is(silin-map, silin-grids)');
  return engine.loaded() && engine.areTilesLoaded(); }"""


@pytest.fixture
def town(live_db: str) -> Town:
    return build()


@pytest.fixture
def stub() -> Iterator[TileServer]:
    with tile_server() as server:
        yield server


def _open(page: Page, address: str) -> None:
    page.goto(address)
    door = page.get_by_role("button", name="看地图")
    if door.count():
        door.click()
    page.locator(DRAWN).wait_for()


def _credited(page: Page, words: str) -> None:
    expect(page.locator(".map-credit")).to_have_text(f"{words} · 审图号：{NUMBER}")
    assert axe(page) == []


def _colours(page: Page) -> set[tuple[int, ...]]:
    """The colours at the edge of the map, where nothing of ours lies."""
    page.wait_for_function(SETTLED)
    picture = Image.open(io.BytesIO(page.locator(DRAWN).screenshot())).convert("RGB")
    return {picture.getpixel((x, 60)) for x in range(4, picture.width, 40)}  # type: ignore[misc]


def test_a_file_of_tiles_is_drawn_under_the_shapes(
    page: Page, browser: Browser, live_db: str, town: Town, tmp_path: Path
) -> None:
    path = tmp_path / "city.pmtiles"
    write_pmtiles(path, WEST + SIDE, SOUTH + SIDE, 11, PINK)
    words = {"SILIN_BASE_MAP": "pmtiles", "SILIN_BASE_MAP_SOURCE": str(path), "SILIN_MAP_APPROVAL": NUMBER}
    with servers.running("web", live_db, tmp_path, **words) as server:
        address = f"{server.url}/open/places/{town.community.code}/"
        _open(page, address)
        assert PINK in _colours(page)
        _credited(page, "© OpenStreetMap 贡献者")
        look(page, "base-pmtiles")
        path.unlink()
        with new_page(browser) as later:
            _open(later, address)
            _is_bare(later, town)


def _is_bare(page: Page, town: Town) -> None:
    """The base map does not come: the page says so, and the outlines and names stand there all the same."""
    expect(page.locator(".map-bare")).to_contain_text("底图暂时打不开")
    expect(page.locator(".lbl", has_text=town.grid.short_name)).to_be_visible()
    assert axe(page) == []


def test_tianditu_from_the_citys_own_mirror(
    page: Page, browser: Browser, live_db: str, town: Town, tmp_path: Path, stub: TileServer
) -> None:
    source = f"{stub.url}/wmts?layer={{layer}}&z={{z}}&x={{x}}&y={{y}}&tk={{key}}"
    words = {"SILIN_BASE_MAP": "tianditu", "SILIN_BASE_MAP_KEY": KEY, "SILIN_BASE_MAP_SOURCE": source}
    with servers.running("web", live_db, tmp_path, SILIN_MAP_APPROVAL=NUMBER, **words) as server:
        _open(page, f"{server.url}/open/places/{town.community.code}/")
        _covers(page, stub, layer="vec", tk=KEY)
        _covers(page, stub, layer="cva", tk=KEY)
        _credited(page, "天地图")
        enter(page, server.url, town.zhou)
        page.set_viewport_size({"width": 1440, "height": 900})
        for path in (f"/desk/grids/{town.community.code}/", f"/desk/places/{town.community.code}/"):
            _open(page, server.url + path)
            _credited(page, "天地图")
        stub.is_down = True
        with new_page(browser) as later:
            enter(later, server.url, town.zhou)
            _open(later, f"{server.url}/desk/grids/{town.community.code}/")
            _is_bare(later, town)
        assert KEY not in server.said()


def _covers(page: Page, stub: TileServer, **words: str) -> tuple[float, float, float]:
    """The tile in the middle of what is seen was asked for, column and row as web maps count them."""
    page.wait_for_function(SETTLED)
    lon, lat, zoom = page.evaluate(VIEW)
    asked = stub.tiles(**words)
    deep = max(z for z, _x, _y in asked)
    assert abs(deep - zoom) <= 1.5
    assert (deep, *tile_at(lon, lat, deep)) in asked
    return lon, lat, zoom


def test_on_amap_the_shapes_lie_where_its_picture_has_them(
    page: Page, live_db: str, town: Town, tmp_path: Path, stub: TileServer
) -> None:
    source = f"{stub.url}/tile?z={{z}}&x={{x}}&y={{y}}"
    words = {"SILIN_BASE_MAP": "amap", "SILIN_BASE_MAP_SOURCE": source, "SILIN_MAP_APPROVAL": NUMBER}
    with servers.running("web", live_db, tmp_path, **words) as server:
        _open(page, f"{server.url}/open/places/{town.community.code}/")
        shown = page.evaluate(LABELS)["5"]
        assert town.building.lon is not None
        assert town.building.lat is not None
        peer = oracle.wgs84_to_gcj02(oracle.Wgs84(lat=town.building.lat, lon=town.building.lon))
        assert shown == pytest.approx((peer.lon, peer.lat), abs=2e-5)
        assert abs(shown[0] - town.building.lon) > 0.003
        _covers(page, stub)
        _credited(page, "高德地图")


def test_every_page_with_a_map_loads_what_names_it() -> None:
    """Whose map it is stands in ``map_assets``: no page draws a map without it."""
    root = Path(__file__).resolve().parents[2] / "silin"
    texts = {
        each.relative_to(root).as_posix().partition("templates/")[2]: each for each in root.rglob("*.html")
    }
    words = {name: path.read_text() for name, path in texts.items()}
    parts = {name for name, text in words.items() if "<silin-" in text and "{% extends" not in text}
    pages = [
        name
        for name, text in words.items()
        if "{% extends" in text and ("<silin-" in text or _has(text, parts))
    ]
    assert len(pages) >= 5
    assert [name for name in pages if "map_assets" not in words[name]] == []


def _has(text: str, parts: set[str]) -> bool:
    return any(f'"{part}"' in text for part in parts)
