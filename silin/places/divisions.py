"""Reading a file of divisions (``code,name,level,parent``) and saying what is wrong with it, line by line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words
from silin.places.levels import DIGITS, Kind, Level, kind_of_code, level_of_code

COLUMNS = ["code", "name", "level", "parent"]
LEVELS = {
    **{level.value: level for level in DIGITS},
    **{kind.value: Level.COMMUNITY for kind in list(Kind)[-4:]},
}
ROOTS = {Level.PROVINCE, Level.CITY}
LONGEST_NAME = 60
CODE = re.compile(r"[1-9][0-9]{11}")
CUTS = {"columns", "quotes"}  # in the last line: the file was cut off
CUT_CELLS = {"bad_code", "unknown_level", "no_parent", "missing_parent"}  # the same, if the line has no end

# What is wrong, and what to do about it. Named by code for programs.
PROBLEMS: dict[str, tuple[Words, Words]] = {
    "encoding": (_("The file is neither UTF-8 nor GB18030 text."), _("Save it again as CSV UTF-8.")),
    "header": (
        _("The first line does not name the columns code, name, level and parent."),
        _("Write code,name,level,parent into the first line."),
    ),
    "empty": (_("There is no division in the file."), _("Send the file with its lines.")),
    "truncated": (
        _("The last line breaks off: the file seems cut off at its end."),
        _("Fetch or save the whole file again."),
    ),
    "row_count": (
        _("%(wanted)s lines were announced, %(found)s came."),
        _("Fetch or save the whole file again."),
    ),
    "quotes": (_("A quotation mark is opened and not closed."), _("Close it or take it out.")),
    "columns": (
        _("There are %(found)s columns instead of %(wanted)s."),
        _("Give every line a code, a name, a level and a parent; a name with a comma needs quotation marks."),
    ),
    "bad_code": (
        _("“%(value)s” is not a code of 12 digits."),
        _("Write all 12 digits; in a spreadsheet, format the column as text first."),
    ),
    "double_code": (
        _("The code %(value)s stands in line %(first)s already."),
        _("Take one of the two lines out, or correct its code."),
    ),
    "no_name": (_("The name is missing."), _("Write the name.")),
    "long_name": (_("The name has more than %(most)s characters."), _("Write the official name only.")),
    "wrong_level": (
        _("The level is given as “%(value)s”, but the code %(code)s is one of a %(level)s."),
        _("Correct the level or the code."),
    ),
    "unknown_level": (
        _("“%(value)s” is no level."),
        _("Write one of: %(known)s."),
    ),
    "missing_parent": (
        _("The parent %(value)s is neither in the file nor known here."),
        _("Add the line of the parent, or correct its code."),
    ),
    "no_parent": (
        _("The parent is missing; only a province or a city may stand without one."),
        _("Write the code of the parent."),
    ),
    "wrong_parent": (
        _("%(value)s cannot be the parent: the code %(code)s does not belong under it."),
        _("Write the code of the division one level above, or correct the code."),
    ),
    "fewer": (
        _("%(n)s known here but not in the file, %(value)s among them."),
        _("If the file is cut off, send the whole one. If not, say whether to keep or to close them."),
    ),
}


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line of the file (0: in the file as a whole) and what to do about it."""

    code: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        words = {"line": self.line, "what": self.what, "mend": self.mend}
        return str((_("Line %(line)s: %(what)s %(mend)s") if self.line else _("%(what)s %(mend)s")) % words)


def problem(code: str, line: int = 0, /, **values: object) -> Problem:
    """A problem said in the active language."""
    what, mend = PROBLEMS[code]
    return Problem(code, line, str(what) % values, str(mend) % values)


@dataclass(frozen=True)
class Row:
    """One line of the file, cleaned. ``level`` is the word as it stands in the file."""

    line: int
    code: str
    name: str
    level: str
    parent: str

    @property
    def place_level(self) -> Level:
        """The level it takes in the table."""
        return LEVELS[self.level]


