"""Facilities and blocks: written down at the desk, found by everybody with a telephone and "open now"."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.places.facility_actions import add_block, add_facility, edit_facility, reopen_facility
from silin.places.models import Block, Facility, FacilityKind
from silin.places.tests.test_estates import get, post
from silin.places.tests.tiny import DAY, NOW, Tiny, at


def base(town: Tiny) -> str:
    return f"/desk/places/{town.elm.code}/facilities/"


def clinic(town: Tiny, name: str = "榆树卫生站", **values: Any) -> Facility:
    kind = FacilityKind.objects.get(pk="clinic")
    return add_facility(town.grids[1], {"kind": kind, "name": name, **values}, actor=None, now=NOW)


def test_li_writes_down_a_clinic_that_everybody_finds(client: Client, li: User, town: Tiny) -> None:
    assert "这里还没有登记设施" in get(client, base(town))
    told = {"hours": "24小时", "telephone": "0917-555 1234", "capacity": "6", "step_free": "1"}
    where = {"kind": "clinic", "name": "榆树卫生站", "building": town.buildings[0].pk}
    answer = post(client, base(town) + "new/", **where, **told)
    assert answer["Location"] == base(town)
    made = Facility.objects.get()
    assert (made.place, made.lon) == (town.buildings[0].grid, town.buildings[0].lon)
    assert "榆树卫生站" in get(client, base(town))
    page = get(Client(), f"/open/places/{town.elm.code}/")
    for words in ("榆树卫生站", 'href="tel:09175551234"', "现在开门", "没有台阶", "每天全天", "可容纳 6"):
        assert words in page, words
    assert "榆树卫生站" in get(Client(), f"/open/places/{town.elm.code}/facilities/?kind=clinic")
    assert "榆树卫生站" not in get(Client(), f"/open/places/{town.oak.code}/facilities/")
    assert "榆树卫生站" in get(Client(), f"/open/places/{town.street.code}/facilities/")


def test_a_point_finds_its_grid_and_says_which_map(client: Client, li: User, town: Tiny) -> None:
    lon, lat = at(0.5, 0.5)
    typed = {"kind": "toilet", "name": "柳巷公厕", "point": f"{lon}, {lat}"}
    assert "请说明是哪种地图的点" in post(client, base(town) + "new/", **typed).content.decode()
    post(client, base(town) + "new/", **typed, datum="CGCS2000")
    assert Facility.objects.get().place == town.grids[2]
    far, high = at(2.5, 0.5)
    away = {**typed, "name": "别处", "point": f"{far}, {high}"}
    assert "那个点在" in post(client, base(town) + "new/", **away, datum="CGCS2000").content.decode()
    odd = {**typed, "point": "这里"}
    assert "用逗号隔开" in post(client, base(town) + "new/", **odd, datum="CGCS2000").content.decode()


def test_everybody_sees_facilities_on_a_map(db: None, town: Tiny) -> None:
    lon, lat = at(0.5, 0.5)
    clinic(town, lon=lon, lat=lat)
    clinic(town, "没有坐标的站")
    url = f"/open/places/{town.elm.code}/facilities"
    assert f"{url}.geojson" in get(Client(), f"{url}/")
    shapes = Client().get(f"{url}.geojson").json()["features"]
    points = [each for each in shapes if each["geometry"]["type"] == "Point"]
    assert [each["properties"]["label"] for each in points] == ["榆树卫生站"]
    assert points[0]["geometry"]["coordinates"] == pytest.approx([lon, lat], abs=1e-5)
    away = Client().get(f"{url}.geojson?kind=toilet").json()["features"]
    assert all(each["geometry"]["type"] != "Point" for each in away)


def test_hours_that_nobody_can_read_are_told(client: Client, li: User, town: Tiny) -> None:
    answer = post(client, base(town) + "new/", kind="clinic", name="榆树卫生站", hours="看情况")
    assert "看不懂时间" in answer.content.decode()
    assert "看情况" in answer.content.decode()
    assert not Facility.objects.exists()


def test_closed_and_undone(client: Client, li: User, town: Tiny) -> None:
    row = clinic(town)
    url = f"{base(town)}{row.pk}/"
    post(client, url, do="close", until=str(timezone.localdate()))
    assert "榆树卫生站" not in get(client, base(town))
    assert "榆树卫生站" in get(client, base(town) + "?closed=1")
    assert "榆树卫生站" not in get(Client(), f"/open/places/{town.elm.code}/")
    assert "停用" in get(client, url)
    clinic(town)
    assert "已经有榆树卫生站" in client.post(url, {"do": "reopen"}, follow=True).content.decode()
    Facility.objects.exclude(pk=row.pk).delete()
    post(client, url, do="reopen")
    assert "榆树卫生站" in get(client, base(town))
    actions = [each.action for each in Entry.objects.filter(subject=row.subject)]
    assert actions == ["add", "close", "reopen"]
    reopen_facility(row, actor=None, now=NOW)
    assert Entry.objects.filter(subject=row.subject).count() == 3


def test_what_was_written_is_in_the_form_again(client: Client, li: User, town: Tiny) -> None:
    row = clinic(town, hours=[[[510, 720]]] * 5 + [[], []], telephone="12345", accessible_toilet=False)
    page = get(client, f"{base(town)}{row.pk}/")
    for words in ("周一至周五 8:30-12:00", "12345", '<option value="0" selected>'):
        assert words in page, words
    typed = {"kind": "clinic", "name": "新名字", "grid": town.grids[0].code, "hours": "每天 8-12"}
    post(client, f"{base(town)}{row.pk}/", **typed)
    row.refresh_from_db()
    assert (row.name, row.place, row.accessible_toilet) == ("新名字", town.grids[0], None)


def test_two_sides_of_a_road_need_a_spot(town: Tiny) -> None:
    clinic(town)
    with pytest.raises(Refused, match="there_already"):
        clinic(town)
    other = clinic(town, spot="路南")
    with pytest.raises(Refused, match="there_already"):
        edit_facility(other, {"spot": ""}, actor=None, now=NOW)
    with pytest.raises(Refused, match="wrong_level"):
        edit_facility(other, {"place": town.street}, actor=None, now=NOW)
    with pytest.raises(Refused, match="bad_dates"):
        edit_facility(
            other, {"active_from": DAY, "active_until": DAY.replace(year=2020)}, actor=None, now=NOW
        )


def test_a_block_and_its_shops(client: Client, li: User, town: Tiny) -> None:
    url = f"/desk/places/{town.elm.code}/blocks/"
    post(client, url, name="经一路北侧")
    assert "名单里已经有" in post(client, url, name="经一路北侧").content.decode()
    made = Block.objects.get()
    assert "经一路北侧" in get(client, url)
    page = get(client, f"{url}{made.pk}/")
    assert "<h1>经一路北侧</h1>" in page
    assert "这个街区还没有登记门店" in page
    assert f"?block={made.pk}" in page
    post(client, base(town) + "new/", kind="shop", name="老王五金", block=made.pk)
    assert "老王五金" in get(client, f"{url}{made.pk}/")
    post(client, f"{url}{made.pk}/", name="经二路北侧")
    assert "经二路北侧" in get(client, url)
    there = add_block(town.oak, "别处", actor=None, now=NOW)
    with pytest.raises(Refused, match="wrong_block"):
        clinic(town, block=there)


def test_who_sees_what(wang: Client, stranger: Client, town: Tiny) -> None:
    row = clinic(town)
    block = add_block(town.elm, "经一路北侧", actor=None, now=NOW)
    blocks = f"/desk/places/{town.elm.code}/blocks/"
    assert "榆树卫生站" in get(wang, base(town))
    assert "经一路北侧" in get(wang, blocks)
    get(wang, base(town) + "new/", 404)
    link = f"{base(town)}{row.pk}/"
    assert f'href="{link}"' in get(wang, base(town))
    assert "榆树卫生站" in get(wang, link)
    assert "<textarea" not in get(wang, link)
    assert post(wang, link, do="close").status_code == 404
    assert post(wang, blocks, name="又一个").status_code == 404
    for url in (base(town), base(town) + "new/", f"{base(town)}{row.pk}/", blocks, f"{blocks}{block.pk}/"):
        for browser in (stranger, Client()):
            assert "榆树卫生站" not in get(browser, url, 404)
            assert post(browser, url, do="close").status_code in (404, 405)
    get(stranger, f"/desk/places/{town.oak.code}/facilities/{row.pk}/", 404)


def test_lists_go_on_by_key_within_their_budget(
    client: Client,
    li: User,
    town: Tiny,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(12):
        clinic(town, f"卫生站{n:02}", telephone="12345")
    monkeypatch.setattr("silin.places.desk_facilities.SIZE", 10)
    monkeypatch.setattr("silin.places.open.SIZE", 10)
    for url, browser in ((base(town), client), (f"/open/places/{town.elm.code}/facilities/", Client())):
        with django_assert_max_num_queries(9):
            first = get(browser, url)
        assert "卫生站09" in first
        assert "卫生站10" not in first
        after = first.partition('rel="next" href="')[2].partition('"')[0]
        assert "卫生站10" in get(browser, url + after)
    assert "全部 12 处设施" in get(Client(), f"/open/places/{town.elm.code}/")
