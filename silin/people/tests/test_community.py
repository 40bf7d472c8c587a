"""The community's page: who is who, what is near, where is my grid. No sign-in, no script needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.people.models import Post
from silin.places.actions import add_place
from silin.places.models import Building, Facility, FacilityKind, Place
from tests.counting import statements
from tests.town import SOUTH, WEST, Town, build


@pytest.fixture
def here(db: None) -> Town:
    town = build()
    Post.objects.filter(pk=town.worker_post.pk).update(telephone="0917-3210042")
    return town


def page(here: Town, query: str = "") -> str:
    answer = Client().get(f"/open/communities/{here.community.code}/{query}")
    assert answer.status_code == 200
    return answer.text


def test_who_is_who_with_a_telephone_button(here: Town) -> None:
    words = page(here)
    for name in ("王淑琴", "网格员", "高建设", "李建民"):
        assert name in words
    assert 'href="tel:0917-3210042"' in words
    for secret in ("19900000001", "陈桂兰", "19900000002"):
        assert secret not in words


def test_each_grid_is_folded_under_its_own_people(here: Town) -> None:
    office, _details, grids = page(here).partition('id="who"')[2].partition("<details")
    assert "李建民" in office
    assert "王淑琴" not in office
    summary = grids.partition("</summary>")[0]
    assert here.grid.short_name in summary
    assert "网格员 王淑琴" in summary


@pytest.mark.parametrize("asked", ["柳巷家园5号楼", "柳巷家园", "5号楼2单元301", "lxjy5"])
def test_the_grid_of_an_address(here: Town, asked: str) -> None:
    words = page(here, f"?q={asked}").partition('id="who"')[0]
    assert here.grid.short_name in words
    assert "王淑琴" in words
    assert 'href="tel:0917-3210042"' in words


def test_an_address_of_another_community_is_not_here(here: Town) -> None:
    assert "这里没有" in page(here, "?q=没有这个小区").partition('id="who"')[0]


def test_the_grid_of_a_position(here: Town) -> None:
    address = f"/open/communities/{here.community.code}/"
    inside = Client().post(address, {"lon": WEST + 0.002, "lat": SOUTH + 0.002})
    assert "王淑琴" in inside.text.partition('id="who"')[0]
    beside = Client().post(address, {"lon": WEST + 0.015, "lat": SOUTH + 0.005})
    assert f"/open/communities/{here.other.code}/" in beside.text
    for wrong in ({}, {"lon": "x", "lat": "y"}, {"lon": "nan", "lat": "1"}, {"lon": "2", "lat": "48"}):
        answer = Client().post(address, wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text


def test_the_grid_of_an_address_or_a_position_anywhere_in_the_city(here: Town) -> None:
    client = Client()
    assert client.get("/open/grid/").status_code == 200
    for asked in ("柳巷家园5号楼", "柳巷家园", "lxjy5"):
        words = client.get("/open/grid/", {"q": asked}).text
        for said in (here.grid.short_name, here.community.short_name, "王淑琴", 'href="tel:0917-3210042"'):
            assert said in words, (asked, said)
        assert f"/open/communities/{here.community.code}/" in words
    assert "这里没有" in client.get("/open/grid/", {"q": "没有这个小区"}).text
    inside = client.post("/open/grid/", {"lon": WEST + 0.002, "lat": SOUTH + 0.002}).text
    assert "王淑琴" in inside
    beside = client.post("/open/grid/", {"lon": WEST + 0.015, "lat": SOUTH + 0.005}).text
    assert here.other.short_name in beside
    assert "这个岗今天没有人" in beside
    answer = client.post("/open/grid/", {"lon": "x"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    for secret in ("19900000001", "陈桂兰"):
        assert secret not in inside + beside
    Building.objects.create(estate=here.building.estate, grid=here.community, number="9")
    new = client.get("/open/grid/", {"q": "柳巷家园9号楼"}).text
    assert "这里还没划进哪个网格" in new
    assert "0917-3210042" not in new
    part = add_place(name="一号微网格", level="micro_grid", parent=here.grid, actor=None, now=timezone.now())
    Building.objects.filter(pk=here.building.pk).update(grid=part)
    words = client.get("/open/grid/", {"q": "柳巷家园5号楼"}).text
    assert here.grid.short_name in words
    assert "王淑琴" in words
    assert statements(client, "/open/grid/?q=柳巷家园") <= 6


def test_the_way_to_it_from_the_open_pages_and_from_home(here: Town) -> None:
    client = Client()
    assert 'action="/open/grid/#grid"' in client.get("/open/").text
    assert 'href="/open/grid/"' in client.get("/").text
    client.force_login(here.chen)
    assert 'href="/open/grid/"' in client.get("/").text


def test_facilities_say_whether_they_are_open_and_who_gets_in(here: Town) -> None:
    now = timezone.now()
    kind = FacilityKind.objects.get(pk="clinic")
    week = [[[8 * 60, 12 * 60], [14 * 60, 18 * 60]]] * 7
    Facility.objects.create(
        kind=kind, name="柳巷卫生站", place=here.grid, hours=week, step_free=True, capacity=6
    )
    Facility.objects.create(
        kind=kind, name="急诊室", place=here.grid, hours=[[[0, 24 * 60]]] * 7, step_free=False
    )
    Facility.objects.create(
        kind=kind, name="旧卫生站", place=here.grid, active_until=now.date() - timedelta(days=2)
    )
    words = page(here)
    for said in ("每天 8:00-12:00 14:00-18:00", "没有台阶", "可容纳 6", "每天全天", "现在开门", "有台阶"):
        assert said in words, said
    assert "0:00" not in words.replace("8:00", "").replace("12:00", "")
    assert "旧卫生站" not in words


def test_only_communities_have_this_page(here: Town) -> None:
    for place in (here.grid, here.street):
        assert Client().get(f"/open/communities/{place.code}/").status_code == 404
    Place.objects.filter(pk=here.community.pk).update(active_until=timezone.now().date())
    assert Client().get(f"/open/communities/{here.community.code}/").status_code == 404


def test_doors_lead_here(here: Town) -> None:
    address = f"/open/communities/{here.community.code}/"
    assert address in Client().get(f"/open/places/{here.community.code}/").text
    assert address not in Client().get(f"/open/places/{here.grid.code}/").text
    client = Client()
    client.force_login(here.chen)
    assert address in client.get("/").text


def test_the_page_is_cheap(here: Town) -> None:
    assert statements(Client(), f"/open/communities/{here.community.code}/?q=柳巷家园5号楼") <= 9
