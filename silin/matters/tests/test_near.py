"""What goes on around: the list and the map of what was released, the same cost however much there is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from silin.lib.ids import new_id
from silin.lib.refusal import Refused
from silin.matters.cells import AT_MOST, DEGREES, LARGE, SMALL, Square, count_cells
from silin.matters.covering import cover_words
from silin.matters.deeds import By
from silin.matters.models import OPEN, MapCell, Matter
from silin.matters.open_map import PAGE
from silin.matters.tests.pages import make_town, raised, signed_in
from silin.matters.triage import release
from tests.counting import packed, statements
from tests.town import SOUTH, WEST, Town

HTML = 12_000  # compressed, as in test_sizes.py
SECRET = "墙上的蓝色裂缝"
DOORS = ("/", "/near/?at=", "/near/?at=&show=all", "/near/map/?at=", "/near/shapes.geojson?at=", "/open/")


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def shown(town: Town, words: str) -> Matter:
    """A report of Chen's that Li has released."""
    return release(raised(town, words), By(town.li, timezone.now()))


def to_map(page: str) -> str:
    """Where the list leads for the map."""
    query = page.partition('href="/near/map/')[2].partition('"')[0]
    return f"/near/map/{query}"


def test_neighbours_find_it_as_a_list_and_on_the_map(client: Client, town: Town) -> None:
    matter = shown(town, "三楼楼道灯不亮。")
    count_cells(timezone.now())
    count_cells(timezone.now())
    code = town.community.code
    assert f"/near/{matter.number}/" in client.get(f"/near/?at={code}").text
    assert matter.number not in client.get(f"/near/?at={town.other.code}").text
    assert "正在办 1 件" in client.get(f"/near/map/?at={code}").text
    spots = [
        each
        for each in client.get(f"/near/shapes.geojson?at={code}").json()["features"]
        if each["geometry"]["type"] == "Point"
    ]
    assert [spot["properties"]["colour"] for spot in spots] == ["ok"]
    assert spots[0]["geometry"]["coordinates"] != [town.building.lon, town.building.lat]
    part = client.get(spots[0]["properties"]["link"])
    assert f"/near/{matter.number}/" in part.text
    round_it = client.get(to_map(part.text)).text
    assert "正在办 1 件" in round_it
    assert "/near/?in=0." in round_it
    large = client.get("/near/shapes.geojson?at=").json()["features"][-1]["properties"]["link"]
    whole = client.get(large).text
    assert "正在办 1 件" in whole
    assert f"/near/{matter.number}/" in client.get(f"/near/?{large.partition('?')[2]}").text
    release(matter, By(town.li, timezone.now()), public=False)
    count_cells(timezone.now())
    assert MapCell.objects.count() == 0


