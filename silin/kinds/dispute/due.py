"""What falls due in a dispute: the next look, the last day for a court's confirmation, the visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from silin.kinds.dispute.models import Dispute, RiskRule, is_due
from silin.kinds.dispute.table import of
from silin.matters.clock import begin_of
from silin.matters.deeds import By, Deed, verb
from silin.matters.models import Matter
from silin.people import queries as people
from silin.places.numbers import number


def next_look(beside: Dispute, now: datetime) -> datetime:
    """When it is looked at again, by the row of its risk."""
    days = RiskRule.objects.get(pk=beside.risk).look_days
    return begin_of(localdate(now) + timedelta(days=days))


def confirm_reminder(beside: Dispute, path: str) -> datetime | None:
    """When the parties are reminded that a court confirms within so many days only (司法确认)."""
    if beside.confirm_by is None or beside.confirm_told_at is not None:
        return None
    days = number("dispute.confirm_warn_days", path)
    return begin_of(beside.confirm_by - timedelta(days=days))


def visit_reminder(beside: Dispute) -> datetime | None:
    """When somebody has to go and see whether it holds."""
    due = beside.visit_on is not None and beside.visit_told_at is None and beside.visited_at is None
    return begin_of(beside.visit_on) if due and beside.visit_on else None


def note(matter: Matter, beside: Dispute) -> None:
    """Let the clock come back at the next of these."""
    times = [beside.next_look, confirm_reminder(beside, matter.placed_path), visit_reminder(beside)]
    matter.own_due = min((time for time in times if time is not None), default=None)


def tick(matter: Matter, now: datetime) -> None:
    """The clock comes by."""
    remind(matter, By(None, now, version=matter.version))


@verb("remind")
def remind(deed: Deed) -> None:
    """Tell those concerned what has fallen due."""
    matter, beside, now = deed.matter, of(deed.matter), deed.now
    deed.move(deed.before)
    above = people.desk_above(matter.holder, now) if matter.holder else None
    if is_due(beside.next_look, now):
        beside.next_look = next_look(beside, now)
        for post in (above, matter.holder):
            deed.tell_post(post, "dispute_look")
    if is_due(confirm_reminder(beside, matter.placed_path), now):
        beside.confirm_told_at = now
        deed.tell_post(matter.holder, "dispute_confirm")
        deed.tell_raiser("dispute_confirm")
    if is_due(visit_reminder(beside), now):
        beside.visit_told_at = now
        deed.tell_post(above, "dispute_visit")
    beside.save(update_fields=["next_look", "confirm_told_at", "visit_told_at"])
    note(matter, beside)
