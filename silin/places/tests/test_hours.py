"""Hours: what stands on the door is read, said again, and answers whether it is open now."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI, WorkCalendar
from silin.places.hours import Week, parse_hours, say_hours, state

MORNING, AFTERNOON, NIGHT = [510, 720], [840, 1080], [1200, 1560]
PLAIN = WorkCalendar(frozenset(), frozenset(), frozenset({2026}))
FEAST = WorkCalendar(
    frozenset({date(2026, 10, 1), date(2026, 10, 3)}), frozenset({date(2026, 10, 10)}), frozenset({2026})
)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of November 2026; the 2nd and the 16th are Mondays."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def is_open(week: Week, moment: datetime, days: WorkCalendar = PLAIN, *, off: bool = False) -> bool:
    found = state(week, moment, days, closed_on_days_off=off)
    assert found is not None
    return found.is_open


@pytest.mark.parametrize(
    "text",
    [
        "周一至周五 8:30-12:00 14:00-18:00",
        "周一到周五：08:30－12:00，14:00－18:00",
        "星期一至五 8:30~12:00、14:00~18:00",
        "工作日8:30-12:00,14:00-18:00",
        "周一、周二、周三、周四、周五 8:30 - 12:00 14:00 - 18:00",
        "Mon-Fri 8:30-12:00, 14:00-18:00",
        "Monday, Tue, Wed, Thu, Fri: 8:30–12:00 14:00–18:00",
        "每天 8:30-12:00 14:00-18:00；周末休息",
    ],
)
def test_the_same_hours_as_people_write_them(text: str) -> None:
    assert parse_hours(text) == [[MORNING, AFTERNOON]] * 5 + [[], []]


def test_further_ways_of_saying_it() -> None:
    assert parse_hours("24小时") == parse_hours("每天 00:00-24:00") == [[[0, 1440]]] * 7
    assert parse_hours("每日 20:00-次日2:00") == parse_hours("daily 20-2") == [[NIGHT]] * 7
    assert parse_hours("周六至周一 8-12")[0] == parse_hours("周六至周一 8-12")[6] == [[480, 720]]
    assert parse_hours("  ") == []


@pytest.mark.parametrize(
    "text", ["看情况", "周八 8:00-12:00", "8:00-25:00", "8:60-9:00", "8-12 11-13", "周一"]
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_hours(text)
    assert (refused.value.code, refused.value.field) == ("bad_hours", "hours")


def test_hours_are_said_by_groups_of_days() -> None:
    week = parse_hours("周一至周五 8:30-12:00 14:00-18:00；周六 9:00-12:00")
    assert say_hours(week) == "周一至周五 8:30-12:00 14:00-18:00；周六 9:00-12:00"
    with override("en"):
        assert say_hours(week) == "Mon-Fri 8:30-12:00 14:00-18:00; Sat 9:00-12:00"
    assert say_hours([[]] * 7) == "每天 休息"
    assert say_hours([]) == ""


days = st.lists(st.integers(0, 1440), max_size=4, unique=True).map(sorted)
weeks = st.lists(
    days.map(lambda edges: [[a, b] for a, b in zip(edges[::2], edges[1::2], strict=False)]),
    min_size=7,
    max_size=7,
)


@given(weeks, st.sampled_from(["zh-hans", "en"]))
def test_what_is_said_is_read_back(week: Week, language: str) -> None:
    with override(language):
        assert parse_hours(say_hours(week)) == week


def test_open_now() -> None:
    week = parse_hours("周一至周五 8:30-12:00 14:00-18:00")
    assert [is_open(week, at(16, *time)) for time in ((8, 29), (8, 30), (11, 59), (12, 0), (14, 0))] == [
        False,
        True,
        True,
        False,
        True,
    ]
    assert not is_open(week, at(15, 9))
    assert state([], at(16, 9), PLAIN, closed_on_days_off=False) is None


def test_open_across_midnight() -> None:
    week = parse_hours("周五 20:00-2:00")
    assert is_open(week, at(20, 23, 59))
    assert is_open(week, at(21, 1, 59))
    assert not is_open(week, at(21, 2))
    assert not is_open(week, at(20, 1))


def test_days_off_and_make_up_workdays() -> None:
    week = parse_hours("周一至周五 9:00-17:00")
    feast, make_up = at(1, 10, month=10), at(10, 10, month=10)
    assert is_open(week, feast, FEAST)
    assert not is_open(week, feast, FEAST, off=True)
    assert not is_open(week, make_up, FEAST)
    assert is_open(week, make_up, FEAST, off=True)
    daily = parse_hours("每天 9:00-17:00")
    assert is_open(daily, at(15, 10), FEAST, off=True), "an ordinary Sunday is no day off for a daily shop"
    assert not is_open(daily, at(3, 10, month=10), FEAST, off=True)


def test_until_when_in_words() -> None:
    def words(text: str, now: datetime) -> str:
        found = state(parse_hours(text), now, PLAIN, closed_on_days_off=False)
        assert found is not None
        return found.words(now)

    office = "周一至周五 8:30-12:00 14:00-18:00"
    assert words(office, at(16, 9)) == "现在开门，到 12:00"
    assert words(office, at(16, 13)) == "现在关门，14:00 开"
    assert words(office, at(16, 19)) == "现在关门，明天 8:30 开"
    assert words(office, at(20, 19)) == "现在关门，周一 8:30 开"
    assert words("24小时", at(16, 3)) == "现在开门"
    assert words("每天 休息", at(16, 3)) == "现在关门"
    with override("en"):
        assert words("Fri 20:00-2:00", at(20, 23)) == "open now, until tomorrow 2:00"
