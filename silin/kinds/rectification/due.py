"""When somebody looks back at what was struck off, and the reminder of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.raising import link_to
from silin.matters.clock import begin_of
from silin.matters.deeds import By, Deed, verb
from silin.matters.models import Matter
from silin.matters.setters import setter_of
from silin.people import queries as people
from silin.places.numbers import number

MONTHS = {"month": 1, "quarter": 3}


def look_day(row: Rectification, matter: Matter, now: datetime) -> date:
    """The day on which it is due.

    That is so many days later; of a figure of a month or a quarter when so many whole ones have passed since.
    """
    today, months = localdate(now), _months(row.period)
    if not months:
        return today + timedelta(days=number("rectification.look_back_days", matter.placed_path))
    periods = int(number("rectification.look_back_periods", matter.placed_path))
    first = (today.year * 12 + today.month - 1) // months * months  # the first month of the present one
    ends = first + months * (1 + periods)
    return date(ends // 12, ends % 12 + 1, 1)


def note(matter: Matter) -> None:
    """Let the clock come back on the day."""
    matter.own_due = begin_of(matter.look_back_on) if matter.look_back_on else None


def tick(matter: Matter, now: datetime) -> None:
    """The clock comes by."""
    remind(matter, By(None, now, version=matter.version))


@verb("remind")
def remind(deed: Deed) -> None:
    """Tell whoever set it that the day has come; after it, once more every so many days until they look."""
    matter = deed.matter
    days = number("rectification.look_remind_days", matter.placed_path)
    matter.own_due = begin_of(localdate(deed.now) + timedelta(days=days))
    deed.move(deed.before)
    if (post := setter_of(matter)) is not None:
        deed.tell(people.holders(post, deed.now), "rectification_look", link_to(matter))


def _months(period: str) -> int:
    """How many months a period has; 0 where the look back goes by days."""
    if "-" not in period:
        return 0
    return MONTHS["quarter" if "Q" in period else "month"]
