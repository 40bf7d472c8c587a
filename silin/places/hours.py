"""The hours of a week: read from the words on a door, said again, and asked whether it is open now."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from silin.lib.dates import clock_time, in_chinese, midnight, near_day_words, weekday_words
from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI, WorkCalendar

Week = list[list[list[int]]]
"""From Monday on, for each day spans of minutes since midnight; an end beyond 1440 lies after midnight."""

FULL = 1440
DAYS_ZH = "一二三四五六日"
DAYS_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAY = re.compile(r"(24|二十四)(个)?(小时|hours?)|全天|allday")
CLOSED = re.compile(r"休息|不开|closed")
RANGE = re.compile(r"([0-6])(?:[-~至到]+([0-6]))?")
SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?[-~至到]+(?:次日|翌日|nextday)?(\d{1,2})(?::(\d{2}))?")
AHEAD = 8  # days that are looked at for the next time it opens


def parse_hours(text: str) -> Week:
    """``周一至周五 8:30-12:00 14:00-18:00；周六 9:00-12:00`` or ``Mon-Fri 8:30-12:00`` as a week.

    Days that nobody mentions are closed, a later part says more exactly what an earlier one said; without
    days a part means every day. Empty text is an empty list: not known. Raises ``Refused`` (``bad_hours``).
    """
    week: Week = [[] for _day in range(7)]
    parts = [part for part in re.split(r"[;。\n]+", _plain(text)) if part]
    for part in parts:
        days, spans = _part(part)
        for day in days:
            week[day] = [list(span) for span in spans]
    return week if parts else []


def _plain(text: str) -> str:
    """Narrow and small, without blanks inside a word, days as digits from 0, dashes all alike."""
    words = unicodedata.normalize("NFKC", text).casefold()
    words = re.sub(r"[—–－−~～]", "-", words).replace("；", ";")
    words = re.sub(r"每[天日]|daily|every ?day", "周一至周日", words)
    words = re.sub(r"工作日|weekdays", "周一至周五", words)
    words = re.sub(r"周末|weekends?", "周六至周日", words)
    words = re.sub(
        r"(周|星期|礼拜)([一二三四五六日天])\s*([-至到])\s*([一二三四五六日天])", r"周\2\3周\4", words
    )
    for n, sign in enumerate(DAYS_ZH):
        words = re.sub(f"(?:周|星期|礼拜)[{sign}{'天' if n == 6 else ''}]", f"<{n}>", words)
        words = re.sub(rf"\b{DAYS_EN[n]}[a-z]*\b", f"<{n}>", words)
    words = re.sub(r"\s*([-至到])\s*", r"\1", words)
    return re.sub(r"[ \t\r]+", "", re.sub(r"(?<=\d)[ \t]+(?=\d)", ",", words))


def _part(part: str) -> tuple[list[int], list[tuple[int, int]]]:
    found = re.fullmatch(r"((?:<\d>|[-至到、,和及&:/])*)(.*)", part)
    assert found is not None
    named, rest = found[1].strip("、,:"), found[2].strip("、,:")
    days = [day for piece in re.split(r"[、,和及&/]+", named) if piece for day in _days(piece, part)]
    return days or list(range(7)), _spans(rest, part)


def _days(piece: str, part: str) -> list[int]:
    found = RANGE.fullmatch(re.sub(r"[<>]", "", piece))
    if found is None:
        raise _bad(part)
    first, last = int(found[1]), int(found[2] or found[1])
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _spans(rest: str, part: str) -> list[tuple[int, int]]:
    if ALL_DAY.fullmatch(rest):
        return [(0, FULL)]
    if CLOSED.fullmatch(rest):
        return []
    spans = sorted(_span(piece, part) for piece in re.split(r"[、,和及&]+", rest))
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise _bad(part)
    return spans


def _span(piece: str, part: str) -> tuple[int, int]:
    found = SPAN.fullmatch(piece)
    if found is None:
        raise _bad(part)
    begin, end = (int(found[n]) * 60 + int(found[n + 1] or 0) for n in (1, 3))
    minutes = (int(found[2] or 0), int(found[4] or 0))
    if max(minutes) > 59 or begin >= FULL or end > FULL:
        raise _bad(part)
    return begin, end if end > begin else end + FULL


def _bad(part: str) -> Refused:
    said = re.sub(r"<(\d)>", lambda found: _day(int(found[1])), part)
    words = gettext_lazy(
        "We cannot read the hours “%(part)s”. Write them like “周一至周五 8:30-12:00 14:00-18:00”."
    )
    return Refused("bad_hours", words % {"part": said}, field="hours")


def say_hours(week: Week) -> str:
    """The week as it stands on a door, one part for days that are alike; ``""`` where it is not known."""
    groups: dict[str, list[int]] = {}
    for day, spans in enumerate(week):
        groups.setdefault(_say_spans(spans), []).append(day)
    open_ones = {said: days for said, days in groups.items() if said} or {
        pgettext("hours", "closed"): list(range(7))
    }
    apart = "；" if in_chinese() else "; "
    said = [_say_part(words, days) for words, days in open_ones.items()]
    return apart.join(said) if week else ""


def _say_part(words: str, days: list[int]) -> str:
    """``周一至周五 8:30-12:00``; ``每天全天`` stands together."""
    joined = in_chinese() and words == pgettext("hours", "24 hours")
    return f"{_say_days(days)}{'' if joined else ' '}{words}"


def _say_spans(spans: Sequence[Sequence[int]]) -> str:
    if [list(span) for span in spans] == [[0, FULL]]:
        return pgettext("hours", "24 hours")
    return " ".join(f"{_say_minute(begin)}-{_say_minute(end)}" for begin, end in spans)


def _say_minute(minute: int) -> str:
    minute = minute if minute <= FULL else minute - FULL
    return f"{minute // 60}:{minute % 60:02}"


def _say_days(days: list[int]) -> str:
    if len(days) == 7:
        return pgettext("hours", "daily")
    runs = [
        [day for _n, day in run] for _key, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0])
    ]
    to, apart = ("至", "、") if in_chinese() else ("-", ", ")
    said = [
        f"{_day(run[0])}{to}{_day(run[-1])}" if len(run) > 2 else apart.join(map(_day, run)) for run in runs
    ]
    return apart.join(said)


def _day(n: int) -> str:
    return f"周{DAYS_ZH[n]}" if in_chinese() else DAYS_EN[n].capitalize()


@dataclass(frozen=True)
class OpenState:
    """Whether it is open, and until when that is so (None: for a week at least)."""

    is_open: bool
    until: datetime | None

    def words(self, now: datetime) -> str:
        """``open now, until 18:00``; ``closed now, opens tomorrow 8:30``."""
        if self.until is None:
            return _("open now") if self.is_open else _("closed now")
        local, today = self.until.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
        day = near_day_words(local.date(), today) or weekday_words(local.date())
        at = clock_time(local) if local.date() == today else f"{day} {clock_time(local)}"
        pattern = _("open now, until %(at)s") if self.is_open else _("closed now, opens %(at)s")
        return pattern % {"at": at}


def state(week: Week, now: datetime, days: WorkCalendar, *, closed_on_days_off: bool) -> OpenState | None:
    """Whether a place with these hours is open ``now``; None where they are not known.

    With ``closed_on_days_off`` it is closed on holidays, and open as on a Monday on a make-up workday that
    has no hours of its own.
    """
    if not week:
        return None
    for begin, end in _intervals(week, now.astimezone(SHANGHAI).date(), days, closed_on_days_off):
        if begin <= now < end:
            return OpenState(True, end if end - now < timedelta(days=AHEAD - 1) else None)
        if now < begin:
            return OpenState(False, begin)
    return OpenState(False, None)


def _intervals(
    week: Week, today: date, days: WorkCalendar, closed_on_days_off: bool
) -> Iterator[tuple[datetime, datetime]]:
    """The times it is open from yesterday on, those that touch put together."""
    held: tuple[datetime, datetime] | None = None
    for n in range(-1, AHEAD + 1):
        day = today + timedelta(days=n)
        for begin, end in _spans_on(week, day, days, closed_on_days_off):
            start, stop = (midnight(day) + timedelta(minutes=minute) for minute in (begin, end))
            if held and start <= held[1]:
                held = held[0], max(held[1], stop)
                continue
            if held:
                yield held
            held = start, stop
    if held:
        yield held


def _spans_on(week: Week, day: date, days: WorkCalendar, closed_on_days_off: bool) -> list[list[int]]:
    weekend, works = day.weekday() >= 5, days.is_workday(day)
    if closed_on_days_off and not works and (not weekend or day in days.days_off):
        return []
    if closed_on_days_off and works and weekend:
        return week[day.weekday()] or week[0]
    return week[day.weekday()]
