"""A red light becomes a task by itself; it is struck off by who set it, and measured again afterwards."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils.timezone import localdate

from silin.assessment.falling_short import look_again, raise_due
from silin.assessment.models import AssessedPeriod
from silin.assessment.publishing import measure_due, publish_due
from silin.assessment.tests.test_desk import closed, measured, page
from silin.facts.folding import fold
from silin.kinds.rectification.actions import apply, plan, strike_off
from silin.kinds.rectification.models import Rectification
from silin.lib.workdays import SHANGHAI
from silin.matters.deeds import By
from silin.matters.models import Matter, State
from tests.town import Town

pytestmark = pytest.mark.django_db
ON_TIME = "S1.3.1"


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 10, tzinfo=SHANGHAI)


@pytest.fixture
def town(town: Town) -> Town:
    """October: Li's community keeps ten of thirty in time, the one beside it nine of ten."""
    closed(town.community.code, on_time=10, late=20)
    closed(town.other.code, on_time=9, late=1)
    measured()
    return town


def month_final(day: datetime) -> int:
    """The morning on which the month before becomes final; gives how many tasks that set."""
    while fold():
        pass
    measure_due(day)
    publish_due(day)
    return raise_due(day)


def tasks(code: str = ON_TIME) -> list[Matter]:
    rows = Rectification.objects.filter(reference=code).select_related("matter").order_by("matter__raised_at")
    return [row.matter for row in rows]


def test_a_red_light_sets_a_task_once(town: Town) -> None:
    assert month_final(at(11, 4)) == 0
    assert month_final(at(11, 5)) > 0
    assert month_final(at(11, 6)) == 0
    [task] = tasks()
    row = task.rectification
    assert (row.unit, row.period, row.group) == (town.community, "2026-10", "S1")
    assert row.measured == "33.3% 10 / 30"
    assert "绿 95% 以上" in row.target
    assert task.title.startswith("网格事件按期办结率")
    assert "柳巷社区" in task.words
    assert row.deadline > localdate(at(11, 5))
    assert task.holder == town.desk_post
    assert row.setter is not None
    assert row.setter.place == town.street
    assert AssessedPeriod.objects.get(pk="2026-10").raised_at == at(11, 5)
    there = f"/desk/assessment/{town.community.code}/of/{ON_TIME}/?period=2026-10"
    assert task.number in page(town.li, there)


def test_yellow_and_years_that_still_run_set_none(town: Town) -> None:
    month_final(at(11, 5))
    rows = Rectification.objects.select_related("unit")
    assert {row.reference for row in rows if row.unit == town.other}.isdisjoint({ON_TIME})
    catalogue = AssessedPeriod.objects.get(pk="2026-10").catalogue
    periods = dict(catalogue.indicators.values_list("code", "period"))
    assert {periods[row.reference] for row in rows} == {"month"}


def test_what_is_open_is_not_set_twice(town: Town) -> None:
    month_final(at(11, 5))
    closed(town.community.code, on_time=1, late=9, now=at(11, 20))
    month_final(at(12, 5))
    assert len(tasks()) == 1


@pytest.mark.parametrize(("on_time", "late", "outcome"), [(10, 0, "held"), (1, 9, "fell_back")])
def test_it_is_measured_again_after_it_was_struck_off(
    town: Town, on_time: int, late: int, outcome: str
) -> None:
    month_final(at(11, 5))
    [task] = tasks()
    due = at(12, 1).date()
    task = plan(task, By(town.li, at(11, 6), words="每天早上看一遍快到期的"), in_charge="李建民", done_by=due)
    task = apply(task, By(town.li, at(11, 20), words="这半个月都按时办了"))
    strike_off(task, By(town.guo, at(11, 23), words="去看过，没有超时的"), how="spot")
    assert look_again(at(11, 25)) == 0
    closed(town.community.code, on_time=3, late=7, now=at(11, 10))
    closed(town.community.code, on_time=on_time, late=late, now=at(12, 10))
    month_final(at(12, 5))
    late_enough = at(3, 1, 2027)
    assert look_again(late_enough) == 0, "of the months that are final none began after it was struck off"
    month_final(at(1, 5, 2027))
    assert look_again(late_enough) == 1
    assert look_again(late_enough) == 0
    task.refresh_from_db()
    row = Rectification.objects.get(pk=task.pk)
    assert row.look == outcome
    assert row.measured_again.startswith("2026-12")
    assert (task.state == State.CLOSED) == (outcome == "held")
