"""Estates with their figures, buildings and entrances, at the desk of their community."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from silin.accounts.models import User
from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import NotAllowed, Refused
from silin.places.estate_actions import Said, add_estate, add_figure, edit_building
from silin.places.models import Building, Entrance, Estate, EstateFigure
from silin.places.tests.tiny import DAY, NOW, Tiny, at


def base(town: Tiny) -> str:
    return f"/desk/places/{town.elm.code}/estates/"


def get(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def post(client: Client, url: str, **data: Any) -> HttpResponse:
    answer = client.post(url, data)
    assert isinstance(answer, HttpResponse)
    return answer


def test_li_writes_down_an_estate_and_what_it_lacks(client: Client, li: User, town: Tiny) -> None:
    start = get(client, f"/desk/places/{town.elm.code}/")
    assert f'href="{base(town)}"' in start
    lacks = {"no_manager": "1", "no_responsible": "1", "no_guard": "1", "built_year": "1986"}
    firm = {"handed_over": "1", "handed_over_by": "纺织厂", "renewal": "planned"}
    answer = post(client, base(town) + "new/", name="老厂家属院", **lacks, **firm)
    made = Estate.objects.get(name="老厂家属院")
    assert answer["Location"] == f"{base(town)}{made.pk}/"
    page = get(client, answer["Location"])
    for words in ("三无小区", "老旧小区", "企业移交", "纺织厂", "已列入计划", "1986"):
        assert words in page, words
    post(client, f"{base(town)}{made.pk}/edit/", name="老厂家属院", no_manager="0", renewal="done")
    page = get(client, f"{base(town)}{made.pk}/")
    assert "三无小区" not in page
    assert "已改造" in page
    assert [each.action for each in Entry.objects.filter(subject=made.subject)] == ["add", "edit"]
    assert check(made.subject) == []


def test_a_name_twice_and_a_year_to_come_are_told_and_nothing_typed_is_lost(
    client: Client, li: User, town: Tiny
) -> None:
    answer = post(client, base(town) + "new/", name="金桂家园", handed_over_by="纺织厂")
    assert "名单里已经有金桂家园" in answer.content.decode()
    assert "纺织厂" in answer.content.decode()
    answer = post(client, base(town) + "new/", name="新小区", built_year="2199")
    assert "年份应在" in answer.content.decode()
    assert Estate.objects.count() == 2


def test_each_figure_has_its_day_and_who_said_so(client: Client, li: User, town: Tiny) -> None:
    url = f"{base(town)}{town.estate.pk}/figures/lifts/"
    assert "还没有人说过" in get(client, url)
    today = timezone.localdate()
    post(client, url, value="2", as_of=str(today - timedelta(days=30)), said_by="物业公司")
    post(client, url, value="3", as_of=str(today), said_by="现场清点")
    post(client, url, value="3", as_of=str(today), said_by="现场清点")
    post(client, url, value="1", as_of=str(today - timedelta(days=60)), said_by="老台账")
    assert EstateFigure.objects.count() == 3, "the same figure sent twice is one"
    page = get(client, url)
    assert page.index("现场清点") < page.index("物业公司") < page.index("老台账")
    estate = get(client, f"{base(town)}{town.estate.pk}/")
    assert "现场清点" in estate
    assert "物业公司" not in estate
    assert 'title="' + str(today) + ' · 现场清点"' in get(client, base(town))
    assert "那一天还没到" in post(
        client, url, value="9", as_of=str(today + timedelta(days=1)), said_by="猜的"
    ).content.decode()  # fmt: skip
    cameras = f"{base(town)}{town.estate.pk}/figures/camera_cover/"
    post(client, cameras, value="1", as_of=str(today), said_by="派出所")
    assert "是" in get(client, cameras)
    get(client, f"{base(town)}{town.estate.pk}/figures/swimming_pools/", 404)


def test_a_correction_of_the_same_day_counts(town: Tiny) -> None:
    for value in (5, 6):
        add_figure(town.estate, Said("parking", value, DAY, "物业"), actor=None, now=NOW)
    assert [each.value for each in EstateFigure.objects.newest(DAY)] == [6]
    assert not EstateFigure.objects.newest(DAY - timedelta(days=1))
    with pytest.raises(Refused, match="bad_figure"):
        add_figure(town.estate, Said("camera_cover", 2, DAY, "物业"), actor=None, now=NOW)


def test_buildings_and_their_entrances(client: Client, li: User, town: Tiny) -> None:
    of_estate = f"{base(town)}{town.estate.pk}/"
    grid = town.grids[1].code
    post(client, of_estate + "buildings/new/", number="11", grid=grid, entrances="2", floors="7")
    house = Building.objects.get(number="11")
    url = f"{of_estate}buildings/{house.pk}/"
    for number, households, lift in (("1", "14", "1"), ("2", "12", "0"), ("3", "", "")):
        post(client, url, door="1", number=number, households=households, lift=lift)
    house.refresh_from_db()
    assert house.entrances == 3
    page = get(client, of_estate)
    assert page.index(">10</a>") < page.index(">11</a>")
    assert "1 单元 14 户 有电梯" in page
    few = post(client, url, number="11", grid=grid, entrances="1", floors="7")
    assert "已经逐个登记了 3 个单元" in few.content.decode()
    taken = post(client, url, number="5", grid=grid, entrances="3", floors="7")
    assert "名单里已经有5" in taken.content.decode()
    with pytest.raises(Refused, match="wrong_grid"):
        edit_building(house, {"grid": town.oak}, actor=None, now=NOW)


def test_what_stands_in_full_width_is_the_same_house_door_and_estate(
    client: Client, li: User, town: Tiny
) -> None:
    wide = Estate.objects.create(place=town.elm, name="Ｂ区家园")
    house = Building.objects.create(estate=wide, number="５", grid=town.grids[1], entrances=1)
    Entrance.objects.create(building=house, number="１")
    of_estate, grid = f"{base(town)}{wide.pk}/", town.grids[1].code
    for typed in ("5", "５"):
        taken = post(client, of_estate + "buildings/new/", number=typed, grid=grid, entrances="2", floors="7")
        assert "名单里已经有5" in taken.content.decode()
    post(client, f"{of_estate}buildings/{house.pk}/", door="1", number="1", households="9", lift="")
    assert [(each.number, each.households) for each in house.doors.all()] == [("１", 9)]
    assert "名单里已经有B区家园" in post(client, base(town) + "new/", name="B区家园").content.decode()
    assert Building.objects.get(estate=wide) == house
    assert Estate.objects.filter(place=town.elm, name__contains="区家园").count() == 1


def test_who_may_not_edit_sees_and_changes_nothing(wang: Client, town: Tiny) -> None:
    page = get(wang, base(town))
    assert "金桂家园" in page
    assert "新小区" not in page
    figure = f"{base(town)}{town.estate.pk}/figures/lifts/"
    assert "said_by" not in get(wang, figure)
    for url in ("new/", f"{town.estate.pk}/edit/", f"{town.estate.pk}/buildings/new/"):
        get(wang, base(town) + url, 404)
    assert post(wang, figure, value="2", as_of=str(DAY), said_by="我").status_code == 404
    assert not EstateFigure.objects.exists()


def test_a_stranger_finds_nothing(stranger: Client, town: Tiny) -> None:
    house = town.buildings[0]
    for tail in ("", "new/", f"{town.estate.pk}/", f"{town.estate.pk}/edit/",
                 f"{town.estate.pk}/figures/lifts/", f"{town.estate.pk}/buildings/new/",
                 f"{town.estate.pk}/buildings/{house.pk}/"):  # fmt: skip
        for browser in (stranger, Client()):
            assert "金桂家园" not in get(browser, base(town) + tail, 404)
            assert post(browser, base(town) + tail).status_code in (404, 405)
    get(stranger, f"/desk/places/{town.oak.code}/estates/{town.estate.pk}/", 404)
    assert "还没有登记小区" in get(stranger, f"/desk/places/{town.oak.code}/estates/")


def test_the_verb_asks_for_the_right_as_well(town: Tiny, db: None) -> None:
    nobody = User.objects.create(name="路过的人")
    with pytest.raises(NotAllowed):
        add_estate(town.elm, {"name": "新小区"}, actor=nobody, now=NOW)
    with pytest.raises(Refused, match="wrong_level"):
        add_estate(town.street, {"name": "新小区"}, actor=None, now=NOW)


def test_the_list_keeps_its_budget(
    client: Client, li: User, town: Tiny, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        row = add_estate(town.elm, {"name": f"小区{n}"}, actor=None, now=NOW)
        add_figure(row, Said("lifts", n, DAY, "物业"), actor=None, now=NOW)
    get(client, base(town))
    with django_assert_max_num_queries(8):
        get(client, base(town))
    with django_assert_max_num_queries(10):
        get(client, f"{base(town)}{town.estate.pk}/")


def test_a_building_is_pointed_to_and_finds_its_grid(client: Client, li: User, town: Tiny) -> None:
    lon, lat = at(0.5, 0.5)
    url = f"/desk/places/{town.elm.code}/estates/{town.estate.pk}/buildings/new/"
    typed = {"number": "77", "entrances": "1", "floors": "6", "point": f"{lon}, {lat}"}
    assert "请说明是哪种地图的点" in post(client, url, **typed).content.decode()
    assert "请选网格，或者在地图上指出这栋楼" in post(client, url, **{**typed, "point": ""}).content.decode()
    post(client, url, **typed, datum="WGS-84")
    made = Building.objects.get(number="77")
    assert made.grid == town.grids[2]
    assert (made.lon, made.lat) == pytest.approx((lon, lat))
    page = get(client, f"/desk/places/{town.elm.code}/estates/{town.estate.pk}/buildings/{made.pk}/")
    assert f'value="{lon:.6f}, {lat:.6f}"' in page
    assert "data-into" in page
