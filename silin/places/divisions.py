"""Reading a file of divisions (``code,name,level,parent``) and saying what is wrong with it, line by line."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words
from silin.lib.text import listed
from silin.places.levels import DIGITS, Kind, Level, kind_of_code, level_of_code

COLUMNS = ["code", "name", "level", "parent"]
LEVELS = {
    **{level.value: level for level in DIGITS},
    **{kind.value: Level.COMMUNITY for kind in list(Kind)[-4:]},
}
ROOTS = {Level.PROVINCE, Level.CITY}
LONGEST_NAME = 60
SEPARATOR = "\x1f"  # no cell has it once it is cleaned
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


@dataclass(frozen=True, slots=True)
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


@dataclass
class Lines:
    """The lines of a file, packed: a list of the whole country has to fit beside everything else.

    They lie by the first two digits of their codes: what a line has to do with another one (its parent, its
    double) is in the same province, so that one province after the other can be looked over and written.
    """

    packed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)
    n: int = 0
    last: int = 0
    ended: bool = True

    def add(self, row: Row) -> None:
        """Put a line to those of its province."""
        said = (str(row.line), row.code, row.name, row.level, row.parent)
        self.packed[row.code[:2]].append(SEPARATOR.join(said))
        self.n += 1

    def rows(self, province: str) -> list[Row]:
        """The lines of one province in the order of the file."""
        cells = (each.split(SEPARATOR) for each in self.packed[province])
        return [Row(int(line), code, name, level, parent) for line, code, name, level, parent in cells]

    def faults(self, province: str, known: Mapping[str, Level]) -> list[Problem]:
        """What is wrong with the lines of one province; ``known`` are the levels of the codes here."""
        return check_rows(self.rows(province), known)

    def with_end(self, problems: list[Problem]) -> list[Problem]:
        """A faulty last line may be the place where the file was cut off; then that is said as well."""
        codes = {each.code for each in problems if each.line == self.last}
        if not codes & {*CUTS, "truncated"} and (self.ended or not codes & CUT_CELLS):
            return problems
        kept = [each for each in problems if each.line != self.last or each.code not in {*CUTS, "truncated"}]
        return [*kept, problem("truncated", self.last)]


def read(data: bytes) -> Lines:
    """The lines of a CSV file in UTF-8 (with or without a mark) or GB18030, and what breaks their form."""
    text, problems = _text(data)
    if text is None:
        return Lines(problems=problems)
    lines = Lines(problems=problems, last=len(text.splitlines()), ended=text.endswith("\n"))
    _read_lines(text, lines)
    if not lines.n and not any(each.code == "header" for each in lines.problems):
        lines.problems.append(problem("empty"))
    return lines


def tops(data: bytes) -> list[str]:
    """The codes of the divisions of a file that stand without a parent."""
    lines = read(data)
    return [row.code for province in lines.packed for row in lines.rows(province) if not row.parent]


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


def _read_lines(text: str, lines: Lines) -> None:
    reader = csv.reader(_pieces(text), strict=True)
    line = 1
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            lines.problems.append(problem("header", 1))
            return
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(COLUMNS) and any(map(str.strip, cells)):
                lines.add(_row(line, dict(zip(header, cells, strict=True))))
            elif any(map(str.strip, cells)):
                lines.problems.append(problem("columns", line, found=len(cells), wanted=len(COLUMNS)))
            line = reader.line_num + 1
    except csv.Error:
        lines.problems.append(problem("quotes", line))


def _pieces(text: str) -> Iterator[str]:
    """The text up to each end of a line, without a second copy of all of it."""
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        yield text[at:end]
        at = end


def _row(line: int, cells: Mapping[str, str]) -> Row:
    code, name, level, parent = (_plain(cells[column]) for column in COLUMNS)
    return Row(line, code, unicodedata.normalize("NFC", name), level, parent)


def _plain(cell: str) -> str:
    """Without blanks at its ends and signs that nobody sees."""
    cell = cell.strip()
    if cell.isprintable():
        return cell
    return "".join(sign for sign in cell if unicodedata.category(sign) != "Cc").strip()


def check_rows(rows: Sequence[Row], known: Mapping[str, Level]) -> list[Problem]:
    """What is wrong with rows that lie in one province; ``known`` are the levels of the codes here."""
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
        yield problem("unknown_level", row.line, value=row.level, known=listed(LEVELS))
    elif row.level != (fitting := level_word(row.code)):
        yield problem("wrong_level", row.line, value=row.level, code=row.code, level=fitting)
    else:
        yield from _check_parent(row, levels)


def level_word(code: str) -> str:
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
        if above not in _above(row) or row.code[:digits] != row.parent[:digits]:
            yield problem("wrong_parent", row.line, value=row.parent, code=row.code)


def _above(row: Row) -> set[Level]:
    """What a division may lie in: one level up; a street whose county's digits are 00 lies in a city."""
    if row.place_level == Level.STREET and row.code[DIGITS[Level.CITY] : DIGITS[Level.COUNTY]] == "00":
        return {Level.CITY}
    return {list(Level)[row.place_level.depth - 1]}
