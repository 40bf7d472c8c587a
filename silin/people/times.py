"""Times of duty as a clerk writes them: ``8:30-12:00 14:00-17:30``, away all day, or nothing at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import time
from itertools import pairwise

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused

Times = tuple[tuple[time, time], ...]
"""From when to when on one day; empty is away all day."""

AT_MOST = 3
CLOCK = r"(\d{1,2})(?::?(\d{2}))?"
SPAN = re.compile(rf"{CLOCK}\s*[-\u2013\u2014~至到]+\s*{CLOCK}")
AWAY = ("休", "休息", "off", "away", "-")


def read_times(text: str) -> Times | None:
    """What somebody wrote for a day; None where they wrote nothing: then the day is as every week.

    Raises ``Refused`` (``bad_times``).
    """
    said = unicodedata.normalize("NFKC", text).replace("点", ":00").strip().lower()
    if not said:
        return None
    if said in AWAY or said == gettext("off"):
        return ()
    found = [_span(match) for match in SPAN.finditer(said)]
    if not found or re.sub(r"[\s,，、;]", "", SPAN.sub("", said)) or len(found) > AT_MOST:
        raise _bad(text)
    if any(begins == ends for begins, ends in found) or _overlap(found):
        raise _bad(text)
    return tuple(found)


def say_times(times: Iterable[tuple[time, time]] | None) -> str:
    """How ``read_times`` would like to read it."""
    if times is None:
        return ""
    return " ".join(f"{_clock(begins)}-{_clock(ends)}" for begins, ends in times) or gettext("off")


def _span(match: re.Match[str]) -> tuple[time, time]:
    values = [int(part or 0) for part in match.groups()]
    return _time(values[0], values[1], match[0]), _time(values[2], values[3], match[0])


def _time(hour: int, minute: int, text: str) -> time:
    if (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise _bad(text)
    return time(hour, minute)


def _overlap(found: list[tuple[time, time]]) -> bool:
    """Whether one begins before another ends, or goes on into the night before another begins."""
    found.sort()
    return any(ends <= begins or after < ends for (begins, ends), (after, _ends) in pairwise(found))


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _bad(text: str) -> Refused:
    words = _("“%(text)s” is no time. Write 8:30-17:30, or “off” for away all day.")
    return Refused("bad_times", words % {"text": text})
