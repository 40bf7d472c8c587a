"""The page of one task: Zhou of the city sees where it falls short, who answers, what is being put right."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from silin.accounts.models import User
from silin.assessment.models import Catalogue
from silin.assessment.tests.test_desk import OCTOBER, ON_TIME, closed, measured, page
from silin.kinds.rectification.raising import Problem, raise_rectification
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.places.models import Place
from tests.town import MONDAY, Town
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
BUREAU = "市委政法委"


def there(place: Place, task: str = "S1") -> str:
    return f"/desk/assessment/{place.code}/group/{task}/{OCTOBER}"


def put_right(town: Town, n: int, *, task: str = "S1", place: Place | None = None) -> Matter:
    """A task that is set for Li's community by Guo of the street, for another by Zhou of the city."""
    heading, unit = f"第 {n} 个问题", place or town.community
    said = Problem(heading, "办得慢。", unit, f"{task}.3.{n}", task, deadline=date(2030, 1, 1))
    return raise_rectification(By(town.zhou if place else town.guo, MONDAY + timedelta(minutes=n)), said)


def sheet(who: User, address: str) -> list[tuple[object, ...]]:
    answered = client_of(who).get(address)
    return list(load_workbook(io.BytesIO(answered.content)).active.iter_rows(values_only=True))


def test_from_the_league_to_what_a_bureau_answers_for(town: Town) -> None:
    closed(town.community.code, on_time=10, late=0)
    closed(town.other.code, on_time=1, late=9)
    measured()
    assert there(town.city) in page(town.zhou, f"/desk/assessment/{town.city.code}/{OCTOBER}")
    for address in ("card/", f"of/{ON_TIME}/"):
        assert there(town.street) in page(
            town.zhou, f"/desk/assessment/{town.street.code}/{address}{OCTOBER}"
        )
    said = page(town.zhou, there(town.street))
    columns = said[said.index("<thead>") : said.index("</thead>")]
    assert columns.index(town.street.short_name) < columns.index("柳巷社区") < columns.index("河沿社区")
    red = said[said.index('aria-labelledby="red"') :]
    assert red.index(BUREAU) < red.index("网格事件按期办结率") < red.index("10%")
    where = red[red.index("网格事件按期办结率") :].split("</tr>")[0]
    assert "河沿社区" in where
    assert "柳巷社区" not in where, "only where it is red"
    assert there(town.city).replace("S1", "H4") in page(town.zhou, there(town.city)), "the menu between tasks"


def test_columns_are_the_places_right_below(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    for place, below in ((town.city, town.county), (town.county, town.street)):
        said = page(town.zhou, there(place))
        columns = said[said.index("<thead>") : said.index("</thead>")]
        assert below.short_name in columns
        assert town.community.short_name not in columns
    leaf = page(town.li, there(town.community))
    assert leaf[leaf.index("<thead>") : leaf.index("</thead>")].count("<a ") == 1


def test_the_points_of_the_items_are_those_of_the_card(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    closed(town.other.code, on_time=1, late=9)
    measured()
    rows = sheet(town.zhou, f"{there(town.street)}&table=items&as=xlsx")
    own = [row for row in rows if row[2] == town.community.code]
    assert {str(row[0]).partition(".")[0] for row in own} == {"S1"}
    task = page(town.zhou, f"/desk/assessment/{town.community.code}/card/{OCTOBER}")
    earned = sum(float(str(row[4])) for row in own)
    assert f"{earned:.1f} <small>/ {sum(float(str(row[5])) for row in own):g}</small>" in task
    red = sheet(town.zhou, f"{there(town.street)}&table=red&as=xlsx")
    assert [row for row in red if row[1] == ON_TIME] == [
        (BUREAU, ON_TIME, "网格事件按期办结率", town.other.code, "河沿社区", "10%", "1", "10")
    ]


def test_what_is_not_struck_off_is_read_by_whom_it_concerns(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    tasks = [put_right(town, n) for n in range(23)]
    elsewhere, other = put_right(town, 99, task="S2"), put_right(town, 98, place=town.other)
    first = page(town.guo, there(town.street))
    assert tasks[0].title in first
    assert "2030" in first, "until when"
    assert elsewhere.title not in first
    shown = [each for each in (*tasks, other) if each.title in first]
    assert len(shown) == 20
    after = first[first.index('rel="next" href="') :].split('"')[3].replace("&amp;", "&")
    rest = page(town.guo, there(town.street).split("?")[0] + after)
    assert [each for each in (*tasks, other) if each.title in rest] == [
        each for each in (*tasks, other) if each not in shown
    ]
    assert other.title not in page(town.li, there(town.community)), "of her own place only"
    alone = page(town.guo, there(town.other))
    assert other.title in alone
    assert not any(each.title in alone for each in tasks)
    rows = sheet(town.guo, f"{there(town.street)}&table=open&as=xlsx")
    assert sum("个问题" in str(row[1]) for row in rows) == 24
    Matter.objects.filter(pk=tasks[0].pk).update(state="closed")
    assert tasks[0].title not in page(town.guo, there(town.street))


def test_before_anything_was_measured_it_says_so(town: Town) -> None:
    said = page(town.zhou, there(town.city).replace("2026-10", "2020-01"))
    assert "这一期这里还没有数" in said
    assert "没有未销号的" in said
    closed(town.community.code, on_time=10, late=0)
    measured()
    assert "还没有可计分的" in page(town.zhou, there(town.community, "C3"))
    assert "这项任务在这里没有红灯" in page(town.zhou, there(town.community))


def test_without_a_catalogue_there_is_no_task(town: Town) -> None:
    Catalogue.objects.all().delete()
    assert client_of(town.zhou).get(there(town.city)).status_code == 404


def test_wrong_addresses_are_answered(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    zhou = client_of(town.zhou)
    for task in ("S9", "S", "S1.1", "S1.1.1", "x"):
        assert zhou.get(there(town.city, task)).status_code == 404
    for query in ("&table=items&as=pdf", "&table=other&as=csv", "&as=csv"):
        assert zhou.get(there(town.city) + query).status_code == 404
    assert zhou.get(f"{there(town.city)}&after=nonsense").status_code == 400


def test_a_stranger_does_not_find_it(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    for query in ("", "&table=open&as=csv"):
        for who in (town.chen, town.stranger, town.li):
            assert client_of(who).get(there(town.city) + query).status_code == 404
        assert Client(SERVER_NAME="localhost").get(there(town.city) + query).status_code == 302
