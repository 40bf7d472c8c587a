"""Base maps by setting: whose tiles, for which hosts the policy opens, shapes moved for GCJ-02, ranges."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import geocoordinates_ffi as oracle  # type: ignore[import-untyped]
import pytest
from django.conf import settings as conf
from django.template import Context, Template
from django.test import Client
from pytest_django import Settings

from silin import environment
from silin.lib.basemap import base_map
from silin.lib.datum import from_cgcs2000
from silin.security import policy

FRONTEND = Path(conf.BASE_DIR).parent / "frontend"
NUMBER = "GS(2024)0650号"
DATA = bytes(range(256)) * 1000


@pytest.fixture
def tiles(tmp_path: Path, settings: Settings) -> Path:
    """A file that stands for tiles; the ranges of any file are alike."""
    path = tmp_path / "city.pmtiles"
    path.write_bytes(DATA)
    settings.SILIN_BASE_MAP, settings.SILIN_BASE_MAP_SOURCE = "pmtiles", str(path)
    return path


def body(answer: Any) -> bytes:
    found: bytes = answer.getvalue()
    return found


def test_a_blank_map_asks_nobody(settings: Settings) -> None:
    settings.SILIN_BASE_MAP, settings.SILIN_MAP_APPROVAL = "none", NUMBER
    assert (base_map().kind, base_map().hosts) == ("none", ())
    assert NUMBER in base_map().credit
    assert "https:" not in policy()


@pytest.mark.parametrize(("name", "host"), [("tianditu", "t0.tianditu.gov.cn"), ("amap", "autonavi.com")])
def test_the_policy_opens_for_the_chosen_host_alone(settings: Settings, name: str, host: str) -> None:
    settings.SILIN_BASE_MAP, settings.SILIN_BASE_MAP_KEY = name, "k3y"
    settings.SILIN_MAP_APPROVAL = NUMBER
    opened = {part.split()[0]: part for part in policy().split("; ")}
    assert host in opened["img-src"]
    assert host in opened["connect-src"]
    assert not any(
        "https:" in part for word, part in opened.items() if word not in ("img-src", "connect-src")
    )
    assert NUMBER in base_map().credit
    assert {"tianditu": "CGCS2000", "amap": "GCJ-02"}[name] == base_map().datum
    assert all(
        "{z}" in each and "{x}" in each and "{y}" in each for layer in base_map().tiles for each in layer
    )


def test_a_mirror_in_the_citys_network_stands_for_the_host(settings: Settings) -> None:
    settings.SILIN_BASE_MAP, settings.SILIN_BASE_MAP_KEY = "tianditu", "k3y"
    settings.SILIN_BASE_MAP_SOURCE = "https://tiles.city.example:8443/{layer}/{z}/{x}/{y}.png?tk={key}"
    vec, cva = base_map().tiles
    assert vec == ("https://tiles.city.example:8443/vec/{z}/{x}/{y}.png?tk=k3y",)
    assert "/cva/" in cva[0]
    assert "img-src 'self' data: blob: https://tiles.city.example:8443;" in policy()
    assert "tianditu.gov.cn" not in policy()


def test_every_way_of_loading_a_map_says_whose_it_is(settings: Settings) -> None:
    settings.SILIN_BASE_MAP, settings.SILIN_MAP_APPROVAL = "amap", NUMBER
    said = Template("{% load silin %}{% map_assets %}").render(Context())
    assert f'data-credit="高德地图 · 审图号：{NUMBER}"' in said
    assert 'data-datum="GCJ-02"' in said


def test_a_page_carries_the_map_and_its_policy(db: None, settings: Settings, client: Client) -> None:
    settings.SILIN_BASE_MAP, settings.SILIN_BASE_MAP_KEY = "tianditu", "k3y"
    answer = client.get("/open/places/")
    assert "https://t7.tianditu.gov.cn" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_file_is_served_in_ranges(client: Client, tiles: Path) -> None:
    whole = client.get("/map/base.pmtiles")
    assert (whole.status_code, whole["Accept-Ranges"], whole["Content-Length"]) == (200, "bytes", "256000")
    assert body(whole) == DATA
    for asked, start, end in (("0-126", 0, 127), ("255990-", 255990, 256000), ("-5", 255995, 256000)):
        part = client.get("/map/base.pmtiles", headers={"range": f"bytes={asked}"})
        assert part.status_code == 206
        assert part["Content-Range"] == f"bytes {start}-{end - 1}/256000"
        assert body(part) == DATA[start:end]
        assert part["Content-Length"] == str(end - start)


@pytest.mark.django_db
def test_ranges_that_cannot_be_given(client: Client, tiles: Path) -> None:
    out = client.get("/map/base.pmtiles", headers={"range": "bytes=256000-"})
    assert (out.status_code, out["Content-Range"]) == (416, "bytes */256000")
    for asked in ("bytes=-", "bytes=0-1,5-6", "lines=1-2"):
        assert client.get("/map/base.pmtiles", headers={"range": asked}).status_code == 200
    stale = client.get("/map/base.pmtiles", headers={"range": "bytes=0-1", "if-range": '"old"'})
    assert stale.status_code == 200


def test_without_a_file_there_is_none(db: None, client: Client, tiles: Path, settings: Settings) -> None:
    tiles.unlink()
    assert client.get("/map/base.pmtiles").status_code == 404
    settings.SILIN_BASE_MAP = "none"
    assert client.get("/map/base.pmtiles").status_code == 404


def test_shapes_on_amap_lie_where_an_independent_package_puts_them(tmp_path: Path) -> None:
    """The script that moves them, run by node, against the package and against our own formulas."""
    drawn = random.Random(4)
    points = [(drawn.uniform(73.5, 135), drawn.uniform(4, 53.5)) for _ in range(300)] + [
        (107.1435, 34.3621),
        (0, 0),
    ]
    script = (
        f"import {{ toGcj, fromGcj }} from '{FRONTEND}/src/gcj.ts';"
        f"const points = {json.dumps(points)};"
        "console.log(JSON.stringify(points.map((p) => [toGcj(p), fromGcj(toGcj(p))])));"
    )
    (tmp_path / "run.mjs").write_text(script)
    built = tmp_path / "built.mjs"
    esbuild = FRONTEND / "node_modules" / ".bin" / "esbuild"
    subprocess.run(
        [esbuild, tmp_path / "run.mjs", "--bundle", "--platform=node", f"--outfile={built}"],
        check=True,
        capture_output=True,
    )
    said = subprocess.run(["node", built], check=True, capture_output=True, text=True).stdout
    for (lon, lat), (shown, back) in zip(points, json.loads(said), strict=True):
        assert shown == pytest.approx(from_cgcs2000(lon, lat, "GCJ-02"), abs=1e-9)
        assert back == pytest.approx((lon, lat), abs=1e-9)
        if lon:
            peer = oracle.wgs84_to_gcj02(oracle.Wgs84(lat=lat, lon=lon))
            assert shown == pytest.approx((peer.lon, peer.lat), abs=1e-7)


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"SILIN_BASE_MAP": "tianditu"}, "E021"),
        ({"SILIN_BASE_MAP": "tianditu", "SILIN_BASE_MAP_KEY": "a; img-src *"}, "E021"),
        ({"SILIN_BASE_MAP": "pmtiles"}, "E022"),
        ({"SILIN_BASE_MAP": "pmtiles", "SILIN_BASE_MAP_SOURCE": "/nowhere.pmtiles"}, "E022"),
        ({"SILIN_BASE_MAP": "pmtiles", "SILIN_BASE_MAP_SOURCE": "https://a b;c/x.pmtiles"}, "E022"),
        ({"SILIN_BASE_MAP": "google"}, "E014"),
        ({"SILIN_BASE_MAP": "amap", "SILIN_BASE_MAP_SOURCE": "https://a.example/{z}/{x}.png"}, "E025"),
        ({"SILIN_BASE_MAP": "amap", "SILIN_BASE_MAP_SOURCE": "https://a b/{z}/{x}/{y}.png"}, "E025"),
        ({"SILIN_BASE_MAP": "tianditu", "SILIN_BASE_MAP_SOURCE": "https://a/{key}/{z}/{x}/{y}"}, "E021"),
        ({"SILIN_BASE_MAP": "amap"}, "W003"),
    ],
)
def test_settings_that_do_not_go_together(tmp_path: Path, values: dict[str, str], number: str) -> None:
    found = environment.read({"SILIN_HOME": str(tmp_path), **values})
    assert number in {problem.number for problem in found.problems}


def test_settings_that_do(tmp_path: Path) -> None:
    values = {
        "SILIN_BASE_MAP": "pmtiles",
        "SILIN_BASE_MAP_SOURCE": "https://tiles.example.org/city.pmtiles",
        "SILIN_MAP_APPROVAL": NUMBER,
    }
    assert environment.read({"SILIN_HOME": str(tmp_path), **values}).problems == []
