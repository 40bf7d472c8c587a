"""The office opens the league and goes down from the city to the very matters behind one figure."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from silin.assessment.league import RANKED
from silin.assessment.models import Scorecard
from silin.assessment.publishing import measure_due
from silin.facts.actions import FactRow, write
from silin.facts.folding import fold
from silin.lib.workdays import SHANGHAI
from silin.matters.tests.pages import raised
from silin.places.actions import add_place
from silin.places.numbers import set_number
from silin.places.stocks import count_territory
from tests.town import MONDAY, Town
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
OCTOBER = "?period=2026-10"
ON_TIME = "S1.3.1"


def closed(unit: str, *, on_time: int, late: int, now: datetime = MONDAY, subject: str = "") -> None:
    """Facts of matters closed on time, and of others that ran out of time."""
    rows = [("matter.closed", True)] * on_time + [("matter.overdue", None)] * late
    write(
        [
            FactRow.of(
                name, now=now, unit=unit, subject=subject or f"matter:{uuid4()}", kind="report", on_time=kept
            )
            for name, kept in rows
        ]
    )


def measured(*, now: datetime = MONDAY) -> None:
    """Bring the cube up to date and measure."""
    while fold():
        pass
    measure_due(now)


def page(who: Any, address: str) -> str:
    answered = client_of(who).get(address)
    assert answered.status_code == 200, answered.status_code
    return answered.content.decode()


def test_the_office_goes_from_the_league_to_the_figure(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    closed(town.other.code, on_time=10, late=20)
    measured()
    said = page(town.zhou, f"/desk/assessment/{town.city.code}/{OCTOBER}")
    assert said.index("柳巷社区") < said.index("河沿社区")
    assert "样本" in said
    said = page(town.zhou, f"/desk/assessment/{town.city.code}/{OCTOBER}&level=county")
    assert "东城区" in said
    card = page(town.zhou, f"/desk/assessment/{town.community.code}/card/{OCTOBER}")
    assert "网格事件按期办结率" in card
    assert "9 / 10" in card
    figure = page(town.zhou, f"/desk/assessment/{town.street.code}/of/{ON_TIME}/{OCTOBER}")
    for words in ("47.5%", "19 / 40", "33.3%", "90%", "市委政法委", "绿 95% 以上"):
        assert words in figure
    assert "10 件里再多 1 件" in page(
        town.zhou, f"/desk/assessment/{town.community.code}/of/{ON_TIME}/{OCTOBER}"
    )
    heat = page(town.zhou, f"/desk/assessment/{town.city.code}/heat/{OCTOBER}")
    assert "日常巡查与入户走访" in heat


def test_the_very_matters_stand_behind_a_figure(town: Town) -> None:
    late, kept = raised(town), raised(town)
    closed(town.community.code, on_time=1, late=0, subject=f"matter:{kept.pk}")
    closed(town.community.code, on_time=0, late=1, subject=f"matter:{late.pk}")
    closed(town.community.code, on_time=0, late=1, subject=f"matter:{uuid4()}")
    measured()
    there = f"/desk/assessment/{town.community.code}/of/{ON_TIME}/{OCTOBER}"
    rest, upper = page(town.li, there), page(town.li, f"{there}&which=num")
    assert late.number in rest
    assert kept.number not in rest
    assert kept.number in upper
    assert "另有 1 件不归你看" in rest
    assert late.number not in page(
        town.zhou, there.replace(town.community.code, town.city.code) + "&which=num"
    )


def test_ranks_move_and_ties_share_one(town: Town) -> None:
    name, code = "东关社区居委会", "990102001003"
    third = add_place(name=name, level="community", parent=town.street, actor=None, now=MONDAY, code=code)
    add_place(name="东关第一网格", level="grid", parent=third, actor=None, now=MONDAY)
    set_number(RANKED, 1, valid_from=date(2020, 1, 1), actor=None, now=MONDAY)
    september = datetime(2026, 9, 20, 12, tzinfo=SHANGHAI)
    count_territory(september, as_of=MONDAY.date())
    for unit, before, after in ((town.community, 16, 20), (town.other, 20, 16), (third, 20, 16)):
        closed(unit.code, on_time=before, late=20 - before, now=september)
        closed(unit.code, on_time=after, late=20 - after)
    measured()
    answered = client_of(town.zhou).get(f"/desk/assessment/{town.city.code}/list.xlsx{OCTOBER}")
    rows = {row[3]: row[:2] for row in load_workbook(io.BytesIO(answered.content)).active.values}
    assert rows["柳巷社区"] == ("1", "2")
    assert (rows["河沿社区"], rows["东关社区"]) == (("2", "-1"), ("2", "-1"))
    said = page(town.zhou, f"/desk/assessment/{town.city.code}/{OCTOBER}")
    assert "▲ 2" in said
    assert "▼ 1" in said


def test_the_line_of_the_trend_breaks_where_there_is_no_value(town: Town) -> None:
    for month, on_time in ((7, 6), (8, 9), (10, 8)):
        at = datetime(2026, month, 12, 12, tzinfo=SHANGHAI)
        count_territory(at, as_of=MONDAY.date())
        closed(town.community.code, on_time=on_time, late=10 - on_time, now=at)
    measured()
    said = page(town.li, f"/desk/assessment/{town.community.code}/of/{ON_TIME}/{OCTOBER}")
    assert said.count("<polyline") == 2
    assert said.count("<circle") >= 3
    assert "60%" in said


def test_nobody_else_sees_it(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    addresses = [
        f"/desk/assessment/{town.city.code}/",
        f"/desk/assessment/{town.city.code}/list.csv",
        f"/desk/assessment/{town.city.code}/heat/",
        f"/desk/assessment/{town.community.code}/card/",
        f"/desk/assessment/{town.community.code}/card.csv",
        f"/desk/assessment/{town.community.code}/of/{ON_TIME}/",
    ]
    for address in addresses:
        assert client_of(town.chen).get(address).status_code == 404
        assert client_of(town.stranger).get(address).status_code == 404
        assert Client(SERVER_NAME="localhost").get(address).status_code == 302
    li = client_of(town.li)
    assert li.get(f"/desk/assessment/{town.city.code}/").status_code == 404
    assert li.get(f"/desk/assessment/{town.other.code}/card/").status_code == 200, (
        "a league needs its neighbours"
    )


def test_wrong_addresses_are_answered_in_words(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    zhou, there = client_of(town.zhou), f"/desk/assessment/{town.city.code}/"
    for query, words in (
        ("?period=June", "2026-06"),
        ("?level=province", "这一级"),
        ("?period=2026-13", "2026-06"),
    ):
        answered = zhou.get(there + query)
        assert answered.status_code == 400
        assert words in answered.content.decode()
    assert zhou.get(f"{there}of/S9.9.9/{OCTOBER}").status_code == 404
    assert zhou.get(f"{there}of/{ON_TIME}/{OCTOBER}&which=all").status_code == 400
    assert zhou.get(f"{there}list.pdf{OCTOBER}").status_code == 404
    assert "没有算" in page(town.zhou, f"{there}?period=2020-01") or "还没有算" in page(
        town.zhou, f"{there}?period=2020-01"
    )
    assert "没有算" in page(town.zhou, f"/desk/assessment/{town.community.code}/card/?period=2020-01")


def test_spreadsheets_say_what_the_pages_say(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    zhou = client_of(town.zhou)
    answered = zhou.get(f"/desk/assessment/{town.community.code}/card.xlsx{OCTOBER}")
    rows = list(load_workbook(io.BytesIO(answered.content)).active.iter_rows(values_only=True))
    by_code = {row[0]: row for row in rows}
    assert by_code[ON_TIME][2:6] == ("9", "10", "90", "yellow")
    assert sum(str(row[0]).count(".") == 2 for row in rows) == 133
    heat = zhou.get(f"/desk/assessment/{town.city.code}/heat/{OCTOBER}&as=csv")
    assert "S1.3" in b"".join(heat).decode()
    card = Scorecard.objects.get(place=town.community, period_id="2026-10")
    assert card.figures[ON_TIME][0] == 9
