"""The working-day clock of a matter: respond, handle and verify times, three colours, when to look next."""

from __future__ import annotations

from datetime import datetime, timedelta

from silin.lib.workdays import WorkCalendar
from silin.matters.models import RUNNING, Colour, Matter, State
from silin.places.numbers import number
from silin.places.queries import calendar


def start(matter: Matter, now: datetime) -> None:
    """Set the respond and handle times from the category's limits, counted from ``now``."""
    days = calendar()
    matter.respond_due = days.add_hours(now, matter.category.respond_hours).at
    _set_handling(matter, now, matter.category.handle_days, days)


def restart_handling(matter: Matter, now: datetime, *, days: float) -> None:
    """Give ``days`` working days from ``now``; a deadline that is later than that stays."""
    _set_handling(matter, now, days, calendar())


def restart_responding(matter: Matter, now: datetime) -> None:
    """Whoever has it next gets the category's time to respond anew; the handle time runs on."""
    matter.responded_at = None
    matter.respond_due = calendar().add_hours(now, matter.category.respond_hours).at


def go_on(matter: Matter, stopped_at: datetime, now: datetime) -> None:
    """Move the handle times by the working time that the clock stood still."""
    days = calendar()
    hours = max(0.0, days.hours_between(stopped_at, now))
    if matter.handle_due is not None:
        matter.handle_due = days.add_hours(matter.handle_due, hours).at
    if matter.warn_due is not None:
        matter.warn_due = days.add_hours(matter.warn_due, hours).at


def start_verifying(matter: Matter, now: datetime) -> None:
    """The raiser has so many days to say "not yet"; then the clock closes it where the kind allows."""
    matter.verify_due = now + timedelta(days=number("matters.verify_days", matter.placed_path))


def next_escalation(matter: Matter, now: datetime) -> datetime:
    """When a late matter climbs one level further."""
    days = number("matters.escalate_days", matter.placed_path)
    return calendar().add_days(now, int(days)).at


def next_due(matter: Matter) -> datetime | None:
    """The next moment at which the clock has to do something about it."""
    if matter.state == State.ANSWERED:
        return matter.verify_due if matter.declared.lapses else None
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
    """Working hours from the start of its clock to its answer, without the pauses."""
    if matter.answered_at is None:
        return 0.0
    days = calendar()
    hours = days.hours_between(matter.raised_at, matter.answered_at)
    for pause in matter.pauses.all():
        if pause.ended_at is not None:
            hours -= days.hours_between(pause.started_at, pause.ended_at)
    return max(0.0, round(hours, 2))


def _set_handling(matter: Matter, now: datetime, days: float, calendar: WorkCalendar) -> None:
    due = calendar.add_days(now, int(days))
    if matter.handle_due is not None and matter.handle_due > due.at:
        return
    matter.clock_from, matter.handle_due, matter.provisional = now, due.at, due.provisional
    hours = calendar.hours_between(now, due.at) * number("matters.warn_share", matter.placed_path)
    matter.warn_due = calendar.add_hours(now, hours).at
