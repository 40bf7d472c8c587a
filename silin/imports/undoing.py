"""A batch is taken back: what nobody has touched since; what others changed stays, and it is said why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.imports.actions import MANY, hold, lock_tables
from silin.imports.flow import FIRST, from_text, in_text, named
from silin.imports.models import UNDO_DAYS, Batch, BatchState
from silin.lib.refusal import Changed, Refused
from silin.lib.sheets.sheet import CellProblem, Change, Key, Progress, Row, Scope, Sheet, Values, unwatched
from silin.lib.sheets.writing import words_of
from silin.places.numbers import number


@dataclass
class Plan:
    """What is to become of each row that the batch wrote: gone, as before, or as it is, with why."""

    remove: list[Row] = field(default_factory=list)
    restore: list[Change] = field(default_factory=list)
    stay: list[CellProblem] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def keep(self, line: int, what: str) -> None:
        """The row stays."""
        self.stay.append(CellProblem(line, "", "stays", what, ""))


def last_day(batch: Batch) -> datetime | None:
    """Until when it may be taken back; None where it may not."""
    if batch.state != BatchState.COMMITTED or not batch.written or batch.decided_at is None:
        return None
    return batch.decided_at + timedelta(days=number(UNDO_DAYS, batch.place.path))


def ask_back(batch: Batch, *, by: User | None, now: datetime) -> Batch:
    """Take the batch back: many rows in the jobs loop, others at once. Raises as ``undo`` does."""
    if batch.writes <= MANY:
        return undo(batch, by=by, now=now)
    _check_day(batch, now)
    done = Batch.objects.filter(pk=batch.pk, state=BatchState.COMMITTED)
    going = Batch.objects.filter(pk=batch.pk, state__in=[BatchState.UNDOING, BatchState.UNDONE])
    asked = {"state": BatchState.UNDOING, "undone_by": by, "told": "", "taken_at": None}
    if not done.update(**asked) and not going.exists():
        raise Changed
    return batch


@transaction.atomic
def undo(batch: Batch, *, by: User | None, now: datetime, progress: Progress = unwatched) -> Batch:
    """Take back what the batch wrote and nobody has changed since; what stays is told on its page.

    Twice is once. Leaves one line in the history. Raises ``Refused`` (``too_late``, or ``nothing_back`` where
    all of it would stay) and ``Changed`` when it was never brought in.
    """
    fresh = hold(batch)
    sheet = fresh.declared
    if fresh.state == BatchState.UNDONE:
        return fresh
    if fresh.state not in (BatchState.COMMITTED, BatchState.UNDOING) or sheet is None:
        raise Changed
    fresh.state, fresh.taken_at = BatchState.COMMITTED, None
    _check_day(fresh, now)
    scope = lock_tables(fresh, sheet, by, now, progress)
    plan = _planned(sheet, scope, fresh)
    _carry_out(sheet, scope, plan, {line: before for line, before, _after in fresh.rows})
    if not (plan.remove or plan.restore):
        why = words_of(plan.stay[0]) if plan.stay else ""
        raise Refused(
            "nothing_back", _("Nothing of it can be taken back. %(why)s") % {"why": why}, status=409
        )
    _note_down(fresh, plan, by, now)
    return fresh


def _check_day(batch: Batch, now: datetime) -> None:
    until = last_day(batch)
    if until is None or now > until:
        raise Refused("too_late", _("This can no longer be taken back."), status=409)


def _planned(sheet: Sheet, scope: Scope, batch: Batch) -> Plan:
    rows = [
        (line, before, after, from_text(sheet, after) if after else {}) for line, before, after in batch.rows
    ]
    plan, known = Plan(), sheet.known(scope, [values for *_row, values in rows if values])
    for line, before, after, values in rows:
        plan.names[line] = named(sheet, values)
        there = known.get(sheet.key_of(values)) if values else None
        if there is None:
            plan.keep(line, _("It is not in the table any more."))
        elif in_text(sheet, there) != after:
            plan.keep(line, _("Somebody has changed it since."))
        elif before is not None and sheet.final:
            plan.keep(line, str(sheet.final))
        elif before is not None:
            plan.restore.append(Change(line, there, {**there, **from_text(sheet, before)}))
        elif sheet.remove is None:
            plan.keep(line, _("What this table adds is there for good."))
        else:
            plan.remove.append(Row(line, there))
    _ask_room(sheet, scope, plan, known)
    return plan


def _ask_room(sheet: Sheet, scope: Scope, plan: Plan, known: Mapping[Key, Values]) -> None:
    """What the table itself would not let in is not put back either."""
    rows = [Row(each.line, each.after) for each in plan.restore]
    problems = list(sheet.check(scope, rows, known))
    bad = {each.line for each in problems}
    plan.restore = [each for each in plan.restore if each.line not in bad]
    plan.stay += {each.line: each for each in problems}.values()


def _carry_out(sheet: Sheet, scope: Scope, plan: Plan, before: Mapping[int, Any]) -> None:
    if plan.restore:
        sheet.write(scope, plan.restore)
        known = sheet.known(scope, [each.after for each in plan.restore])
        for each in plan.restore:
            if in_text(sheet, known.get(sheet.key_of(each.after))) != before[each.line]:
                plan.keep(each.line, _("Not all of it could be put back as it was."))
        kept = {each.line for each in plan.stay}
        plan.restore = [each for each in plan.restore if each.line not in kept]
    if plan.remove and sheet.remove is not None:
        left = {each.line: each for each in sheet.remove(scope, plan.remove)}
        plan.stay += left.values()
        plan.remove = [row for row in plan.remove if row.line not in left]


def _note_down(batch: Batch, plan: Plan, by: User | None, now: datetime) -> None:
    batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, now, by
    batch.removed, batch.restored, batch.stayed = len(plan.remove), len(plan.restore), len(plan.stay)
    batch.told = batch.written = ""
    stayed = sorted(plan.stay, key=lambda each: each.line)[:FIRST]
    batch.shown = {
        "stayed": [
            {"line": each.line, "name": plan.names[each.line], "words": words_of(each)} for each in stayed
        ]
    }
    batch.save()
    fields = {"removed": batch.removed, "restored": batch.restored, "stayed": batch.stayed}
    record(subject=batch.subject, action="undo_batch", actor=by, now=now, fields=fields)
