"""From lines of text to the rows of a sheet, with all that is wrong in them, in the clerk's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.refusal import Refused, Words
from silin.lib.sheets.columns import in_all_languages
from silin.lib.sheets.reading import Line, Table
from silin.lib.sheets.sheet import (
    CellProblem,
    Column,
    Key,
    Progress,
    Row,
    Scope,
    Sheet,
    Values,
    unwatched,
)
from silin.lib.text import plain_digits

HEADING_LINES = 10
"""A heading stands among the first lines that hold anything."""

EVERY = 500
"""Lines between two words about how far it is."""

TOTALS = {"合计", "总计", "小计", "共计"}
MUST = gettext_lazy("needed; {note}")
DECORATION = re.compile(r"[\s*＊:：]|[(（【\[].*?[)）】\]]")


@dataclass
class Reading:
    """A file against a sheet: what it says, what is wrong, and where everything stood.

    ``heading`` is the line of the headings, ``at`` says at which place of a line a column stands, ``lines``
    are those below the headings, for the error sheet. ``rows`` have no problem of their own.
    """

    heading: Line
    at: dict[str, int]
    lines: list[Line]
    rows: list[Row] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)

    def bad_lines(self) -> set[int]:
        """The numbers of the lines that cannot be taken as they are."""
        return {each.line for each in self.problems}


def understand(sheet: Sheet, table: Table, progress: Progress = unwatched) -> Reading:
    """Find the headings, skip the notes, read every cell.

    Raises ``Refused`` (``no_heading``, ``missing_column``, ``double_column``, ``empty``, ``no_shapes``): then
    no line of the file can be understood.
    """
    if table.shapes and not sheet.shape:
        raise _refused("no_shapes", _("This table has no outlines. Send it as a spreadsheet."))
    reading = _with_heading(sheet, table)
    by_name = {column.name: column for column in sheet.columns}
    read = {by_name[name]: at for name, at in reading.at.items() if name in by_name}
    read |= {each: -1 for each in sheet.columns if each.key and each.name not in reading.at}
    for n, line in enumerate(reading.lines, 1):
        values, problems = _values(line, read)
        if shape := table.shapes.get(line.number):
            values[sheet.shape] = shape
        if not problems:
            sheet.tidy(values)
            reading.rows.append(Row(line.number, values))
        reading.problems += problems
        if n % EVERY == 0 or n == len(reading.lines):
            progress(n, len(reading.lines))
    return reading


def look_closer(sheet: Sheet, reading: Reading, scope: Scope, known: Mapping[Key, Values]) -> None:
    """Let the room check the rows; what it refuses leaves ``rows``, until what is left stands by itself.

    What names a row is read in plain digits and letters, however wide they were typed; a row that is here in
    the very spelling of the file keeps it, and so does a new one that would name nothing here in plain ones.
    """
    typed = _spell(sheet, reading, known)
    _leave_out(reading, _twice(sheet, reading.rows))
    reading.problems += _missing_columns(sheet, reading, known)
    while True:
        found = [_with_title(each) for each in sheet.check(scope, reading.rows, known)]
        if again := {each.line for each in found} & typed.keys():
            reading.rows = [typed.pop(row.line) if row.line in again else row for row in reading.rows]
            continue
        reading.problems += found
        bad = {each.line for each in found}
        left = [row for row in reading.rows if row.line not in bad]
        if len(left) == len(reading.rows):
            break
        reading.rows = left
    reading.problems.sort(key=lambda each: each.line)


def problem(line: int, column: str, code: str, what: Words, mend: Words = "") -> CellProblem:
    """What is wrong with a cell, said in the active language."""
    return CellProblem(line, column, code, str(what), str(mend))


def _with_title(each: CellProblem) -> CellProblem:
    return problem(each.line, each.column, each.code, each.what, each.mend)


def _with_heading(sheet: Sheet, table: Table) -> Reading:
    names = _names(sheet)
    found = max(table.lines[:HEADING_LINES], key=lambda line: len(_recognised(line, names)))
    at = _recognised(found, names)
    if not at:
        wanted = "、".join(str(column.title) for column in sheet.columns)
        words = _("No line bears the headings. Take the template, or write: {titles}.")
        raise _refused("no_heading", words.format(titles=wanted))
    _refuse_twice(found, names)
    needed = [each for each in sheet.columns if each.key and each.required]
    if missing := [str(each.title) for each in needed if each.name not in at]:
        words = _("The column “{title}” is missing; by it each line is known.")
        raise _refused("missing_column", words.format(title=missing[0]))
    below = table.lines[table.lines.index(found) + 1 :]
    below = below[1:] if below and _is_note(below[0], sheet, at) else below
    lines = [line for line in below if not _is_total(line, sheet, at)]
    if not lines:
        raise _refused("empty", _("There is no line below the headings."))
    notes = [*table.notes, *_understood(sheet, found, at), *_ignored(found, at)]
    notes += _left_out(len(below) - len(lines))
    return Reading(found, at, lines, notes=notes)


def _names(sheet: Sheet) -> dict[str, str]:
    """Heading, plain, in any language, → name of the column."""
    found = {}
    for column in sheet.columns:
        for words in {column.name, *in_all_languages(column.title), *column.also}:
            found[_plain(words)] = column.name
    own = sheet.headings() if sheet.headings is not None else {}
    return found | {_plain(words): name for words, name in own.items()}


def _plain(words: str) -> str:
    """A heading without blanks, stars and what stands in brackets: ``＊姓 名（必填）`` is ``姓名``."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return DECORATION.sub("", folded) or re.sub(r"\s", "", folded)


