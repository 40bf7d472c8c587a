"""A file is checked, then brought in whole, or its good lines only, or dropped."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from silin.accounts.models import User
from silin.history.actions import record
from silin.imports.flow import Checked, check, scope_of
from silin.imports.models import KEEP_DAYS, Batch, BatchState
from silin.lib.refusal import Changed, Refused
from silin.lib.sheets.checking import Progress
from silin.lib.sheets.sheet import Sheet
from silin.lib.sheets.writing import error_sheet
from silin.places.models import Place, Revision


def upload(
    sheet: Sheet,
    place: Place,
    data: bytes,
    *,
    name: str,
    by: User | None,
    now: datetime,
    datum: str = "",
    progress: Progress = lambda done, total: None,
) -> Batch:
    """Check a file and keep it until somebody decides. Nothing of it is written yet.

    Raises ``Refused`` where no line of it can be understood; then nothing is kept.
    """
    checked = check(sheet, scope_of(place, by, now), data, datum, progress)
    batch = Batch(
        sheet=sheet.key,
        place=place,
        by=by,
        file_name=name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        datum=datum,
        checked_at=now,
    )
    batch.data = data
    _note_down(batch, checked)
    batch.save()
    return batch


def commit(batch: Batch, *, by: User | None, now: datetime, good_rows: bool = False) -> Batch:
    """Bring the batch in as it was shown: all of it, or with ``good_rows`` what has no mistake.

    The file is checked again under the locks of its tables. The same batch twice is brought in once; one that
    changes nothing leaves no line in the history. Raises ``Refused`` (``bad_rows``) and ``Changed``: when it
    was dropped, or when it would by now change something else; what it would change is then noted anew.
    """
    with transaction.atomic():
        fresh = Batch.objects.select_for_update(of=("self",)).select_related("place").get(pk=batch.pk)
        sheet = fresh.declared
        if fresh.state == BatchState.COMMITTED:
            return fresh
        if not fresh.is_open or sheet is None:
            raise Changed
        scope = scope_of(fresh.place, by, now)
        Revision.objects.hold(f"import:{sheet.key}"[:40])
        sheet.lock(scope)
        checked = check(sheet, scope, fresh.data, fresh.datum)
        as_shown = checked.digest == fresh.digest
        _note_down(fresh, checked)
        if as_shown:
            _bring_in(fresh, sheet, checked, by, now, good_rows)
        fresh.save()
    if not as_shown:
        raise Changed(_("Something was changed here since the file was checked. Please look again."))
    return fresh


def drop(batch: Batch, *, now: datetime) -> None:
    """Forget the file; nothing of it was written. Raises ``Changed`` when it was brought in meanwhile."""
    nothing = {"content": "", "preview": "", "state": BatchState.DROPPED, "decided_at": now}
    waiting = Batch.objects.filter(pk=batch.pk, state=BatchState.CHECKED)
    if not waiting.update(**nothing) and Batch.objects.filter(pk=batch.pk, state=BatchState.COMMITTED):
        raise Changed(_("This file was brought in already."))


def forget_old(now: datetime) -> int:
    """Drop files nobody decided on for a month, and error sheets of that age; how many."""
    old = now - timedelta(days=KEEP_DAYS)
    nothing = {"content": "", "preview": ""}
    waiting = Batch.objects.filter(state=BatchState.CHECKED, checked_at__lt=old)
    dropped = waiting.update(state=BatchState.DROPPED, decided_at=now, **nothing)
    done = Batch.objects.filter(state=BatchState.COMMITTED, decided_at__lt=old).exclude(content="")
    return dropped + done.update(**nothing)


def _note_down(batch: Batch, checked: Checked) -> None:
    batch.new, batch.changed = checked.differences.new, checked.differences.changed
    batch.unchanged, batch.bad = checked.differences.unchanged, len(checked.reading.bad_lines())
    batch.digest, batch.shown = checked.digest, checked.shown()


def _bring_in(
    batch: Batch, sheet: Sheet, checked: Checked, by: User | None, now: datetime, good_rows: bool
) -> None:
    if batch.bad and not good_rows:
        words = ngettext(
            "%(n)s line has a mistake; nothing was written.",
            "%(n)s lines have mistakes; nothing was written.",
            batch.bad,
        )
        raise Refused("bad_rows", words % {"n": batch.bad}, status=409)
    changes = checked.differences.changes
    if changes:
        sheet.write(scope_of(batch.place, by, now), changes)
        _record(batch, by, now)
    batch.state, batch.decided_at, batch.preview = BatchState.COMMITTED, now, ""
    batch.content = ""
    if batch.bad:
        batch.data = error_sheet(sheet, checked.reading, only_bad=True)


def _record(batch: Batch, by: User | None, now: datetime) -> None:
    fields = {
        "sheet": batch.sheet,
        "place": batch.place.code,
        "new": batch.new,
        "changed": batch.changed,
        "unchanged": batch.unchanged,
        "left_out": batch.bad,
        "sha256": batch.sha256,
    }
    record(subject=batch.subject, action="import_batch", actor=by, now=now, fields=fields)
