"""From the bytes of a spreadsheet to lines of text, whatever program wrote it: xlsx, xls, ods, WPS, CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from silin.lib.refusal import Refused, Words

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_LINES, MOST_COLUMNS = 100_000, 200
MOST_CELLS = 20_000_000
"""Cells of the rectangle round all that a sheet holds: one stray cell at the far end can blow it up."""

ROUNDED = 10**15
"""Spreadsheets keep 15 digits of a number: of a longer one the last digits are lost."""

SHORTENED = re.compile(r"\d(?:\.\d+)?[eE]\+?(?:1[5-9]|2\d)")
DAY_LESS = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?![^>]*/>)')
FAILED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]* t="e"')
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One line as text: its number as the program shows it; ``rounded`` are cells whose digits are lost."""

    number: int
    cells: list[str]
    rounded: frozenset[int] = frozenset()


@dataclass
class Table:
    """The lines that hold anything, what was noticed on the way, and geodata's shapes by line."""

    lines: list[Line]
    notes: list[Words] = field(default_factory=list)
    shapes: dict[int, Any] = field(default_factory=dict)


def read_table(data: bytes) -> Table:
    """The first sheet of a file that holds anything.

    Raises ``Refused`` (``file_too_big``, ``file_type``, ``file_broken``, ``file_locked``, ``empty``,
    ``too_many_rows``, ``too_many_columns``), each with what to do.
    """
    if len(data) > MOST_BYTES:
        raise _refused("file_too_big", _("The file is larger than 20 MB. Please split it."))
    if data.startswith(ZIP):
        _look_inside(data)
    packed = data.startswith((ZIP, OLE))
    table = _workbook(data) if packed else Table(list(_text_lines(_decoded(data))))
    if not table.lines:
        raise _refused("empty", _("There is nothing in the file."))
    return table


def weight(data: bytes) -> int:
    """How many bytes there are to be read: of a packed file those inside."""
    if not data.startswith(ZIP):
        return len(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(each.file_size for each in packed.infolist())
    except zipfile.BadZipFile:
        return len(data)


def _look_inside(data: bytes) -> None:
    """Refuse a packed file that unpacks to more than a spreadsheet ever holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
                raise _refused("file_too_big", _("The file unpacks to far more than a spreadsheet holds."))
            for each in packed.infolist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", each.filename):
                    _measure(packed.read(each))
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, NotImplementedError) as error:
        raise _broken() from error


def _measure(xml: bytes) -> None:
    """Refuse a sheet with a stray cell so far out that the rectangle round everything does not fit."""
    width = height = 0
    for found in CELL.finditer(xml):
        height = max(height, int(found[2]))
        width = max(width, _column_number(found[1]))
    if width * height > MOST_CELLS:
        words = _("Something stands far out in line {n}. Delete what lies behind the table and save again.")
        raise _refused("too_many_columns", words.format(n=height))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _workbook(data: bytes) -> Table:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for number, about in enumerate(book.sheets_metadata):
                if about.visible != SheetVisibleEnum.Visible:
                    continue
                table = _sheet(book.get_sheet_by_index(number), _failed_formulas(data, number))
                if table.lines:
                    if number:
                        table.notes.append(_("Read was the sheet “{name}”.").format(name=about.name))
                    return table
    except PasswordError as error:
        words = _("The file is locked with a password. Save it without one.")
        raise _refused("file_locked", words) from error
    except CalamineError as error:
        raise _broken() from error
    return Table([])


def _failed_formulas(data: bytes, number: int) -> set[tuple[int, int]]:
    """Where formulas failed (line and column, from 0): the reader gives such a cell as a blank one."""
    if not data.startswith(ZIP):
        return set()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        name = f"xl/worksheets/sheet{number + 1}.xml"
        xml = packed.read(name) if name in packed.namelist() else b""
    return {(int(found[2]) - 1, _column_number(found[1]) - 1) for found in FAILED.finditer(xml)}


def _sheet(sheet: CalamineSheet, failed: set[tuple[int, int]]) -> Table:
    if sheet.total_width > MOST_COLUMNS:
        raise _too_wide(sheet.total_width)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for line, place in failed:
        if line < len(rows) and place < len(rows[line]) and rows[line][place] == "":
            rows[line][place] = "#VALUE!"
    notes = _fill_down(rows, sheet.merged_cell_ranges or [])
    return Table(list(_lines(rows)), notes)


def _fill_down(
    rows: list[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> list[Words]:
    """Give every line of a merged cell its value, where the line holds anything else."""
    filled = 0
    for (top, left), (bottom, _right) in merged:
        if bottom == top or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if any(cell != "" for cell in row) and row[left] == "":
                row[left] = rows[top][left]
                filled += 1
    words = _("{n} lines lie under merged cells; each was read with the value of its merged cell.")
    return [words.format(n=filled)] if filled else []


def _lines(rows: Sequence[Sequence[Any]]) -> Iterator[Line]:
    kept = 0
    for number, row in enumerate(rows, 1):
        cells = [_as_text(cell) for cell in row]
        if any(cells):
            kept += 1
            if kept > MOST_LINES:
                raise _too_long()
            rounded = {at for at, cell in enumerate(row) if _is_rounded(cell)}
            yield Line(number, cells, frozenset(rounded))


def _as_text(cell: Any) -> str:
    """A cell as a clerk would write it: whole numbers without a fraction, dates as 2024-05-06."""
    if isinstance(cell, str):
        return "" if not cell.strip() else cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        return f"{cell:.0f}" if float(cell).is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == clock_time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return _as_text(DAY_LESS + cell)
    return str(cell)


def _is_rounded(cell: Any) -> bool:
    if isinstance(cell, int | float):
        return abs(cell) >= ROUNDED
    return isinstance(cell, str) and SHORTENED.fullmatch(cell.strip()) is not None


def _decoded(data: bytes) -> str:
    head = data[:512].lstrip().lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"%pdf")):
        words = _("This is no spreadsheet but a page that bears its name. Open it and save it as xlsx.")
        raise _refused("file_type", words)
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if encoding == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    words = _("This is neither a spreadsheet (xlsx, xls, ods) nor CSV text in UTF-8 or GB18030.")
    raise _refused("file_type", words)


def _text_lines(text: str) -> Iterator[Line]:
    first = text[: text.find("\n")] if "\n" in text else text
    comma = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    rows: list[list[str]] = []
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise _too_wide(len(cells))
            rows.append([_without_apostrophe(cell) for cell in cells])
    except csv.Error as error:
        raise _broken() from error
    return _lines(rows)


def _without_apostrophe(cell: str) -> str:
    """An apostrophe keeps a cell of our own exports from being run as a formula; it is not part of it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*FORMULA_SIGNS, "'")) else cell


def _too_long() -> Refused:
    words = _("The file has more than {n} lines. Please split it.")
    return _refused("too_many_rows", words.format(n=MOST_LINES))


def _too_wide(n: int) -> Refused:
    words = _("The file has {n} columns, there is room for {most}. Delete what lies beside the table.")
    return _refused("too_many_columns", words.format(n=n, most=MOST_COLUMNS))


def _broken() -> Refused:
    return _refused("file_broken", _("The file cannot be read; it may be damaged. Save it again as xlsx."))


def _refused(code: str, words: Words) -> Refused:
    return Refused(code, words, field="file")