def _recognised(line: Line, names: Mapping[str, str]) -> dict[str, int]:
    at: dict[str, int] = {}
    for place, cell in enumerate(line.cells):
        name = names.get(_plain(cell))
        if name and name not in at:
            at[name] = place
    return at


def _refuse_twice(line: Line, names: Mapping[str, str]) -> None:
    headings: dict[str, str] = {}
    for cell in line.cells:
        if name := names.get(_plain(cell)):
            if name in headings:
                words = _("“{one}” and “{other}” are the same column. Delete one of them.")
                raise _refused("double_column", words.format(one=headings[name], other=cell))
            headings[name] = cell


def _understood(sheet: Sheet, line: Line, at: Mapping[str, int]) -> list[Words]:
    """Which heading of a city's own was taken for which column."""
    if sheet.headings is None:
        return []
    titles = {column.name: str(column.title) for column in sheet.columns}
    read = [(line.cells[place].strip(), titles[name]) for name, place in at.items() if name in titles]
    told = [f"{cell} → {title}" if _plain(cell) != _plain(title) else title for cell, title in read]
    return [_("These columns are read: {titles}.").format(titles="、".join(told))]


def _ignored(line: Line, at: Mapping[str, int]) -> list[Words]:
    taken = set(at.values())
    left = [cell.strip() for place, cell in enumerate(line.cells) if cell.strip() and place not in taken]
    words = _("These columns are not read: {titles}.")
    return [words.format(titles="、".join(left))] if left else []


def _is_note(line: Line, sheet: Sheet, at: Mapping[str, int]) -> bool:
    """Whether it is the template's line of explanations: most of its cells say what a column's note says."""
    same = other = 0
    for column in sheet.columns:
        cell = _cell(line, at.get(column.name, -1)).strip()
        if cell:
            is_note = cell in in_all_languages(column.note) or cell in in_all_languages(note_words(column))
            same, other = same + is_note, other + (not is_note)
    return same > other


def note_words(column: Column) -> Words:
    """What the line below the headings says about a column."""
    return format_lazy(MUST, note=column.note) if column.required else column.note


