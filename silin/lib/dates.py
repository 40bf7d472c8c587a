"""How a moment is said: relative under seven days, absolute after; always exact on request.

Every function takes the reader's ``now`` where it matters and answers in the active language.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import get_language, gettext, ngettext, pgettext

WEEKDAYS_ZH = "一二三四五六日"
NEAR = timedelta(days=7)


def in_chinese() -> bool:
    """Whether the page is read in Chinese (every language but English falls back to it)."""
    return not (get_language() or "zh-hans").startswith("en")


def clock_time(moment: datetime) -> str:
    """``14:12``, ``9:30``: the hour without a leading zero."""
    return f"{moment.hour}:{moment.minute:02}"


def day_words(day: date, *, with_year: bool = False) -> str:
    """``11月20日`` or ``20 Nov``; with the year ``2026年11月20日`` or ``20 Nov 2026``."""
    if in_chinese():
        return f"{day.year}年{day.month}月{day.day}日" if with_year else f"{day.month}月{day.day}日"
    return f"{day.day} {day:%b %Y}" if with_year else f"{day.day} {day:%b}"


def weekday_words(day: date) -> str:
    """``周五`` or ``Fri``."""
    return f"周{WEEKDAYS_ZH[day.weekday()]}" if in_chinese() else f"{day:%a}"


def exact_words(moment: datetime) -> str:
    """``2026年11月20日 14:12``: for titles, print and screen readers."""
    here = localtime(moment)
    return f"{day_words(here.date(), with_year=True)} {clock_time(here)}"


def moment_words(moment: datetime) -> str:
    """``11月20日 14:12``: without the year, where the year is plain."""
    here = localtime(moment)
    return f"{day_words(here.date())} {clock_time(here)}"


def when_words(moment: datetime, now: datetime) -> str:
    """The moment as a neighbour says it: ``12 分钟前``, ``今天 14:12``, ``3 天前``, ``11月9日 8:30``."""
    here, today = localtime(moment), localtime(now).date()
    if timedelta(0) <= now - moment < timedelta(hours=1):
        return ago_words(now - moment)
    near = near_day_words(here.date(), today)
    if near and abs(here.date() - today) >= timedelta(days=2) and moment < now:
        return near
    day = near or day_words(here.date(), with_year=here.year != today.year)
    return f"{day} {clock_time(here)}"


def ago_words(gap: timedelta) -> str:
    """Less than an hour ago."""
    minutes = int(gap.total_seconds() // 60)
    if minutes == 0:
        return gettext("just now")
    return ngettext("%(n)d min ago", "%(n)d min ago", minutes) % {"n": minutes}


def near_day_words(day: date, today: date) -> str:
    """``今天``, ``昨天``, ``明天``, ``3 天前``, ``周一``; empty when the day is a week away or more."""
    gap = (day - today).days
    if abs(gap) >= NEAR.days:
        return ""
    if gap < -1:
        return gettext("%(n)d days ago") % {"n": -gap}
    if gap > 1:
        return weekday_words(day)
    return {0: pgettext("day", "today"), -1: pgettext("day", "yesterday"), 1: pgettext("day", "tomorrow")}[
        gap
    ]


def midnight(day: date) -> datetime:
    """The first moment of a local day, aware."""
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone())
