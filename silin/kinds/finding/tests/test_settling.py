"""Wang puts something right on the spot and notes it, in one submission."""

from __future__ import annotations

import pytest
from django.test import Client

from silin.matters.models import Matter, State
from silin.matters.tests.pages import make_town, picture, signed_in
from tests.town import SOUTH, WEST, Town


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def wang(here: Town) -> Client:
    return signed_in(here.wang)


def find_fields(here: Town, **more: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "client_id": "0192f0c1-0000-7000-8000-000000000001",
        "category": "other",
        "another": "street_light",
        "at": f"b:{here.building.pk}",
        "spot": "3 单元门口",
        "words": "电动车堵在单元门口",
        "done": "请车主挪开了",
        "after": picture(),
    }
    return fields | more


def test_settled_on_the_spot_in_one_submission(here: Town, wang: Client) -> None:
    answer = wang.post("/w/find/", find_fields(here))
    matter = Matter.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/w/find/{matter.number}/")
    assert (matter.state, matter.outcome, matter.place) == (State.ANSWERED, "on_the_spot", here.grid)
    assert (matter.building, matter.spot, matter.handler) == (here.building, "3 单元门口", here.wang)
    receipt = wang.get(answer["Location"]).content.decode()
    assert matter.shown_number in receipt
    assert 'data-draft-done="find"' in receipt
    again = wang.post("/w/find/", find_fields(here, after=picture()))
    assert again["Location"] == answer["Location"]
    assert Matter.objects.count() == 1
    assert signed_in(here.leader).get(answer["Location"]).status_code == 404


def test_what_is_missing_on_the_spot_is_said_and_nothing_is_lost(here: Town, wang: Client) -> None:
    answer = wang.post("/w/find/", find_fields(here, done="", another=""))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "电动车堵在单元门口" in page
    assert "1 张照片已经收到" in page
    assert 'name="before_kept"' not in page
    assert 'id="find_done_error"' in page
    assert 'id="find_another_error"' in page
    assert not Matter.objects.exists()


def test_only_the_own_grid_is_offered_and_taken(here: Town, wang: Client) -> None:
    assert here.other_grid.short_name not in wang.get("/w/find/").content.decode()
    answer = wang.post("/w/find/", find_fields(here, at=f"g:{here.other_grid.pk}"))
    assert answer.status_code == 400
    assert not Matter.objects.exists()


def test_a_position_says_where(here: Town, wang: Client) -> None:
    point = {"lon": str(WEST + 0.002), "lat": str(SOUTH + 0.002), "datum": "CGCS2000"}
    assert wang.post("/w/find/", find_fields(here, **point)).status_code == 303
    assert Matter.objects.get().lon == pytest.approx(WEST + 0.002)


@pytest.mark.parametrize("lon", ["107.115", "120.0"])
def test_a_position_elsewhere_is_refused(here: Town, wang: Client, lon: str) -> None:
    point = {"lon": lon, "lat": str(SOUTH + 0.002), "datum": "CGCS2000"}
    answer = wang.post("/w/find/", find_fields(here, **point))
    assert answer.status_code in (400, 403)
    assert "电动车堵在单元门口" in answer.content.decode()
    assert not Matter.objects.exists()


def test_the_street_searches_for_the_building(here: Town) -> None:
    guo = signed_in(here.guo)
    assert 'name="look"' in guo.get("/w/find/").content.decode()
    looked = guo.post("/w/find/", find_fields(here, where="柳巷家园5号楼", look="1", after=""))
    assert looked.status_code == 200
    assert f'value="b:{here.building.pk}"' in looked.content.decode()
    assert "电动车堵在单元门口" in looked.content.decode()
    assert guo.post("/w/find/", find_fields(here, where="柳巷家园5号楼")).status_code == 303