def _is_total(line: Line, sheet: Sheet, at: Mapping[str, int]) -> bool:
    """Whether its first words are those of a total, and it lacks what every line has."""
    place, first = next(((n, cell) for n, cell in enumerate(line.cells) if cell.strip()), (0, ""))
    if re.sub(r"\s|[:：]", "", first) not in TOTALS:
        return False
    needed = {at[column.name] for column in sheet.columns if column.required and column.name in at}
    return not needed - {place} or any(not _cell(line, each).strip() for each in needed - {place})


def _left_out(n: int) -> list[Words]:
    return [_("{n} lines of totals were left out.").format(n=n)] if n else []


def _values(line: Line, read: Mapping[Column, int]) -> tuple[dict[str, Any], list[CellProblem]]:
    values: dict[str, Any] = {}
    problems: list[CellProblem] = []
    for column, at in read.items():
        cell = _cell(line, at)
        try:
            value = _value(column, cell, at in line.rounded)
        except Refused as refusal:
            problems.append(problem(line.number, column.name, refusal.code, refusal.message))
            continue
        if not ((column.secret or column.keeps) and value in ("", None)):
            values[column.name] = value
    return values, problems


def _value(column: Column, cell: str, rounded: bool) -> Any:
    if rounded:
        words = _(
            "The spreadsheet has rounded this long number; its last digits are lost. Format the column as "
            "text, then type the number anew."
        )
        raise Refused("rounded", words)
    if cell.startswith("#") and cell.strip() in ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!"):
        raise Refused("formula_error", _("A formula failed here. Write the value itself."))
    value = column.read(cell)
    if column.required and value in ("", None):
        raise Refused("missing", _("“{title}” is needed here.").format(title=column.title))
    return value


def _cell(line: Line, at: int) -> str:
    return line.cells[at] if 0 <= at < len(line.cells) else ""


def _spell(sheet: Sheet, reading: Reading, known: Mapping[Key, Values]) -> dict[int, Row]:
    """Write what names each row as the row that is known writes it, else plainly; gives new ones as typed."""
    names = [column.name for column in sheet.columns if column.key]
    spelled, typed = {_plain_key(key): key for key in known}, dict[int, Row]()
    for n, row in enumerate(reading.rows):
        key = sheet.key_of(row.values)
        plain = _plain_key(key)
        if key not in known and (wanted := spelled.get(plain, plain)) != key:
            if wanted not in known:
                typed[row.line] = row
            reading.rows[n] = Row(row.line, {**row.values, **dict(zip(names, wanted, strict=True))})
    return typed


def _plain_key(key: Key) -> Key:
    return tuple(plain_digits(each) if isinstance(each, str) else each for each in key)


def _twice(sheet: Sheet, rows: Sequence[Row]) -> Iterator[CellProblem]:
    first: dict[Key, int] = {}
    column = next(each.name for each in sheet.columns if each.key)
    for row in rows:
        before = first.setdefault(sheet.key_of(row.values), row.line)
        if before != row.line:
            what = _("The same stands in line {n} already.").format(n=before)
            yield problem(row.line, column, "double_row", what, _("Delete one of the two lines."))


def _leave_out(reading: Reading, found: Iterable[CellProblem]) -> None:
    problems = list(found)
    bad = {each.line for each in problems}
    reading.problems += problems
    reading.rows = [row for row in reading.rows if row.line not in bad]


def _missing_columns(sheet: Sheet, reading: Reading, known: Mapping[Key, Values]) -> Iterable[CellProblem]:
    """Columns that a new row needs and the file does not have."""
    absent = [each for each in sheet.columns if each.required and each.name not in reading.at]
    new = [row for row in reading.rows if absent and sheet.key_of(row.values) not in known]
    for row in new:
        what = _("A new line needs the column “{title}”.").format(title=absent[0].title)
        yield problem(row.line, "", "missing_column", what, _("Add the column, as the template has it."))
    lines = {row.line for row in new}
    reading.rows = [row for row in reading.rows if row.line not in lines]


def _refused(code: str, words: Words) -> Refused:
    return Refused(code, words, field="file")
