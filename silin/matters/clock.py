"""The working-day clock of a matter: respond, handle and verify times, three colours, when to look next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from silin.lib.dates import day_words
from silin.lib.refusal import Refused
from silin.lib.remembering import Remembered
from silin.lib.workdays import WorkCalendar
from silin.matters.models import RUNNING, Colour, Matter, State
from silin.matters.terms import CATEGORIES, limits_of
from silin.places.models import DAYS_OFF, NUMBERS, Revision
from silin.places.numbers import in_force_since, number
from silin.places.queries import calendar

WORKDAY = 8.0  # hours of a working day


def revision(now: datetime) -> int:
    """By which revision of days off and limits clocks are counted at ``now``; it only grows.

    Days off and categories raise it when they change, numbers too, and once more on the day from which on a
    row of them counts.
    """
    changed = Revision.objects.filter(name__in=(DAYS_OFF, CATEGORIES, NUMBERS)).aggregate(n=Max("n"))["n"]
    return max(changed or 0, in_force_since(now))


_remembered = Remembered(lambda: revision(timezone.now()))


def start(matter: Matter, now: datetime) -> None:
    """Set the respond and handle times from the category's limits, counted from ``now``."""
    matter.counted = _remembered()  # read before the calendar: what changes in between is counted anew
    days = calendar()
    matter.respond_due = days.add_hours(now, limits_of(matter).respond_hours).at
    _set_handling(matter, now, handle_days(matter), days)


def handle_days(matter: Matter) -> float:
    """In how many working days it is to be done: as its kind says for the place, else as its terms do."""
    name = matter.declared.limits.get("handle_days")
    return number(name, matter.placed_path) if name else limits_of(matter).handle_days


def end_of(day: date) -> datetime:
    """The end of the working time of ``day``. Raises ``Refused`` (``day_off``) where nobody works then."""
    if not calendar().is_workday(day):
        raise Refused("day_off", _("Nobody works on that day. Please choose a working day."), field="until")
    return last_moment(day)


def last_moment(day: date) -> datetime:
    """When people go home on ``day``, if they work then."""
    return make_aware(datetime.combine(day, calendar().spans[-1][1]))


def begin_of(day: date) -> datetime:
    """The beginning of the working time of ``day``."""
    return make_aware(datetime.combine(day, calendar().spans[0][0]))


def set_until(matter: Matter, now: datetime, day: date) -> None:
    """Let the handle time end with ``day``, which somebody set."""
    days, due = calendar(), last_moment(day)
    matter.clock_from, matter.handle_due = now, due
    matter.warn_due = warning(matter, now, due, days)
    lean(matter, days)


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
    limit = days.add_days(present, int(handle_days(matter))).at
    if localdate(due) > localdate(limit):
        message = _("More time than until %(day)s cannot be given.")
        raise Refused("too_late", message % {"day": day_words(localdate(limit))}, field="until")
    matter.handle_due, matter.colour = due, Colour.OK
    matter.warn_due = warning(matter, now, due, days)
    lean(matter, days)


def after(start: datetime, working_days: float, days: WorkCalendar) -> datetime:
    """So many working days later; a part of a day is counted in hours."""
    whole = working_days == int(working_days)
    due = days.add_days(start, int(working_days)) if whole else days.add_hours(start, working_days * WORKDAY)
    return due.at


def warning(matter: Matter, start: datetime, due: datetime, days: WorkCalendar) -> datetime:
    """When a clock that runs from ``start`` to ``due`` turns yellow."""
    hours = days.hours_between(start, due) * number("matters.warn_share", matter.placed_path)
    return days.add_hours(start, hours).at


def contact_due(matter: Matter) -> datetime:
    """Until when whoever has it should have spoken with the raiser (先行联系)."""
    name = matter.declared.limits.get("contact_hours", "matters.contact_hours")
    hours = number(name, matter.placed_path)
    return calendar().add_hours(matter.held_since, hours).at


def report_due(matter: Matter, now: datetime) -> datetime:
    """Until when somebody who is whistled at ``now`` has to come (报到)."""
    return calendar().add_hours(now, number("matters.report_hours", matter.placed_path)).at


def restart_handling(matter: Matter, now: datetime, *, days: float) -> None:
    """Give ``days`` working days from ``now``; a deadline that is later than that stays."""
    _set_handling(matter, now, days, calendar())


def restart_responding(matter: Matter, now: datetime) -> None:
    """Whoever has it next gets the category's time to respond anew; the handle time runs on."""
    matter.responded_at = matter.contacted_at = None
    matter.held_since = now
    matter.respond_due = respond_due(matter)


def respond_due(matter: Matter) -> datetime:
    """Until when whoever has it should have taken it."""
    return calendar().add_hours(matter.held_since, limits_of(matter).respond_hours).at


def is_short(matter: Matter, now: datetime) -> bool:
    """Whether a running clock is to be yellow: little time is left, or nobody took it in time."""
    untaken = matter.respond_due if matter.responded_at is None else None
    return any(due is not None and due <= now for due in (matter.warn_due, untaken))


def go_on(matter: Matter, stopped_at: datetime, now: datetime) -> None:
    """Move the handle times by the working time that the clock stood still."""
    days = calendar()
    for name in ("handle_due", "warn_due", "escalate_due"):
        due = getattr(matter, name)
        if due is not None:
            setattr(matter, name, moved(due, stopped_at, now, days))
    lean(matter, days)


def moved(due: datetime, stopped_at: datetime, now: datetime, days: WorkCalendar) -> datetime:
    """``due`` later by the working time between the two moments."""
    return days.add_hours(due, max(0.0, days.hours_between(stopped_at, now))).at


def lean(matter: Matter, days: WorkCalendar) -> None:
    """Note whether the handle time leans on a year whose days off are not announced yet."""
    due = matter.handle_due
    matter.provisional = due is not None and not days.is_announced(matter.clock_from, due)


def start_verifying(matter: Matter, now: datetime) -> None:
    """The raiser has so many days to say "not yet"; then the clock closes it where the kind allows."""
    matter.verify_due = verified_by(matter, now)


def verified_by(matter: Matter, answered_at: datetime) -> datetime:
    """Until when somebody may say "not yet" to an answer."""
    return answered_at + timedelta(days=number("matters.verify_days", matter.placed_path))


def next_escalation(matter: Matter, now: datetime) -> datetime:
    """When a late matter climbs one level further."""
    days = number("matters.escalate_days", matter.placed_path)
    return calendar().add_days(now, int(days)).at


def wait(matter: Matter, now: datetime) -> None:
    """A stopped clock goes on by itself after so many days: nothing is put off for ever."""
    matter.waiting_until = waits_until(matter, now)


def waits_until(matter: Matter, stopped_at: datetime) -> datetime:
    """When a clock that somebody stopped goes on by itself."""
    return stopped_at + timedelta(days=number("matters.pause_days", matter.placed_path))


def next_due(matter: Matter) -> datetime | None:
    """The next moment at which the clock has to do something about it."""
    called = matter.report_due if matter.state in (*RUNNING, State.WAITING) else None
    times = [_next_of_state(matter), called, matter.reply_due if matter.is_open else None, matter.own_due]
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
    due = after(now, days, calendar)
    if matter.handle_due is not None and matter.handle_due > due:
        return
    matter.clock_from, matter.handle_due = now, due
    matter.warn_due = warning(matter, now, due, calendar)
    lean(matter, calendar)
