"""Working time: which days and hours of the day count, and where a span of working time begins and ends.

All sums are made in whole microseconds of Chinese wall-clock time, so that nothing is lost in a float.
A span of working time owns both its ends: four hours from 08:00 end at 12:00, not at 14:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPANS = ((time(8), time(12)), (time(14), time(18)))
HOUR = 3_600_000_000
ONE_DAY = timedelta(days=1)
N = TypeVar("N", int, float)

FIXED_FEASTS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the feasts with a fixed date, by the State Council's Measures on Days Off for National
Festivals and Memorial Days (全国年节及纪念日放假办法) as amended in November 2024. The other feasts follow
the moon or the sun's terms, and the yearly notice moves days about: without one they are not known."""


@dataclass(frozen=True)
class Due:
    """A moment found by counting working time; ``provisional`` when it leans on a year not yet announced."""

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class WorkCalendar:
    """The working time of one city.

    ``days_off`` and ``make_up`` (weekend days worked in exchange, 调休) are dates from the yearly notices,
    ``announced`` the years whose notice is in them, ``spans`` the working hours of a day in order.
    Raises ``ValueError`` when the spans overlap or a date is both off and worked.
    """

    days_off: frozenset[date]
    make_up: frozenset[date]
    announced: frozenset[int]
    spans: tuple[tuple[time, time], ...] = SPANS

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise ValueError("the working spans of a day must follow each other without touching")
        if both := self.days_off & self.make_up:
            raise ValueError(f"both off and worked: {min(both)}")

    def is_workday(self, day: date) -> bool:
        """Whether people work on ``day``; without a notice weekends and the fixed feasts are off."""
        if day in self.make_up:
            return True
        if day.weekday() >= 5 or day in self.days_off:
            return False
        return day.year in self.announced or (day.month, day.day) not in FIXED_FEASTS

    def is_working(self, moment: datetime) -> bool:
        """Whether people are at work at ``moment``. Raises ``ValueError`` for a naive one."""
        day, at = _split(moment)
        return self.is_workday(day) and any(begin <= at < end for begin, end in self._edges)

    def is_announced(self, a: datetime, b: datetime) -> bool:
        """Whether the days off are known of every year that lies between the two moments."""
        one, other = a.astimezone(SHANGHAI).year, b.astimezone(SHANGHAI).year
        return self.announced.issuperset(range(min(one, other), max(one, other) + 1))

    def add_hours(self, start: datetime, hours: float) -> Due:
        """The first moment by which ``hours`` of working time have passed since ``start``.

        Outside working time the count begins with the next working moment. Raises ``ValueError`` for
        negative hours or a naive ``start``.
        """
        day, at = self._opening(start)
        left = _microseconds(hours)
        if left:
            left += self._worked(day, at)
            while left > self._full:
                left -= self._full
                day = self._next(day)
            at = self._earliest(left)
        return self._due(start, day, at)

    def subtract_hours(self, end: datetime, hours: float) -> Due:
        """The last moment from which ``hours`` of working time pass until ``end``: ``add_hours`` backwards.

        Outside working time the count begins with the last working moment before ``end``.
        """
        day, at = self._closing(end)
        left = _microseconds(hours)
        if left:
            done = self._worked(day, at)
            while left > done:
                left -= done
                day, done = self._previous(day), self._full
            at = self._latest(done - left)
        return self._due(end, day, at)

    def add_days(self, start: datetime, days: int) -> Due:
        """The same time of day ``days`` workdays later, counted from the next working moment from ``start``.

        Raises ``ValueError`` for negative days or a naive ``start``.
        """
        day, at = self._opening(start)
        for _ in range(_not_negative(days)):
            day = self._next(day)
        return self._due(start, day, at)

    def subtract_days(self, end: datetime, days: int) -> Due:
        """The same time of day ``days`` workdays earlier, counted from the last working moment by ``end``."""
        day, at = self._closing(end)
        for _ in range(_not_negative(days)):
            day = self._previous(day)
        return self._due(end, day, at)

    def hours_between(self, a: datetime, b: datetime) -> float:
        """The working hours from ``a`` to ``b``; negative when ``b`` is the earlier one."""
        if b < a:
            return -self.hours_between(b, a)
        (first, begin), (last, end) = _split(a), _split(b)
        full_days = sum(map(self.is_workday, _days(first, last)))
        worked = full_days * self._full - self._worked(first, begin) + self._worked(last, end)
        return worked / HOUR

    @cached_property
    def _edges(self) -> tuple[tuple[int, int], ...]:
        """The spans as microseconds of the day."""
        return tuple((_time_of_day(begin), _time_of_day(end)) for begin, end in self.spans)

    @cached_property
    def _full(self) -> int:
        """The working time of one workday."""
        return sum(end - begin for begin, end in self._edges)

    def _opening(self, moment: datetime) -> tuple[date, int]:
        """``moment`` itself in working time, else the next beginning of a span: day and time of day."""
        day, at = _split(moment)
        if self.is_workday(day):
            for begin, end in self._edges:
                if at <= end:
                    return day, max(at, begin)
        return self._next(day), self._edges[0][0]

    def _closing(self, moment: datetime) -> tuple[date, int]:
        """``moment`` itself in working time, else the last end of a span before it."""
        day, at = _split(moment)
        if self.is_workday(day):
            for begin, end in reversed(self._edges):
                if at >= begin:
                    return day, min(at, end)
        return self._previous(day), self._edges[-1][1]

    def _worked(self, day: date, at: int) -> int:
        """The working time of ``day`` that has passed by the time of day ``at``."""
        if not self.is_workday(day):
            return 0
        return sum(min(at, end) - begin for begin, end in self._edges if at > begin)

    def _earliest(self, worked: int) -> int:
        """The first time of a workday by which ``worked`` has passed."""
        for begin, end in self._edges:
            if worked <= end - begin:
                return begin + worked
            worked -= end - begin
        raise ValueError("longer than a workday")

    def _latest(self, worked: int) -> int:
        """The last time of a workday by which no more than ``worked`` has passed."""
        for begin, end in self._edges:
            if worked < end - begin:
                return begin + worked
            worked -= end - begin
        raise ValueError("not shorter than a workday")

    def _next(self, day: date) -> date:
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def _previous(self, day: date) -> date:
        day -= ONE_DAY
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def _due(self, start: datetime, day: date, at: int) -> Due:
        """The result, provisional when any year that the count passed through is not announced."""
        moment = datetime.combine(day, time.min, SHANGHAI) + timedelta(microseconds=at)
        return Due(moment, not self.is_announced(start, moment))


def _split(moment: datetime) -> tuple[date, int]:
    """The Chinese date and microsecond of the day of an aware ``moment``."""
    if moment.tzinfo is None:
        raise ValueError("working time needs an aware moment")
    local = moment.astimezone(SHANGHAI)
    return local.date(), _time_of_day(local.time())


def _time_of_day(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


def _microseconds(hours: float) -> int:
    return round(_not_negative(hours) * HOUR)


def _not_negative(amount: N) -> N:
    if amount < 0:
        raise ValueError("working time is counted forwards: use subtract_hours or subtract_days")
    return amount


def _days(first: date, last: date) -> Iterator[date]:
    """The days from ``first`` up to, not including, ``last``."""
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal()))
