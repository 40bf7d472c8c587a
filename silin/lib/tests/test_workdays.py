"""Working time against a walker that goes minute by minute, and against the State Council's own notices."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from silin.lib.workdays import SHANGHAI, SPANS, WorkCalendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def days(first: str, last: str) -> set[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return {begin + DAY * n for n in range((end - begin).days + 1)}


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


NOTICES = WorkCalendar(
    days_off=frozenset(days("2025-10-01", "2025-10-08") | days("2026-02-15", "2026-02-23")),
    make_up=frozenset(map(date.fromisoformat, ["2025-09-28", "2025-10-11", "2026-02-14", "2026-02-28"])),
    announced=frozenset({2025, 2026}),
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-09-28", True),  # a Sunday worked for National Day
        ("2025-10-01", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),  # a Saturday
        ("2025-10-12", False),
        ("2026-02-14", True),  # a Saturday worked for Spring Festival
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-03-01", False),
        ("2027-01-01", False),  # not announced: a Friday, but a fixed feast
        ("2027-05-03", True),
        ("2027-10-01", False),
        ("2027-10-04", True),
        ("2027-02-08", True),  # not announced: the moon is not asked
    ],
)
def test_days_of_the_notices(day: str, worked: bool) -> None:
    assert NOTICES.is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2025-09-30T17:00", 2, "2025-10-09T09:00"),  # over the whole of National Day
        ("2025-09-27T10:00", 1, "2025-09-28T09:00"),  # Saturday is off, Sunday is made up
        ("2026-02-13T16:00", 8, "2026-02-14T16:00"),  # the make-up Saturday counts
        ("2026-02-14T16:00", 8, "2026-02-24T16:00"),  # then nine days do not
        ("2026-03-03T08:00", 4, "2026-03-03T12:00"),  # the end belongs to the span
        ("2026-03-03T08:00", 8, "2026-03-03T18:00"),
        ("2026-03-03T12:00", 0, "2026-03-03T12:00"),
        ("2026-03-03T12:01", 0, "2026-03-03T14:00"),
        ("2026-03-03T12:30", 1, "2026-03-03T15:00"),
        ("2026-03-03T18:00", 1, "2026-03-04T09:00"),
        ("2026-03-06T23:59", 0.5, "2026-03-09T08:30"),  # a Friday night
        ("2026-03-03T11:59:59", 0.001, "2026-03-03T14:00:02.600"),
    ],
)
def test_hours_to_a_deadline(start: str, hours: float, due: str) -> None:
    assert NOTICES.add_hours(at(start), hours).at == at(due)


@pytest.mark.parametrize(
    ("end", "hours", "begin"),
    [
        ("2026-03-03T12:00", 4, "2026-03-03T08:00"),
        ("2026-03-03T18:00", 4, "2026-03-03T14:00"),
        ("2026-03-03T14:00", 1, "2026-03-03T11:00"),
        ("2026-03-03T13:00", 0, "2026-03-03T12:00"),
        ("2025-10-09T09:00", 2, "2025-09-30T17:00"),
        ("2026-03-09T07:00", 1, "2026-03-06T17:00"),
    ],
)
def test_hours_back_from_a_deadline(end: str, hours: float, begin: str) -> None:
    assert NOTICES.subtract_hours(at(end), hours).at == at(begin)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2025-09-30T10:15", 1, "2025-10-09T10:15"),
        ("2025-09-30T10:15", 3, "2025-10-11T10:15"),
        ("2026-03-06T19:00", 0, "2026-03-09T08:00"),
        ("2026-03-06T19:00", 2, "2026-03-11T08:00"),
        ("2026-03-06T13:00", 1, "2026-03-09T14:00"),
        ("2026-03-06T18:00", 1, "2026-03-09T18:00"),
    ],
)
def test_days_to_a_deadline(start: str, count: int, due: str) -> None:
    assert NOTICES.add_days(at(start), count).at == at(due)


def test_days_back_from_a_deadline() -> None:
    assert NOTICES.subtract_days(at("2025-10-09T10:15"), 1).at == at("2025-09-30T10:15")
    assert NOTICES.subtract_days(at("2026-03-08T10:15"), 1).at == at("2026-03-05T18:00")


def test_any_time_zone_comes_back_as_chinese_time() -> None:
    due = NOTICES.add_hours(datetime.fromisoformat("2026-03-03T00:00+00:00"), 1).at
    assert due.isoformat() == "2026-03-03T09:00:00+08:00"


@pytest.mark.parametrize(
    ("start", "hours", "provisional"),
    [
        ("2026-12-30T10:00", 8, False),
        ("2026-12-31T17:00", 2, True),
        ("2027-03-03T10:00", 1, True),
        ("2026-12-31T19:00", 0, True),
    ],
)
def test_a_year_without_a_notice_is_provisional(start: str, hours: float, provisional: bool) -> None:
    due = NOTICES.add_hours(at(start), hours)
    assert due.provisional is provisional
    assert NOTICES.subtract_hours(due.at, hours).provisional is provisional


def test_a_count_through_a_gap_in_the_notices_is_provisional() -> None:
    gap = WorkCalendar(frozenset(), frozenset(), frozenset({2025, 2027}))
    assert gap.add_days(at("2025-12-31T10:00"), 300).provisional
    assert gap.add_days(at("2025-12-31T10:00"), 300).at.year == 2027


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        NOTICES.add_hours(at("2026-03-03T08:00"), -1)
    with pytest.raises(ValueError, match="forwards"):
        NOTICES.subtract_days(at("2026-03-03T08:00"), -1)
    with pytest.raises(ValueError, match="aware"):
        NOTICES.hours_between(*[datetime(2026, 3, 3)] * 2)  # noqa: DTZ001


def test_calendars_that_make_no_sense_are_refused() -> None:
    day = frozenset({date(2026, 3, 3)})
    with pytest.raises(ValueError, match="both off and worked"):
        WorkCalendar(day, day, frozenset())
    for spans in [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(18)))]:
        with pytest.raises(ValueError, match="spans"):
            WorkCalendar(frozenset(), frozenset(), frozenset(), spans)


exact_moments = st.timedeltas(timedelta(0), timedelta(days=80)).map(lambda since: at("2025-12-20") + since)
moments = exact_moments.map(lambda moment: moment.replace(second=0, microsecond=0))
seconds = st.integers(0, 60 * 3600)
some_days = st.frozensets(st.dates(date(2025, 12, 1), date(2026, 4, 10)), max_size=25)
calendars = st.builds(
    lambda off, worked, announced, spans: WorkCalendar(off - worked, worked, announced, spans),
    some_days,
    some_days,
    st.frozensets(st.sampled_from([2025, 2026])),
    st.sampled_from(
        [SPANS, ((time(9), time(17, 30)),), ((time(0), time(7)), (time(8), time(8, 1)), (time(22), time(23)))]
    ),
)


def works(calendar: WorkCalendar, minute: datetime) -> bool:
    """Whether the minute that begins at ``minute`` is a working one."""
    return calendar.is_workday(minute.date()) and any(a <= minute.time() < b for a, b in calendar.spans)


def walk(calendar: WorkCalendar, moment: datetime, minutes: int) -> datetime:
    while minutes:
        minutes -= works(calendar, moment)
        moment += MINUTE
    return moment


def walk_back(calendar: WorkCalendar, moment: datetime, minutes: int) -> datetime:
    while minutes:
        moment -= MINUTE
        minutes -= works(calendar, moment)
    return moment


@settings(max_examples=150, deadline=None)
@given(calendars, moments, st.integers(1, 30 * 60))
def test_hours_agree_with_the_walker(calendar: WorkCalendar, moment: datetime, minutes: int) -> None:
    assert calendar.add_hours(moment, minutes / 60).at == walk(calendar, moment, minutes)
    assert calendar.subtract_hours(moment, minutes / 60).at == walk_back(calendar, moment, minutes)


@settings(max_examples=150, deadline=None)
@given(calendars, moments, moments)
def test_hours_between_agree_with_the_walker(calendar: WorkCalendar, a: datetime, b: datetime) -> None:
    a, b = min(a, b), min(max(a, b), min(a, b) + 20 * DAY)
    worked = sum(works(calendar, a + MINUTE * n) for n in range(round((b - a) / MINUTE)))
    assert calendar.hours_between(a, b) == worked / 60
    assert calendar.hours_between(b, a) == -worked / 60


@settings(max_examples=200, deadline=None)
@given(calendars, exact_moments, seconds)
def test_what_is_added_is_what_lies_between(calendar: WorkCalendar, start: datetime, count: int) -> None:
    hours = count / 3600
    due = calendar.add_hours(start, hours).at
    assert due >= start
    assert calendar.hours_between(start, due) == hours
    begin = calendar.subtract_hours(start, hours).at
    assert begin <= start
    assert calendar.hours_between(begin, start) == hours
    assert calendar.hours_between(calendar.subtract_hours(due, hours).at, start) == 0


@settings(max_examples=200, deadline=None)
@given(calendars, exact_moments, exact_moments, seconds, seconds)
def test_later_starts_and_longer_terms_are_never_due_earlier(
    calendar: WorkCalendar, one: datetime, two: datetime, short: int, long: int
) -> None:
    one, two = min(one, two), max(one, two)
    less, more = min(short, long) / 3600, max(short, long) / 3600
    assert calendar.add_hours(one, less).at <= calendar.add_hours(two, less).at
    assert calendar.add_hours(one, less).at <= calendar.add_hours(one, more).at
    assert calendar.subtract_hours(one, less).at <= calendar.subtract_hours(two, less).at
    assert calendar.subtract_hours(one, more).at <= calendar.subtract_hours(one, less).at


@settings(max_examples=200, deadline=None)
@given(calendars, exact_moments, seconds, seconds)
def test_two_terms_on_end_are_one(calendar: WorkCalendar, start: datetime, first: int, second: int) -> None:
    halfway = calendar.add_hours(start, first / 3600).at
    assert (
        calendar.add_hours(halfway, second / 3600).at == calendar.add_hours(start, (first + second) / 3600).at
    )


@settings(max_examples=100, deadline=None)
@given(calendars, exact_moments, st.integers(0, 20))
def test_days_are_counted_one_by_one(calendar: WorkCalendar, start: datetime, count: int) -> None:
    opening = calendar.add_hours(start, 0).at
    day, left = opening.date(), count
    while left:
        day += DAY
        left -= calendar.is_workday(day)
    due = calendar.add_days(start, count).at
    assert due == datetime.combine(day, opening.timetz())
    assert calendar.subtract_days(due, count).at == opening


def test_a_thousand_deadlines_cost_less_than_a_second() -> None:
    begun = process_time()
    for _ in range(1000):
        NOTICES.add_hours(at("2026-02-13T16:00"), 80)
    assert process_time() - begun < 1
