"""Chen reads how her community is doing: bands and plain words, no rank, nothing of others."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from silin.assessment.publishing import publish_due
from silin.assessment.tests.test_desk import OCTOBER, closed, measured, page
from silin.facts.actions import FactRow, write
from silin.lib.workdays import SHANGHAI
from tests.town import MONDAY, Town
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 5, 7, tzinfo=SHANGHAI)


@pytest.fixture
def town(town: Town) -> Town:
    closed(town.community.code, on_time=50, late=0)
    closed(town.other.code, on_time=10, late=20)
    return town


def read(code: str) -> str:
    answered = Client(SERVER_NAME="localhost").get(f"/open/communities/{code}/card/")
    assert answered.status_code == 200
    assert len(answered.content) < 30_000
    return answered.content.decode()


def test_a_card_is_shown_once_its_month_is_final(town: Town) -> None:
    measured()
    assert "还没有数" in read(town.community.code)
    publish_due(NOVEMBER)
    said = read(town.community.code)
    assert "2026 年 10 月" in said
    assert "网格事件按期办结率" in said
    assert "100% (50 / 50)" in said
    assert "河沿社区" not in said
    assert "名次" not in said
    short = read(town.other.code)
    assert short.index("还差在哪") < short.index("网格事件按期办结率")
    assert "由市委政法委负责" in short
    door = Client(SERVER_NAME="localhost").get(f"/open/communities/{town.community.code}/")
    assert f"/open/communities/{town.community.code}/card/" in door.content.decode()


def test_there_is_no_card_of_what_is_no_community(town: Town) -> None:
    for code in (town.city.code, town.grid.code, "999999999999"):
        answered = Client(SERVER_NAME="localhost").get(f"/open/communities/{code}/card/")
        assert answered.status_code == 404


def test_the_office_reads_where_figures_come_from_and_what_is_typed(town: Town) -> None:
    unit = town.community.code
    rows = [("survey.answers", 60), ("survey.satisfied", 50), ("outside.training", 3)]
    write(
        [
            FactRow.of(name, now=MONDAY, unit=unit, subject=f"unit:{unit}", amount=n, origin="survey")
            for name, n in rows
        ]
    )
    measured()
    there = f"/desk/assessment/{town.community.code}/sources/"
    said = page(town.li, there + OCTOBER)
    assert "120 <small>/ 133</small>" in said
    assert "matter.closed" in said
    assert "居民答问卷" in said
    assert "每个 3.0 项" in said
    sheet = b"".join(client_of(town.li).get(f"{there}{OCTOBER}&as=csv")).decode()
    assert "S1.3.1" in sheet
    assert "还没有数据" in sheet
    for stranger in (town.chen, town.stranger):
        assert client_of(stranger).get(there).status_code == 404