def test_the_words_beside_the_map_count_more_squares_than_it_carries(client: Client, town: Town) -> None:
    unit, corner = town.community.unit, Square(LARGE, 5355, 1715)
    west, south, _east, _north = corner.edges
    x, y = round(west / DEGREES[SMALL]), round(south / DEGREES[SMALL])
    MapCell.objects.bulk_create(
        MapCell(size=SMALL, unit=unit, x=x + n % 12, y=y + n // 12, going=2, late=1, done=0)
        for n in range(AT_MOST + 1)
    )
    MapCell.objects.create(size=LARGE, unit="", x=corner.x, y=corner.y, going=7, late=0, done=0)
    assert f"正在办 {2 * AT_MOST + 2} 件" in client.get(f"/near/map/?at={town.community.code}").text
    assert len(client.get(f"/near/shapes.geojson?at={town.community.code}").json()["features"]) == AT_MOST + 2
    assert "正在办 7 件" in client.get("/near/map/?at=").text


def test_nothing_that_is_not_released_stands_at_any_door(client: Client, town: Town) -> None:
    matter = raised(town, SECRET)
    count_cells(timezone.now())
    for door in DOORS:
        page = client.get(door)
        assert page.status_code == 200, door
        assert SECRET not in page.text, door
        assert matter.number not in page.text, door
    assert client.get(f"/near/{matter.number}/").status_code == 404
    for wrong in ("x", "1.2", "2.1.1", f"1.{'9' * 400}.1", f"1.1.{'9' * 400}"):
        assert client.get(f"/near/?in={wrong}").status_code == 404


def test_the_list_begins_in_an_index_of_its_own(client: Client, town: Town) -> None:
    for n in range(3):
        shown(town, f"第 {n} 盏灯不亮")
    few = statements(client, f"/near/?at={town.community.code}")
    for n in range(18):
        shown(town, f"又一盏 {n} 不亮")
    assert statements(client, f"/near/?at={town.community.code}") == few
    assert packed(client.get(f"/near/?at={town.community.code}").content) <= HTML
    rows = Matter.objects.public().filter(unit=town.community.unit).order_by("-raised_at", "-id")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        assert "matters_shown_in_unit" in rows[:20].explain()
        # Among so few rows the indexes that hold them in this order cost the same.
        assert re.search("matters_(shown|going)", rows.filter(state__in=OPEN)[:20].explain())


def test_a_desk_covers_what_is_nobodys_business_and_looks_twice(town: Town) -> None:
    matter = raised(town, "楼道灯不亮，502 的老王是小偷，卡号 6222020200112233445，电话 19900000002。")
    page = signed_in(town.li).get(f"/desk/m/{matter.number}/").text
    assert "“小偷”" in page
    covered = cover_words(matter, By(town.li, timezone.now()), also="502 的老王")
    assert "19900000002" not in covered.words
    assert "老王" not in covered.words
    assert "老王" not in covered.search
    with pytest.raises(Refused, match="not_there"):
        cover_words(covered, By(town.li, timezone.now()), also="老王")


def test_a_private_category_is_never_released(town: Town) -> None:
    town.lamp.private = True
    town.lamp.save()
    with pytest.raises(Refused, match="private_category"):
        release(raised(town), By(town.li, timezone.now()))


def test_programs_read_what_was_released_as_points_page_by_page(client: Client, town: Town) -> None:
    hidden, matter = raised(town, SECRET), shown(town, "路灯不亮，电话13812345678")
    told = client.get("/open/matters.geojson").json()
    [one] = told["features"]
    assert one["id"] == matter.number
    assert one["geometry"]["coordinates"] == [round(WEST + 0.005, 6), round(SOUTH + 0.005, 6)]
    assert one["properties"]["title"] == "路灯不亮，电话138****5678"
    assert one["properties"]["status"] == "open"
    assert client.get(one["properties"]["url"]).status_code == 200
    for secret in (hidden.number, SECRET, "陈桂兰", "王淑琴"):
        assert secret not in client.get("/open/matters.geojson").text
    here = f"{WEST + 0.0049},{SOUTH + 0.0049},{WEST + 0.0051},{SOUTH + 0.0051}"
    asked = {f"at={town.community.code}": 1, f"at={town.other.code}": 0, f"bbox={here}": 1, "bbox=1,1,2,2": 0}
    for query, n in asked.items():
        assert len(client.get(f"/open/matters.geojson?{query}").json()["features"]) == n, query
    for query, status in {
        "bbox=x": 400,
        "bbox=5,1,2,2": 400,
        f"at={town.city.code}": 404,
        "at=x": 404,
    }.items():
        assert client.get(f"/open/matters.geojson?{query}").status_code == status, query
    assert "/open/matters.geojson" in client.get("/open/").text


def test_points_come_in_pages_that_cost_the_same(client: Client, town: Town) -> None:
    row = shown(town, "路灯不亮")
    few = statements(client, "/open/matters.geojson")
    for n in range(PAGE + 2):
        row.pk, row.number, row.raised_at = new_id(), f"{n:08d}", row.raised_at - timedelta(minutes=1)
        row.save(force_insert=True)
    assert statements(client, "/open/matters.geojson") == few == 1
    first = client.get("/open/matters.geojson").json()
    rest = client.get(first["next"]).json()
    assert (len(first["features"]), len(rest["features"]), "next" in rest) == (PAGE, 3, False)
