"""Rosters: when a seat is on duty, by the week and by single days, and who is on it now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.lib.workdays import WorkCalendar
from silin.people.models import Post, Shift, today
from silin.people.times import Times
from silin.places.queries import calendar

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
    seen: str | None = None,
) -> list[Shift]:
    """From a day on the seat is on duty on these weekdays; what was said of the week before ends then.

    Without weekdays the roster ends, and the seat is always on duty again. ``seen`` is what ``week_mark``
    said before. Raises ``NotAllowed``, ``Changed``, ``Refused`` (``bad_times``, ``bad_dates``).
    """
    since = since or today(now)
    _begin(post, actor)
    if seen is not None and seen != week_mark(post):
        raise Changed(_("Somebody changed this since you looked. Please look at it as it stands."))
    if since < today(now):
        raise Refused("bad_dates", _("That day is over. Choose today or a later one."), field="since")
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


def week_mark(post: Post) -> str:
    """What every week says of a seat, now and later, as one short text."""
    rows = Shift.objects.filter(post=post, day=None, valid_until=None).order_by("weekday", "pk")
    return " ".join(f"{each.pk}" for each in rows)


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


@transaction.atomic
def fill_week(
    posts: Iterable[Post],
    wanted: Mapping[tuple[UUID, date], Times | None],
    mark: Callable[[], str],
    *,
    seen: str,
    actor: User | None,
    now: datetime,
) -> int:
    """Write what is wanted for days of these seats; None follows the week again. Gives how many changed.

    ``mark`` tells how the week stands under the lock, ``seen`` how it stood when the person looked: the
    second of two clerks is told. What is as it was leaves no line. Raises ``NotAllowed``, ``Changed``,
    ``Refused`` (``bad_dates``).
    """
    found = _lock_all(posts, actor)
    if seen != mark():
        raise Changed(
            _("Somebody filled days of this week since you looked. Both are shown; please compare.")
        )
    return sum(
        _write_days(post, {day: times for (key, day), times in wanted.items() if key == post.pk}, actor, now)
        for post in found
    )


@transaction.atomic
def swap_days(
    one: Post,
    other: Post,
    days: Iterable[date],
    *,
    actor: User | None,
    now: datetime,
) -> None:
    """On these days each of two seats is on duty when the other would have been. Once more takes it back.

    Raises ``NotAllowed``, ``Refused`` (``same_seat``, ``no_roster``, ``nothing_to_swap``, ``bad_dates``).
    """
    if one.pk == other.pk:
        raise Refused("same_seat", _("Please choose two different seats."), field="other")
    posts = _lock_all([one, other], actor)
    work, asked = calendar(), sorted(set(days))
    shifts = {post.pk: list(Shift.objects.of_days(asked[0], asked[-1]).filter(post=post)) for post in posts}
    when = {
        (post.pk, day): own if own is not None else weekly_times(shifts[post.pk], day, work)
        for post in posts
        for day in asked
        for own in [own_times(shifts[post.pk], day)]
    }
    if None in when.values():
        raise Refused("no_roster", _("One of them has no roster: it is always on duty."), field="other")
    if all(when[one.pk, day] == when[other.pk, day] for day in asked):
        raise Refused("nothing_to_swap", _("Both are on duty at the same times: nothing to swap."))
    for post, beside in ((one, other), (other, one)):
        _write_days(post, {day: when[beside.pk, day] for day in asked}, actor, now)


def own_times(shifts: Iterable[Shift], day: date) -> Times | None:
    """What was put down for one day; None where the day is as every week."""
    single = [shift for shift in shifts if shift.day == day]
    return _times(single) if single else None


def weekly_times(shifts: Sequence[Shift], day: date, days: WorkCalendar) -> Times | None:
    """What every week says of a day; None where the seat has no week."""
    weekly = [shift for shift in shifts if shift.day is None]
    if not any(_counts(shift, day) for shift in weekly):
        return None
    weekday = weekday_of(day, days)
    return _times([shift for shift in weekly if shift.weekday == weekday and _counts(shift, day)])


def _write_days(post: Post, wanted: Mapping[date, Times | None], actor: User | None, now: datetime) -> bool:
    """The days of one seat and one line of history; whether anything changed."""
    there = list(Shift.objects.filter(post=post, day__in=list(wanted)))
    changed = {day: times for day, times in wanted.items() if own_times(there, day) != times}
    if any(day < today(now) for day in changed):
        raise Refused("bad_dates", _("That day is over. Choose today or a later one."), field="day")
    Shift.objects.filter(post=post, day__in=list(changed)).delete()
    Shift.objects.bulk_create(
        Shift(post=post, day=day, starts=starts, ends=ends)
        for day, times in changed.items()
        if times is not None
        for starts, ends in times or [(None, None)]
    )
    if changed:
        said = {day.isoformat(): _said(times) for day, times in sorted(changed.items())}
        record(subject=post.subject, action="set_days", actor=actor, now=now, fields={"days": said})
    return bool(changed)


def _said(times: Times | None) -> str:
    if times is None:
        return "as every week"
    return " ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in times) or "away"


def _times(shifts: Iterable[Shift]) -> Times:
    return tuple(sorted((each.starts, each.ends) for each in shifts if each.starts and each.ends))


def _counts(shift: Shift, day: date) -> bool:
    begun = shift.valid_from is not None and shift.valid_from <= day
    return begun and (shift.valid_until is None or day < shift.valid_until)


def _lock_all(posts: Iterable[Post], actor: User | None) -> list[Post]:
    """Lock the seats, always in the same order, and ask for the right over each."""
    keys = [post.pk for post in posts]
    locked = Post.objects.select_for_update(of=("self",)).select_related("place", "kind").filter(pk__in=keys)
    found = list(locked.order_by("pk"))
    if actor is not None and not all(actor.has_perm("rosters.edit", post) for post in found):
        raise NotAllowed(_("You cannot change the roster here."))
    return found


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
    weekly = [shift for shift in shifts if shift.weekday == weekday and _counts(shift, day)]
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
    if actor is not None and not actor.has_perm("rosters.edit", post):
        raise NotAllowed(_("You cannot change the roster here."))
