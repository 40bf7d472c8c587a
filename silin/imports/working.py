"""Long files, worked off one after another by the jobs loop, beside all other work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import override

from silin.imports.actions import commit, look_through
from silin.imports.models import AT_WORK, Batch, BatchState
from silin.imports.progress import Watch
from silin.imports.undoing import undo
from silin.lib.refusal import Refused

TAKEN_FOR = timedelta(minutes=10)
"""After that long another loop takes up what one took and never finished."""


def work_off(now: datetime) -> Batch | None:
    """Check, bring in or take back the batch that has waited longest."""
    free = Q(taken_at=None) | Q(taken_at__lt=now - TAKEN_FOR)
    waiting = Batch.objects.filter(free, state__in=AT_WORK).select_related(
        "place", "by", "decided_by", "undone_by"
    )
    batch = waiting.order_by("pk").first()
    if batch is None:
        return None
    mine = Batch.objects.filter(free, pk=batch.pk, state=batch.state)
    if not mine.update(taken_at=now):
        return None
    batch.taken_at = now
    _work(batch, now)
    return batch


def _work(batch: Batch, now: datetime) -> None:
    """In the language of whoever asked for it: they read what comes of it."""
    asker = {BatchState.WAITING: batch.by, BatchState.BRINGING: batch.decided_by}
    who = asker.get(BatchState(batch.state), batch.undone_by)
    with override(who.language if who is not None else settings.LANGUAGE_CODE):
        _do(batch, now)


def _do(batch: Batch, now: datetime) -> None:
    watch = Watch(batch)
    if batch.state == BatchState.WAITING:
        look_through(batch, now=now, progress=watch)
        return
    asked, back = batch.state, BatchState.CHECKED
    try:
        if asked == BatchState.BRINGING:
            commit(batch, by=batch.decided_by, now=now, good_rows=batch.good_rows, progress=watch)
        else:
            back = BatchState.COMMITTED
            undo(batch, by=batch.undone_by, now=now, progress=watch)
    except Refused as refusal:
        rows = Batch.objects.filter(pk=batch.pk, state__in=[asked, back])
        rows.update(state=back, told=str(refusal.message), taken_at=None)
