"""What a file would change, without changing it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import override

from silin.lib.sheets.sheet import Change, Column, Key, Row, Sheet, Values


@dataclass(frozen=True)
class Differences:
    """The rows that differ, in the file's order, and how many there are of each sort."""

    changes: list[Change]
    unchanged: int

    @property
    def new(self) -> int:
        """Rows that are not known here yet."""
        return sum(change.before is None for change in self.changes)

    @property
    def changed(self) -> int:
        """Known rows that would become different."""
        return len(self.changes) - self.new


def compare(sheet: Sheet, rows: Sequence[Row], known: Mapping[Key, Values]) -> Differences:
    """``rows`` against what ``Sheet.load`` gave; a column that the file does not have stays as it is."""
    changes = []
    for row in rows:
        before = known.get(sheet.key_of(row.values))
        if before is None or any(not _same(before.get(name), value) for name, value in row.values.items()):
            changes.append(Change(row.line, before, {**(before or {}), **row.values}))
    return Differences(changes, len(rows) - len(changes))


def changed_names(change: Change) -> set[str]:
    """The columns in which a change differs from what is known; all of a new row."""
    before = change.before or {}
    return {
        name
        for name, value in change.after.items()
        if change.before is None or not _same(before.get(name), value)
    }


def fingerprint(sheet: Sheet, changes: Sequence[Change]) -> str:
    """The same for the same changes only, whoever reads them: what was shown is what is written."""
    digest = hashlib.sha256()
    with override(settings.LANGUAGE_CODE):
        for change in changes:
            told = [change.line, _told(sheet, change.before), _told(sheet, change.after)]
            digest.update(repr(told).encode())
    return digest.hexdigest()


def said(column: Column, values: Values | None) -> str:
    """The text of a cell; covered where the column is secret."""
    text = "" if values is None else column.say(values.get(column.name))
    return "••••" if text and column.secret else text


def _told(sheet: Sheet, values: Values | None) -> Any:
    if values is None:
        return None
    shape = values.get(sheet.shape)
    cells = [column.say(values.get(column.name)) for column in sheet.columns]
    return [*cells, shape.wkt if shape is not None else ""]


def _same(one: Any, other: Any) -> bool:
    """Blank is blank, whether it is kept as None or as no words."""
    return bool(one == other) or (one in (None, "") and other in (None, ""))
