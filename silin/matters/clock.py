"""The working-day clock of a matter: respond, handle and verify times, three colours, when to look next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from silin.lib.dates import day_words
from silin.lib.refusal import Refused
from silin.lib.workdays import WorkCalendar
from silin.matters.models import RUNNING, Colour, Matter, State
from silin.places.numbers import number
from silin.places.queries import calendar

WORKDAY = 8.0  # hours of a working day


def start(matter: Matter, now: datetime) -> None:
    """Set the respond and handle times from the category's limits, counted from ``now``."""
    days = calendar()
    matter.respond_due = days.add_hours(now, matter.category.respond_hours).at
    _set_handling(matter, now, matter.category.handle_days, days)


def end_of(day: date) -> datetime:
    """The end of the working time of ``day``. Raises ``Refused`` (``day_off``) where nobody works then."""
    days = calendar()
    if not days.is_workday(day):
        raise Refused("day_off", _("Nobody works on that day. Please choose a working day."), field="until")
    return make_aware(datetime.combine(day, days.spans[-1][1]))


def begin_of(day: date) -> datetime:
    """The beginning of the working time of ``day``."""
    return make_aware(datetime.combine(day, calendar().spans[0][0]))


def extend(matter: Matter, now: datetime, due: datetime) -> None:
    """Move the handle time to ``due``: yellow turns green again, red stays.

    Raises ``Refused``: ``too_early`` unless it is later than now and than the present time, ``too_late``
    beyond the category's limit counted from the present time, ``late`` once the time has run out.
    """
    present = matter.handle_due or now
    if matter.colour == Colour.LATE or matter.out_of_time(now):
        raise Refused("late", _("Its time is over already; late stays late."))
    if due <= max(present, now):
        raise Refused("too_early", _("Please choose a later day than the present one."), field="until")
    days = calendar()
    limit = days.add_days(present, matter.category.handle_days).at
    if localdate(due) > localdate(limit):
        message = _("More time than until %(day)s cannot be given.")
        raise Refused("too_late", message % {"day": day_words(localdate(limit))}, field="until")
    matter.handle_due, matter.colour = due, Colour.OK
    hours = days.hours_between(now, due) * number("matters.warn_share", matter.placed_path)
    matter.warn_due = days.add_hours(now, hours).at


def contact_due(matter: Matter) -> datetime:
    """Until when whoever has it should have spoken with the raiser (先行联系)."""
    hours = number("matters.contact_hours", matter.placed_path)
    return calendar().add_hours(matter.held_since, hours).at


def report_due(matter: Matter, now: datetime) -> datetime:
    """Until when somebody who is whistled at ``now`` has to come (报到)."""
    return calendar().add_hours(now, number("matters.report_hours", matter.placed_path)).at


def restart_handling(matter: Matter, now: datetime, *, days: float) -> None:
    """Give ``days`` working days from ``now``; a deadline that is later than that stays."""
    _set_handling(matter, now, days, calendar())


def recount(matter: Matter) -> None:
    """The handle time of another category, counted from the start and with the pauses so far.

    A short time given after "not yet" or a reopening stays as it is.
    """
    if matter.clock_from != matter.raised_at:
        return
    days = calendar()
    matter.handle_due = None
    _set_handling(matter, matter.raised_at, matter.category.handle_days, days)
    for pause in matter.pauses.exclude(ended_at=None):
        go_on(matter, pause.started_at, pause.ended_at or pause.started_at)
    if matter.responded_at is None and not matter.returns:
        matter.respond_due = days.add_hours(matter.raised_at, matter.category.respond_hours).at


def restart_responding(matter: Matter, now: datetime) -> None:
    """Whoever has it next gets the category's time to respond anew; the handle time runs on."""
    matter.responded_at = matter.contacted_at = None
    matter.held_since = now
    matter.respond_due = calendar().add_hours(now, matter.category.respond_hours).at


def go_on(matter: Matter, stopped_at: datetime, now: datetime) -> None:
    """Move the handle times by the working time that the clock stood still."""
    days = calendar()
    hours = max(0.0, days.hours_between(stopped_at, now))
    if matter.handle_due is not None:
        matter.handle_due = days.add_hours(matter.handle_due, hours).at
    if matter.warn_due is not None:
        matter.warn_due = days.add_hours(matter.warn_due, hours).at
    if matter.escalate_due is not None:
        matter.escalate_due = days.add_hours(matter.escalate_due, hours).at


def start_verifying(matter: Matter, now: datetime) -> None:
    """The raiser has so many days to say "not yet"; then the clock closes it where the kind allows."""
    matter.verify_due = now + timedelta(days=number("matters.verify_days", matter.placed_path))


def next_escalation(matter: Matter, now: datetime) -> datetime:
    """When a late matter climbs one level further."""
    days = number("matters.escalate_days", matter.placed_path)
    return calendar().add_days(now, int(days)).at


def wait(matter: Matter, now: datetime) -> None:
    """A stopped clock goes on by itself after so many days: nothing is put off for ever."""
    matter.waiting_until = now + timedelta(days=number("matters.pause_days", matter.placed_path))


def next_due(matter: Matter) -> datetime | None:
    """The next moment at which the clock has to do something about it."""
    called = matter.report_due if matter.state in (*RUNNING, State.WAITING) else None
    times = [_next_of_state(matter), called, matter.reply_due if matter.is_open else None]
    return min((time for time in times if time is not None), default=None)


def _next_of_state(matter: Matter) -> datetime | None:
    if matter.state == State.ANSWERED:
        return matter.verify_due if matter.declared.lapses else None
    if matter.state == State.WAITING:
        return matter.waiting_until
    if matter.state not in RUNNING:
        return None
    if matter.colour == Colour.LATE:
        return matter.escalate_due
    if matter.colour == Colour.WARN:
        return matter.handle_due
    waiting = matter.responded_at is None
    times = [matter.warn_due, matter.handle_due, matter.respond_due if waiting else None]
    return min((time for time in times if time is not None), default=None)


def hours_used(matter: Matter) -> float:
    """Working hours to its answer, from its raising or its last reopening, without the pauses."""
    if matter.answered_at is None:
        return 0.0
    days = calendar()
    since = matter.clock_from if matter.reopens else matter.raised_at
    hours = days.hours_between(since, matter.answered_at)
    for pause in matter.pauses.filter(started_at__gte=since):
        if pause.ended_at is not None:
            hours -= days.hours_between(pause.started_at, pause.ended_at)
    return max(0.0, round(hours, 2))


def _set_handling(matter: Matter, now: datetime, days: float, calendar: WorkCalendar) -> None:
    due = calendar.add_days(now, int(days)) if days == int(days) else calendar.add_hours(now, days * WORKDAY)
    if matter.handle_due is not None and matter.handle_due > due.at:
        return
    matter.clock_from, matter.handle_due, matter.provisional = now, due.at, due.provisional
    hours = calendar.hours_between(now, due.at) * number("matters.warn_share", matter.placed_path)
    matter.warn_due = calendar.add_hours(now, hours).at
