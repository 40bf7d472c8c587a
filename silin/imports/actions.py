"""A file is checked, then brought in whole, or its good lines only, or dropped."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from silin.accounts.models import User
from silin.history.actions import record
from silin.imports.flow import Checked, check, noted, scope_of
from silin.imports.models import AT_WORK, KEEP_DAYS, UNDO_DAYS, Batch, BatchState
from silin.lib.geodata import read_file
from silin.lib.refusal import Changed, NotFound, Refused
from silin.lib.sheets.reading import weight
from silin.lib.sheets.sheet import Progress, Scope, Sheet, unwatched
from silin.lib.sheets.writing import error_sheet
from silin.places.models import Place, Revision
from silin.places.numbers import number

COUNTS = ("new", "changed", "unchanged", "bad")
LONG = 1024 * 1024
"""Bytes to be read that nobody waits for at the desk: some thousand lines of a spreadsheet."""

MANY = 500
"""Rows to be written that nobody waits for."""


def receive(
    sheet: Sheet, place: Place, data: bytes, *, name: str, by: User | None, now: datetime, datum: str = ""
) -> Batch:
    """Take a file from a page: a long one waits for the jobs loop, others are checked as ``upload`` does."""
    if weight(data) <= LONG:
        return upload(sheet, place, data, name=name, by=by, now=now, datum=datum)
    batch = _batch(sheet, place, data, name=name, by=by, now=now, datum=datum)
    batch.data, batch.state = data, BatchState.WAITING
    batch.save()
    return batch


def upload(
    sheet: Sheet, place: Place, data: bytes, *, name: str, by: User | None, now: datetime, datum: str = ""
) -> Batch:
    """Check a file and keep what was read of it until somebody decides. Nothing of it is written yet.

    Raises ``Refused`` where no line of it can be understood; then nothing is kept.
    """
    batch = _batch(sheet, place, data, name=name, by=by, now=now, datum=datum)
    batch.table = table = read_file(data, datum)
    _note_down(batch, check(sheet, scope_of(place, by, now), table))
    batch.save()
    return batch


def look_through(batch: Batch, *, now: datetime, progress: Progress = unwatched) -> None:
    """Check a file that waited. Where it cannot be read, why is told on its page and the file is not kept."""
    sheet = batch.declared
    batch.state, batch.checked_at = BatchState.CHECKED, now
    try:
        if sheet is None:
            raise NotFound
        scope = scope_of(batch.place, batch.by, now, progress)
        batch.table = table = batch.table
        _note_down(batch, check(sheet, scope, table))
    except Refused as refusal:
        batch.state, batch.told, batch.content = BatchState.REFUSED, str(refusal.message), ""
    names = ["state", "told", "content", "preview", "digest", "checked_at", *COUNTS]
    waiting = Batch.objects.filter(pk=batch.pk, state=BatchState.WAITING)
    waiting.update(taken_at=None, **{name: getattr(batch, name) for name in names})


def ask_for(batch: Batch, *, by: User | None, now: datetime, good_rows: bool = False) -> Batch:
    """Bring the batch in: many rows in the jobs loop, others at once. Raises as ``commit`` does."""
    if batch.writes <= MANY:
        return commit(batch, by=by, now=now, good_rows=good_rows)
    if batch.bad and not good_rows:
        raise _bad_rows(batch)
    asked = {"state": BatchState.BRINGING, "good_rows": good_rows, "decided_by": by, "told": ""}
    waiting = Batch.objects.filter(pk=batch.pk, state=BatchState.CHECKED)
    going = Batch.objects.filter(pk=batch.pk, state__in=[BatchState.BRINGING, BatchState.COMMITTED])
    if not waiting.update(taken_at=None, **asked) and not going.exists():
        raise Changed
    return batch


def commit(
    batch: Batch, *, by: User | None, now: datetime, good_rows: bool = False, progress: Progress = unwatched
) -> Batch:
    """Bring the batch in as it was shown: all of it, or with ``good_rows`` what has no mistake.

    The file is checked again under the locks of its tables. The same batch twice is brought in once; one that
    changes nothing leaves no line in the history. Raises ``Refused`` (``bad_rows``) and ``Changed``: when it
    was dropped, or when it would by now change something else; what it would change is then noted anew.
    """
    with transaction.atomic():
        fresh = hold(batch)
        sheet = fresh.declared
        if fresh.state in (BatchState.COMMITTED, BatchState.UNDOING, BatchState.UNDONE):
            return fresh
        if fresh.state not in (BatchState.CHECKED, BatchState.BRINGING) or sheet is None:
            raise Changed
        scope = lock_tables(fresh, sheet, by, now, progress)
        checked = check(sheet, replace(scope, progress=unwatched), fresh.table)
        as_shown = checked.digest == fresh.digest
        _note_down(fresh, checked)
        fresh.state, fresh.told, fresh.taken_at = BatchState.CHECKED, "", None
        if as_shown:
            _bring_in(fresh, sheet, checked, scope, good_rows)
        fresh.save()
    if not as_shown:
        raise Changed(_("Something was changed here since the file was checked. Please look again."))
    return fresh


def hold(batch: Batch) -> Batch:
    """The batch as it is now, locked."""
    rows = Batch.objects.select_for_update(of=("self",)).select_related("place", "by", "decided_by")
    return rows.get(pk=batch.pk)


def lock_tables(
    batch: Batch, sheet: Sheet, by: User | None, now: datetime, progress: Progress = unwatched
) -> Scope:
    """Nobody else brings this table in or changes its rows at the place until the commit."""
    scope = scope_of(batch.place, by, now, progress)
    Revision.objects.hold(f"import:{sheet.key}"[:40])
    sheet.lock(scope)
    return scope


def drop(batch: Batch, *, now: datetime) -> None:
    """Forget the file; nothing of it was written. Raises ``Changed`` when it was brought in meanwhile."""
    nothing = {"content": "", "preview": "", "state": BatchState.DROPPED, "decided_at": now}
    mine = Batch.objects.filter(pk=batch.pk)
    waiting = mine.filter(state__in=[BatchState.CHECKED, BatchState.WAITING])
    gone = [BatchState.DROPPED, BatchState.REFUSED]
    if not waiting.update(**nothing) and not mine.filter(state__in=gone):
        raise Changed(_("This file was brought in already."))


def forget_old(now: datetime) -> int:
    """Drop files nobody decided on for a month, error sheets of that age, and what is past taking back.

    Gives how many of the first two.
    """
    old = now - timedelta(days=KEEP_DAYS)
    nothing = {"content": "", "preview": ""}
    waiting = Batch.objects.filter(state__in=[BatchState.CHECKED, BatchState.WAITING], checked_at__lt=old)
    dropped = waiting.update(state=BatchState.DROPPED, decided_at=now, **nothing)
    done = Batch.objects.exclude(content="", preview="").filter(decided_at__lt=old)
    forgotten = done.exclude(state__in=[BatchState.CHECKED, *AT_WORK]).update(**nothing)
    too_late = now - timedelta(days=number(UNDO_DAYS))
    Batch.objects.filter(decided_at__lt=too_late).exclude(state__in=AT_WORK).exclude(written="").update(
        written=""
    )
    return dropped + forgotten


def _batch(
    sheet: Sheet, place: Place, data: bytes, *, name: str, by: User | None, now: datetime, datum: str
) -> Batch:
    return Batch(
        sheet=sheet.key,
        place=place,
        by=by,
        file_name=name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        datum=datum,
        checked_at=now,
    )


def _note_down(batch: Batch, checked: Checked) -> None:
    batch.new, batch.changed = checked.differences.new, checked.differences.changed
    batch.unchanged, batch.bad = checked.differences.unchanged, len(checked.reading.bad_lines())
    batch.digest, batch.shown = checked.digest, checked.shown()


def _bring_in(batch: Batch, sheet: Sheet, checked: Checked, scope: Scope, good_rows: bool) -> None:
    if batch.bad and not good_rows:
        raise _bad_rows(batch)
    changes = checked.differences.changes
    if changes:
        sheet.write(scope, changes)
        batch.rows = noted(sheet, changes, sheet.known(scope, [each.after for each in changes]))
        _record(batch, scope.actor, scope.now)
    batch.state, batch.decided_at, batch.preview = BatchState.COMMITTED, scope.now, ""
    batch.decided_by = scope.actor
    batch.content = ""
    if batch.bad:
        batch.data = error_sheet(sheet, checked.reading, only_bad=True)


def _bad_rows(batch: Batch) -> Refused:
    words = ngettext(
        "%(n)s line has a mistake; nothing was written.",
        "%(n)s lines have mistakes; nothing was written.",
        batch.bad,
    )
    return Refused("bad_rows", words % {"n": batch.bad}, status=409)


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
