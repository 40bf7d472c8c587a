"""Rosters: when a seat is on duty, by the week and by single days, and who is on it now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.workdays import WorkCalendar
from silin.people.models import Post, Shift, today

DAY = timedelta(days=1)
AHEAD = 14  # days that are looked through for the next shift


class Presence(IntEnum):
    """How near a seat is to its work: on duty, on duty later, away all day."""

    ON = 0
    LATER = 1
    AWAY = 2


@dataclass(frozen=True)
class Span:
    """From when to when a seat is on duty."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Standing:
    """Where a seat stands at a moment, and when it begins next (where it has a roster)."""

    presence: Presence
    next: datetime | None = None

    def key(self) -> tuple[int, float]:
        """Whoever is on duty first, then whoever begins soonest."""
        return self.presence, self.next.timestamp() if self.next else 0.0


HERE = Standing(Presence.ON)
"""A seat without a roster is always on duty."""


@transaction.atomic
def set_week(
    post: Post,
    weekdays: Iterable[int],
    starts: time,
    ends: time,
    *,
    actor: User | None,
    now: datetime,
    since: date | None = None,
) -> list[Shift]:
    """From a day on the seat is on duty on these weekdays; what was said of the week before ends then.

    Without weekdays the roster ends, and the seat is always on duty again. Raises ``NotAllowed``, ``Refused``
    (``bad_times``).
    """
    since = since or today(now)
    _begin(post, actor)
    days = sorted(set(weekdays))
    if any(day not in Shift.Weekday.values for day in days) or starts == ends:
        raise Refused("bad_times", _("Please give two different times."), field="ends")
    weekly = Shift.objects.filter(post=post, day=None)
    weekly.filter(valid_from__gte=since).delete()
    weekly.filter(valid_until=None).update(valid_until=since)
    rows = [Shift(post=post, weekday=day, starts=starts, ends=ends, valid_from=since) for day in days]
    Shift.objects.bulk_create(rows)
    fields = {"weekdays": days, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}", "from": str(since)}
    record(subject=post.subject, action="set_week", actor=actor, now=now, fields=fields)
    return rows


@transaction.atomic
def set_day(
    post: Post, day: date, times: tuple[time, time] | None, *, actor: User | None, now: datetime
) -> Shift:
    """On one day the seat is on duty from a time to a time instead of as every week; None: away all day.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates``, ``bad_times``).
    """
    _begin(post, actor)
    if day < today(now):
        raise Refused("bad_dates", _("That day is over. Choose today or a later one."), field="day")
    if times is not None and times[0] == times[1]:
        raise Refused("bad_times", _("Please give two different times."), field="ends")
    starts, ends = times or (None, None)
    Shift.objects.filter(post=post, day=day).delete()
    row = Shift.objects.create(post=post, day=day, starts=starts, ends=ends)
    said = f"{starts:%H:%M}-{ends:%H:%M}" if starts and ends else "away"
    fields = {"day": day.isoformat(), "times": said}
    record(subject=post.subject, action="set_day", actor=actor, now=now, fields=fields)
    return row


@transaction.atomic
def clear_day(post: Post, day: date, *, actor: User | None, now: datetime) -> None:
    """The day follows the week again. Raises ``NotAllowed``."""
    _begin(post, actor)
    gone, _kinds = Shift.objects.filter(post=post, day=day).delete()
    if gone:
        fields = {"day": day.isoformat()}
        record(subject=post.subject, action="clear_day", actor=actor, now=now, fields=fields)


def standing(shifts: Sequence[Shift], now: datetime, days: WorkCalendar) -> Standing:
    """Where a seat with these shifts stands now. Shifts of its week and of single days, from yesterday on."""
    if not shifts:
        return HERE
    today_is = timezone.localdate(now)
    for day in (today_is - DAY, today_is):
        if any(span.begins <= now < span.ends for span in spans(shifts, day, days)):
            return HERE
    coming = (span for n in range(AHEAD) for span in spans(shifts, today_is + n * DAY, days))
    first = next((span.begins for span in coming if span.begins > now), None)
    if is_away(shifts, today_is):
        return Standing(Presence.AWAY, first)
    if not any(shift.day is None for shift in shifts):
        return HERE  # single days only: else it is always on duty
    return Standing(Presence.LATER, first)


def is_away(shifts: Iterable[Shift], day: date) -> bool:
    """Whether somebody put down that the seat is away all that day."""
    return any(shift.day == day and shift.starts is None for shift in shifts)


def spans(shifts: Iterable[Shift], day: date, days: WorkCalendar) -> list[Span]:
    """When the seat is on duty on a day: what was put down for the day, else as every week.

    A day off counts as a Sunday, a make-up workday as a Monday.
    """
    shifts = list(shifts)
    single = [shift for shift in shifts if shift.day == day]
    weekday = weekday_of(day, days)
    weekly = [
        shift
        for shift in shifts
        if shift.weekday == weekday
        and shift.valid_from is not None
        and shift.valid_from <= day
        and (shift.valid_until is None or day < shift.valid_until)
    ]
    found = [
        _span(day, shift.starts, shift.ends) for shift in single or weekly if shift.starts and shift.ends
    ]
    return sorted(found, key=lambda span: span.begins)


def weekday_of(day: date, days: WorkCalendar) -> int:
    """Which weekday's shifts count on a day."""
    weekend = day.weekday() >= Shift.Weekday.SATURDAY
    if days.is_workday(day):
        return Shift.Weekday.MONDAY.value if weekend else day.weekday()
    return day.weekday() if weekend else Shift.Weekday.SUNDAY.value


def shifts_of(posts: Iterable[UUID], now: datetime) -> dict[UUID, list[Shift]]:
    """The shifts of seats by seat, from yesterday on; one statement."""
    first = today(now) - DAY
    found: dict[UUID, list[Shift]] = {}
    for shift in Shift.objects.of_days(first, first + (AHEAD + 1) * DAY).filter(post__in=list(posts)):
        found.setdefault(shift.post_id, []).append(shift)
    return found


def _span(day: date, starts: time, ends: time) -> Span:
    zone = timezone.get_default_timezone()
    last = day if ends > starts else day + DAY
    return Span(datetime.combine(day, starts, zone), datetime.combine(last, ends, zone))


def _begin(post: Post, actor: User | None) -> None:
    Post.objects.select_for_update().only("pk").get(pk=post.pk)
    if actor is not None and not actor.has_perm("people.edit", post):
        raise NotAllowed(_("You cannot change the roster here."))
