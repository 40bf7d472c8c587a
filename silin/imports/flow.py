"""One way in for every table: read, check, compare. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from silin.accounts.models import User
from silin.lib.refusal import NotFound
from silin.lib.sheets.checking import Reading, look_closer, understand
from silin.lib.sheets.comparing import Differences, changed_names, compare, fingerprint, said
from silin.lib.sheets.reading import Table
from silin.lib.sheets.sheet import Change, Key, Progress, Scope, Sheet, Values, find_sheets, unwatched
from silin.lib.sheets.writing import words_of
from silin.places.models import Place

FIRST = 50
"""Rows of each sort that a page shows."""


@dataclass(frozen=True)
class Checked:
    """A file against what is known: its rows with what is wrong, and what it would change."""

    sheet: Sheet
    scope: Scope
    reading: Reading
    differences: Differences

    @property
    def digest(self) -> str:
        """The same as long as the file would change the same."""
        return fingerprint(self.sheet, self.differences.changes)

    def shown(self) -> dict[str, Any]:
        """The first rows in words, secret cells covered; before them what would follow from all of them."""
        titles = {column.name: str(column.title) for column in self.sheet.columns}
        changes = self.differences.changes
        foretold = self.sheet.foretell(self.scope, changes) if changes else ()
        return {
            "notes": [str(note) for note in (*self.reading.notes, *foretold)],
            "changes": [_change_words(self.sheet, each) for each in self.differences.changes[:FIRST]],
            "problems": [
                {"line": each.line, "title": titles.get(each.column, ""), "words": words_of(each)}
                for each in self.reading.problems[:FIRST]
            ],
        }


def get_sheet(key: str) -> Sheet:
    """The sheet that is called ``key``. Raises ``NotFound``."""
    for sheet in find_sheets():
        if sheet.key == key:
            return sheet
    raise NotFound


def scope_of(place: Place, actor: User | None, now: datetime, progress: Progress = unwatched) -> Scope:
    """``place`` as the rooms are told of it."""
    return Scope(place.path, place.code, actor, now, progress)


def taken_out(sheet: Sheet, scope: Scope) -> list[Values]:
    """The rows of an export that leaves now; a table about people has written down that somebody looks."""
    rows = list(sheet.load(scope).values())
    sheet.taken_out(scope, len(rows))
    return rows


def check(sheet: Sheet, scope: Scope, table: Table) -> Checked:
    """Everything about a file that can be known before it is brought in.

    Raises ``Refused`` as ``understand`` does.
    """
    reading = understand(sheet, table, scope.progress)
    known = sheet.known(scope, [row.values for row in reading.rows])
    look_closer(sheet, reading, scope, known)
    return Checked(sheet, scope, reading, compare(sheet, reading.rows, known))


def noted(sheet: Sheet, changes: Sequence[Change], known: Mapping[Key, Values]) -> list[Any]:
    """What was written, in text: of each row its line, its cells before (None: new) and as they stand now."""
    return [
        [each.line, in_text(sheet, each.before), in_text(sheet, known.get(sheet.key_of(each.after)))]
        for each in changes
    ]


def in_text(sheet: Sheet, values: Values | None) -> dict[str, str] | None:
    """The cells of a row as text that can be kept; its shape in hexadecimal digits."""
    if values is None:
        return None
    cells = {column.name: column.say(values.get(column.name)) for column in sheet.columns}
    shape = values.get(sheet.shape)
    return cells | ({sheet.shape: shape.wkb_hex} if shape is not None else {})


def from_text(sheet: Sheet, cells: Mapping[str, str]) -> Values:
    """The way back from ``in_text``."""
    values = {column.name: column.read(cells[column.name]) for column in sheet.columns}
    return values | ({sheet.shape: shapely.from_wkb(cells[sheet.shape])} if sheet.shape in cells else {})


def named(sheet: Sheet, values: Values) -> str:
    """What names a row, as a person reads it."""
    return " · ".join(filter(None, (said(each, values) for each in sheet.columns if each.key)))


def _change_words(sheet: Sheet, change: Change) -> dict[str, Any]:
    """One change as a page shows it: what names the row, then each cell with its old and new words."""
    names = changed_names(change)
    cells = [
        {"title": str(column.title), "old": said(column, change.before), "new": said(column, change.after)}
        for column in sheet.columns
        if column.name in names
    ]
    drawn = bool(sheet.shape) and sheet.shape in names
    return {
        "line": change.line,
        "new": change.before is None,
        "name": named(sheet, change.after),
        "cells": cells,
        "drawn": drawn,
    }
