"""Rosters: who is on duty now, by the week, on days off, on single days, and where matters go."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.accounts.models import User
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.workdays import WorkCalendar
from silin.people.actions import add_post, appoint
from silin.people.models import Post, Shift
from silin.people.queries import on_duty
from silin.people.rosters import Presence, clear_day, set_day, set_week, spans, standing
from silin.places.actions import set_day_off
from silin.places.queries import calendar
from tests.town import MONDAY, ZONE, Town, build, person

NINE, FIVE = time(9), time(17)
DESK = ["community_desk", "street_duty"]


@pytest.fixture
def here(db: None) -> Town:
    return build()


def at(day: int, hour: int) -> datetime:
    """October 2026; the 19th is a Monday."""
    return datetime(2026, 10, day, hour, tzinfo=ZONE)


def second_desk(town: Town) -> tuple[Post, User]:
    post = add_post("community_desk", town.community, actor=None, now=MONDAY, serial=2)
    user = person("夜班小吴")
    appoint(post, user, actor=None, now=MONDAY)
    return post, user


def who(town: Town, now: datetime) -> str:
    duty = on_duty(town.community, DESK, now)
    assert duty is not None
    return str(duty.users[0])


def test_day_and_night(here: Town) -> None:
    night, _wu = second_desk(here)
    set_week(here.desk_post, range(7), NINE, FIVE, actor=here.zhou, now=MONDAY)
    set_week(night, range(7), FIVE, NINE, actor=here.zhou, now=MONDAY)
    assert who(here, at(20, 10)) == "李建民"
    assert who(here, at(20, 18)) == "夜班小吴"
    assert who(here, at(21, 3)) == "夜班小吴"
    assert who(here, at(21, 9)) == "李建民"


def test_at_night_a_matter_waits_for_whoever_begins_first(here: Town) -> None:
    late, _wu = second_desk(here)
    set_week(here.desk_post, range(5), NINE, FIVE, actor=here.zhou, now=MONDAY)
    set_week(late, range(5), time(14), time(20), actor=here.zhou, now=MONDAY)
    assert who(here, at(19, 22)) == "李建民"
    assert who(here, at(20, 18)) == "夜班小吴"
    assert who(here, at(24, 10)) == "李建民"


def test_a_day_off_counts_as_a_sunday_and_a_make_up_day_as_a_monday(here: Town) -> None:
    weekend, _wu = second_desk(here)
    set_week(here.desk_post, range(5), NINE, FIVE, actor=here.zhou, now=MONDAY)
    set_week(weekend, [5, 6], NINE, FIVE, actor=here.zhou, now=MONDAY)
    set_day_off(date(2026, 10, 21), "day_off", actor=None, now=MONDAY)
    set_day_off(date(2026, 10, 24), "make_up_workday", actor=None, now=MONDAY)
    assert who(here, at(20, 10)) == "李建民"
    assert who(here, at(21, 10)) == "夜班小吴"
    assert who(here, at(24, 10)) == "李建民"
    assert who(here, at(25, 10)) == "夜班小吴"


def test_whoever_is_away_is_passed_over_unless_everybody_is(here: Town) -> None:
    set_day(here.desk_post, date(2026, 10, 20), None, actor=here.zhou, now=MONDAY)
    assert who(here, at(20, 10)) == "郭晓峰"
    assert who(here, at(21, 10)) == "李建民"
    street = on_duty(here.street, ["street_duty"], MONDAY)
    assert street is not None
    set_day(street.post, date(2026, 10, 20), None, actor=here.zhou, now=MONDAY)
    assert who(here, at(20, 10)) == "李建民"
    clear_day(here.desk_post, date(2026, 10, 20), actor=here.zhou, now=MONDAY)
    assert who(here, at(20, 10)) == "李建民"


def test_a_new_week_ends_the_old_one(here: Town) -> None:
    set_week(here.desk_post, range(5), NINE, FIVE, actor=here.zhou, now=MONDAY)
    set_week(here.desk_post, [0], NINE, FIVE, actor=here.zhou, now=MONDAY, since=date(2026, 10, 26))
    shifts = list(Shift.objects.filter(post=here.desk_post))
    begins = [spans(shifts, date(2026, 10, day), calendar()) for day in (23, 26, 27)]
    assert [len(each) for each in begins] == [1, 1, 0]
    set_week(here.desk_post, [], NINE, FIVE, actor=here.zhou, now=MONDAY)
    assert not Shift.objects.filter(post=here.desk_post, valid_until=None).exists()


def test_what_is_not_possible_is_said(here: Town) -> None:
    with pytest.raises(Refused, match="bad_times"):
        set_week(here.desk_post, [1], NINE, NINE, actor=here.zhou, now=MONDAY)
    with pytest.raises(Refused, match="bad_dates"):
        set_day(here.desk_post, date(2026, 10, 1), None, actor=here.zhou, now=MONDAY)
    with pytest.raises(NotAllowed):
        set_week(here.desk_post, [1], NINE, FIVE, actor=here.leader, now=MONDAY)


@given(
    starts=st.times(),
    ends=st.times(),
    weekdays=st.sets(st.integers(0, 6)),
    minutes=st.integers(0, 14 * 24 * 60),
)
def test_a_seat_is_on_duty_exactly_within_its_spans(
    starts: time, ends: time, weekdays: set[int], minutes: int
) -> None:
    days = WorkCalendar(frozenset(), frozenset(), frozenset())
    rows = [
        Shift(weekday=day, starts=starts, ends=ends, valid_from=date(2026, 1, 1)) for day in sorted(weekdays)
    ]
    now = MONDAY + timedelta(minutes=minutes)
    around = [now.date() + timedelta(days=n) for n in (-1, 0)]
    inside = any(span.begins <= now < span.ends for day in around for span in spans(rows, day, days))
    if rows:
        assert (standing(rows, now, days).presence == Presence.ON) == inside
