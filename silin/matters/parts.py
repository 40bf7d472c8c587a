"""The parts of those who were whistled: begun, ended, counted."""

from __future__ import annotations

from datetime import datetime

from silin.matters.called import running
from silin.matters.models import Assignment, Matter


def lead_took(matter: Matter, now: datetime) -> None:
    """The lead takes the matter and with it its own part."""
    for call in running(matter):
        if call.lead:
            call.state, call.accepted_at = Assignment.State.ACCEPTED, now
            call.save(update_fields=["state", "accepted_at"])


def lead_ended(matter: Matter, state: str, now: datetime) -> None:
    """The lead is done, or gives it back; whoever helps goes on."""
    for call in running(matter):
        if call.lead:
            call.state, call.ended_at = state, now
            call.save(update_fields=["state", "ended_at"])
    recount(matter)


def let_go(matter: Matter, now: datetime) -> None:
    """End every part that is still running, since somebody else was sent or the matter is over."""
    for call in running(matter):
        call.state, call.ended_at = Assignment.State.WAIVED, now
        call.save(update_fields=["state", "ended_at"])
    recount(matter)


def recount(matter: Matter) -> None:
    """How many still have a part to do, and when the next of them has to have come."""
    if not matter.whistled:
        return
    vars(matter).pop("running_calls", None)
    rows = matter.running_calls
    matter.calls = len(rows)
    matter.report_due = min(
        (row.report_due for row in rows if row.arrived_at is None and not row.warned), default=None
    )
