"""What they agreed, by word of mouth or in writing, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.files.models import File
from silin.kinds.dispute import due
from silin.kinds.dispute.models import Dispute, Meeting
from silin.kinds.dispute.table import of
from silin.lib.refusal import Refused
from silin.matters import clock
from silin.matters.deeds import Deed, verb
from silin.matters.models import Colour, Outcome, Photo, State
from silin.matters.verifying import settle as close
from silin.places.numbers import number


@verb("settle")
def settle(deed: Deed, way: str) -> None:
    """Write down what was agreed: by word of mouth it counts at once, in writing it is printed and signed.

    A visit is planned; an agreement may be confirmed by a court within so many days. Raises ``Refused``
    (``bad_way``, ``meet_first``).
    """
    matter, beside = deed.matter, of(deed.matter)
    if way not in Dispute.Way.values:
        raise Refused("bad_way", _("Please choose one of the two."), field="way")
    held = matter.meetings.filter(outcome=Meeting.Outcome.AGREED)
    if beside.settled_at is not None:  # it broke out again: what was agreed then is over
        held = held.filter(held_at__gt=beside.settled_at)
    if not held.exists():
        raise Refused("meet_first", _("Please hold a meeting at which they agree first."), status=409)
    deed.fields = {"way": way, "outcome": Outcome.FIXED.value}
    if matter.out_of_time(deed.now):
        deed.fields["late"] = True
        matter.colour = Colour.LATE
        deed.fact("matter.overdue")
        deed.fact("matter.warned", outcome="red", origin="system")
    today = localdate(deed.now)
    beside.way, beside.terms, beside.settled_at = way, deed.words, deed.now
    beside.confirm_by = today + timedelta(days=number("dispute.confirm_days", matter.placed_path))
    beside.visit_on = today + timedelta(days=number("dispute.visit_days", matter.placed_path))
    beside.confirm_told_at = beside.visit_told_at = beside.visited_at = beside.filed_at = None
    beside.save()
    matter.answered_at, matter.handler, matter.outcome = deed.now, deed.actor, Outcome.FIXED
    level = matter.holder.place.level if matter.holder else ""
    hours = clock.hours_used(matter)
    deed.fact("matter.answered", outcome=Outcome.FIXED, level=level, on_time=matter.on_time, hours=hours)
    deed.move(State.ANSWERED)
    due.note(matter, beside)
    deed.tell_raiser("dispute_settled")


@verb("file")
def file(deed: Deed, scan: Sequence[File]) -> None:
    """File the agreement with signatures and seal. Raises ``Refused`` (``missing``)."""
    if not scan:
        raise Refused("missing", _("Please add a picture of each page."), field="scan")
    beside = of(deed.matter)
    beside.filed_at = deed.now
    beside.save(update_fields=["filed_at"])
    Photo.objects.bulk_create(
        Photo(matter=deed.matter, file=page, stage=Photo.Stage.AFTER, by=deed.actor, at=deed.now)
        for page in scan
    )
    deed.move(deed.before)


@verb("visit")
def visit(deed: Deed, held: bool) -> None:
    """Go and see (回访): it holds and is over, or it broke out again and goes back into the same hands.

    Raises ``Refused`` (``file_first``) while an agreement in writing is not filed.
    """
    matter, beside = deed.matter, of(deed.matter)
    if held and beside.waits_for_scan:
        raise Refused("file_first", _("Please let the signed agreement be filed first."), status=409)
    deed.fields = {"held": held}
    deed.fact("matter.verified", outcome="passed" if held else "failed")
    if held:
        beside.visited_at, matter.own_due = deed.now, None
        beside.save(update_fields=["visited_at"])
        close(deed)
        return
    beside.visit_on = beside.confirm_by = None
    beside.save(update_fields=["visit_on", "confirm_by"])
    matter.answered_at, matter.outcome = None, ""
    clock.restart_handling(matter, deed.now, days=number("matters.redo_days", matter.placed_path))
    deed.move(State.IN_HAND)
    due.note(matter, beside)
    deed.tell_post(matter.holder, "dispute_broke")