def look_over(data: bytes, known: Mapping[str, Level]) -> tuple[list[Row], list[Problem]]:
    """The rows of a CSV file in UTF-8 (with or without a mark) or GB18030, and everything wrong with them.

    ``known`` are the levels of the codes that are here already.
    """
    text, problems = _text(data)
    if text is None:
        return [], problems
    rows, faults = _rows(text)
    problems += faults
    if not any(each.code == "header" for each in problems):
        problems += _check_rows(rows, known)
    return rows, _with_end(problems, text)


def _text(data: bytes) -> tuple[str | None, list[Problem]]:
    """The text, up to a character that is cut in two at the very end."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError as error:
            if error.start >= len(data) - 3:
                text = data[: error.start].decode(encoding)
                return text, [problem("truncated", text.count("\n") + 1)]
    return None, [problem("encoding")]


def _rows(text: str) -> tuple[list[Row], list[Problem]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    line = 1
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            return [], [problem("header", 1)]
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(COLUMNS) and any(map(str.strip, cells)):
                rows.append(_row(line, dict(zip(header, cells, strict=True))))
            elif any(map(str.strip, cells)):
                problems.append(problem("columns", line, found=len(cells), wanted=len(COLUMNS)))
            line = reader.line_num + 1
    except csv.Error:
        problems.append(problem("quotes", line))
    return rows, problems


def _with_end(problems: list[Problem], text: str) -> list[Problem]:
    """A faulty last line may be the place where the file was cut off; then that is said as well."""
    last = len(text.splitlines())
    ended = text.endswith("\n")
    codes = {each.code for each in problems if each.line == last}
    if not codes & {*CUTS, "truncated"} and (ended or not codes & CUT_CELLS):
        return problems
    kept = [each for each in problems if each.line != last or each.code not in {*CUTS, "truncated"}]
    return [*kept, problem("truncated", last)]


def _row(line: int, cells: Mapping[str, str]) -> Row:
    name = "".join(sign for sign in cells["name"] if unicodedata.category(sign) != "Cc")
    code, level, parent = (cells[column].strip() for column in ("code", "level", "parent"))
    return Row(line, code, unicodedata.normalize("NFC", name).strip(), level, parent)


def _check_rows(rows: list[Row], known: Mapping[str, Level]) -> list[Problem]:
    if not rows:
        return [problem("empty")]
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row.code, row)
    levels = {**known, **{row.code: level_of_code(row.code) for row in rows if CODE.fullmatch(row.code)}}
    return [found for row in rows for found in _check(row, first, levels)]


def _check(row: Row, first: Mapping[str, Row], levels: Mapping[str, Level]) -> Iterator[Problem]:
    if not row.name:
        yield problem("no_name", row.line)
    if len(row.name) > LONGEST_NAME:
        yield problem("long_name", row.line, most=LONGEST_NAME)
    if not CODE.fullmatch(row.code):
        yield problem("bad_code", row.line, value=row.code)
        return
    if first[row.code] is not row:
        yield problem("double_code", row.line, value=row.code, first=first[row.code].line)
    if row.level not in LEVELS:
        yield problem("unknown_level", row.line, value=row.level, known=", ".join(LEVELS))
    elif row.level != (fitting := _level_word(row.code)):
        yield problem("wrong_level", row.line, value=row.level, code=row.code, level=fitting)
    else:
        yield from _check_parent(row, levels)


def _level_word(code: str) -> str:
    """The word of the file's third column that a code asks for."""
    level = level_of_code(code)
    return kind_of_code(code, level) if level == Level.COMMUNITY else level.value


def _check_parent(row: Row, levels: Mapping[str, Level]) -> Iterator[Problem]:
    if not row.parent:
        if row.place_level not in ROOTS:
            yield problem("no_parent", row.line)
    elif row.parent not in levels:
        yield problem("missing_parent", row.line, value=row.parent)
    else:
        above = levels[row.parent]
        digits = DIGITS.get(above, 0)
        fits = above.depth == row.place_level.depth - 1 and row.code[:digits] == row.parent[:digits]
        if not fits:
            yield problem("wrong_parent", row.line, value=row.parent, code=row.code)
