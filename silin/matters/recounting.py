"""Counting due times anew when days off are announced or changed, or a limit is: in batches, told in history.

Every matter keeps by which revision of the rules its clock was counted (``Matter.counted``). The loop takes
those that lie behind, works out what the rules of now give, and notes a deed where that is something else. It
may be killed anywhere and run twice: what is done is not behind any more, and a second count moves nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from silin.history.models import Entry
from silin.lib.refusal import Changed
from silin.lib.workdays import WorkCalendar
from silin.matters import clock, parts
from silin.matters.called import running
from silin.matters.deeds import By, Deed, verb
from silin.matters.models import OPEN, RUNNING, Colour, Matter, Pause, State
from silin.matters.terms import terms
from silin.places.models import DAYS_OFF, Revision
from silin.places.numbers import number
from silin.places.queries import calendar

log = logging.getLogger(__name__)

BATCH = 200
CLOCKED = (*RUNNING, State.WAITING)
MARKS = ("extend", "overdue", "escalate", "reject")
Marks = dict[str, Entry]
Times = dict[str, datetime | None]


def recount_due(now: datetime) -> int:
    """Count one batch anew; gives how many matters were looked at (0: all stand by the present rules)."""
    revision = clock.revision(now)
    behind = Matter.objects.filter(state__in=OPEN, counted__lt=revision).order_by("counted")
    batch = list(behind.with_hands().prefetch_related("pauses")[:BATCH])
    marks = _marks(matter.subject for matter in batch)
    terms.forget()  # what is remembered may be older than the revision
    same: dict[tuple[int, bool], list[Any]] = {}
    for matter in batch:
        try:
            if _moves(matter, now, marks.get(matter.subject, {})):
                recount(matter, By(None, now, version=matter.version), revision)
            else:
                clock.lean(matter, calendar())
                same.setdefault((matter.version, matter.provisional), []).append(matter.pk)
        except Changed:
            continue  # somebody was quicker: it is behind still, and taken the next time
        except Exception:
            log.exception("the times of matter %s cannot be counted anew", matter.pk)
    for (version, leans), keys in same.items():
        Matter.objects.filter(pk__in=keys, version=version).update(counted=revision, provisional=leans)
    return len(batch)


@verb("recount")
def recount(deed: Deed, revision: int) -> None:
    """The due times as the rules of now give them. Whoever waits is told where another day comes of it.

    A date that would lie in the past is not moved, and late stays late: nobody is late by a change of rules.
    """
    matter = deed.matter
    marks = _marks([matter.subject]).get(matter.subject, {})
    was, leaned = matter.handle_due, matter.provisional
    names = _moves(matter, deed.now, marks)
    for name, due in names.items():
        setattr(matter, name, due)
    _recount_calls(matter, deed.now)
    clock.lean(matter, calendar())
    if matter.colour == Colour.WARN and not clock.is_short(matter, deed.now):
        matter.colour = Colour.OK
    deed.fields = {"why": _why(matter, leaned), "times": sorted(names)}
    if was is not None and matter.handle_due is not None and was != matter.handle_due:
        deed.fields |= {"was": was.isoformat(), "due": matter.handle_due.isoformat()}
        if localdate(was) != localdate(matter.handle_due):
            deed.tell_raiser("matter_recounted")
            deed.tell_post(matter.holder, "matter_counted_anew")
    matter.counted = revision
    deed.move(deed.before)


def handling(matter: Matter, marks: Marks, pauses: Iterable[Pause]) -> tuple[datetime, datetime]:
    """When its handle time is over and when it turns yellow: by its limit, what was given, the pauses."""
    days = calendar()
    first = matter.clock_from == matter.raised_at
    limit = clock.handle_days(matter) if first else number("matters.redo_days", matter.placed_path)
    ended = [pause for pause in pauses if pause.ended_at is not None]
    since = matter.clock_from
    day = matter.declared.until(matter) if matter.declared.until is not None else None
    until = clock.last_moment(day) if day is not None else clock.after(since, limit, days)
    due, warn = _by_pauses(matter, since, until, ended, days)
    given = marks.get("extend")
    if given is not None and given.at >= since:
        end = clock.last_moment(date.fromisoformat(given.fields["until"]))
        longer, later = _by_pauses(matter, given.at, end, ended, days)
        if longer >= due:
            return longer, later
    return due, warn


def count_category(matter: Matter) -> None:
    """The handle and respond times of another category, counted from the start and with the pauses so far.

    A short time given after "not yet" or a reopening stays as it is.
    """
    if matter.clock_from == matter.raised_at:
        marks = _marks([matter.subject]).get(matter.subject, {})
        matter.handle_due, matter.warn_due = handling(matter, marks, matter.pauses.all())
        clock.lean(matter, calendar())
    if matter.responded_at is None:
        matter.respond_due = clock.respond_due(matter)


def _by_pauses(
    matter: Matter, since: datetime, due: datetime, pauses: Iterable[Pause], days: WorkCalendar
) -> tuple[datetime, datetime]:
    warn = clock.warning(matter, since, due, days)
    for pause in pauses:
        if pause.ended_at is not None and pause.started_at >= since:
            due, warn = (clock.moved(each, pause.started_at, pause.ended_at, days) for each in (due, warn))
    return due, warn


def _moves(matter: Matter, now: datetime, marks: Marks) -> Times:
    """The times that the rules of now put elsewhere, by column."""
    pauses = sorted(matter.pauses.all(), key=lambda pause: pause.started_at)
    open_pause = next((pause for pause in pauses if pause.ended_at is None), None)
    found: Times = {}
    if matter.state in CLOCKED:
        found |= _handle_times(matter, now, marks, pauses, open_pause)
        if matter.responded_at is None:
            found["respond_due"] = _not_past(matter.respond_due, clock.respond_due(matter), now)
    if open_pause is not None and open_pause.reason in Pause.OF_HANDLER:
        again = clock.waits_until(matter, open_pause.started_at)
        found["waiting_until"] = _not_past(matter.waiting_until, again, now)
    if matter.state == State.ANSWERED and matter.answered_at is not None:
        found["verify_due"] = _not_past(matter.verify_due, clock.verified_by(matter, matter.answered_at), now)
    moved = {name: due for name, due in found.items() if due != getattr(matter, name)}
    calls = list(_call_times(matter, now)) if matter.state in CLOCKED else []
    if any(call.report_due != due for call, due in calls):
        moved["report_due"] = min(due for _call, due in calls)
    return moved


def _handle_times(
    matter: Matter, now: datetime, marks: Marks, pauses: list[Pause], open_pause: Pause | None
) -> Times:
    if matter.handle_due is None:
        return {}
    if matter.colour == Colour.LATE or matter.out_of_time(now):
        return _ladder_time(matter, marks, pauses)
    due, warn = handling(matter, marks, pauses)
    if due <= (open_pause.started_at if open_pause else now):
        return {}
    return {"handle_due": due, "warn_due": warn}


def _ladder_time(matter: Matter, marks: Marks, pauses: list[Pause]) -> Times:
    """When a late matter climbs next, counted from the last rung."""
    rungs = [marks[name] for name in ("overdue", "escalate", "reject") if name in marks]
    last = max(rungs, key=lambda entry: entry.seq, default=None)
    if matter.escalate_due is None or last is None:
        return {}
    due = clock.next_escalation(matter, last.at)
    for pause in pauses:
        if pause.ended_at is not None and pause.started_at >= last.at:
            due = clock.moved(due, pause.started_at, pause.ended_at, calendar())
    return {"escalate_due": due}


def _call_times(matter: Matter, now: datetime) -> Iterator[tuple[Any, datetime]]:
    """The parts that wait for somebody to come, with the time by which they should."""
    for call in running(matter):
        if call.arrived_at is None and not call.warned:
            yield call, _not_past(call.report_due, clock.report_due(matter, call.offered_at), now)


def _recount_calls(matter: Matter, now: datetime) -> None:
    for call, due in list(_call_times(matter, now)):
        if call.report_due != due:
            call.report_due = due
            call.save(update_fields=["report_due"])
    parts.recount(matter)


def _not_past(was: datetime | None, due: datetime, now: datetime) -> Any:
    """``due``, unless it lies in the past: then everything stays as it was."""
    return was if due <= now or (was is not None and was <= now) else due


def _why(matter: Matter, leaned: bool) -> dict[str, Any]:
    """Which rule it was, as codes."""
    if leaned and not matter.provisional and matter.handle_due is not None:
        return {"rule": "announced", "year": localdate(matter.handle_due).year}
    return {"rule": "days_off" if Revision.objects.number(DAYS_OFF) > matter.counted else "limit"}


def _marks(subjects: Iterable[str]) -> dict[str, Marks]:
    """The last deed of each name from which a time is counted, by subject. One statement."""
    found: dict[str, Marks] = {}
    for entry in Entry.objects.filter(subject__in=list(subjects), action__in=MARKS).order_by("seq"):
        found.setdefault(entry.subject, {})[entry.action] = entry
    return found
