"""Spreadsheets as we write them: the template, the export, the clerk's own file with its mistakes marked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from silin.lib.sheets.checking import Reading, note_words
from silin.lib.sheets.reading import FORMULA_SIGNS
from silin.lib.sheets.sheet import CellProblem, Column, Sheet, Values

MARK = "\ufeff"  # tells office programs that this is UTF-8
ROOM = 2000
"""Lines of a template that are text already and have its drop-downs."""

LONGEST = 32_000
"""Characters of one cell; programs refuse a file with more."""

HEAD = {"bold": True, "bg_color": "#E8F0EC", "border": 1, "text_wrap": True, "valign": "vcenter"}
NOTE = {"font_color": "#5B6660", "italic": True, "text_wrap": True, "valign": "top", "font_size": 9}
BAD = {"bg_color": "#FBD9D3", "num_format": "@"}


def template(sheet: Sheet) -> bytes:
    """An empty file to fill in: headings, what belongs below them, lists to choose from."""
    return _book(sheet, sheet.columns, [], room=ROOM)


def export(sheet: Sheet, rows: Iterable[Values]) -> bytes:
    """The rows in the template's shape, without the secret columns."""
    return _book(sheet, open_columns(sheet), rows)


def export_csv(sheet: Sheet, rows: Iterable[Values]) -> Iterator[str]:
    """The same as CSV, line by line, without the line of explanations."""
    columns = open_columns(sheet)
    cells = ([column.say(row.get(column.name)) for column in columns] for row in rows)
    return csv_lines([str(column.title) for column in columns], cells)


def open_columns(sheet: Sheet) -> list[Column]:
    """Those that an export has."""
    return [column for column in sheet.columns if not column.secret]


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """``rows`` under ``heads`` as they are, to read and to print: not a file that comes back."""
    out = io.BytesIO()
    book = Workbook(out, {"constant_memory": True})
    page, plain, head = _named_page(book, title), _text(book), book.add_format(HEAD)
    page.set_column(0, len(heads) - 1, 16, plain)
    page.freeze_panes(1, 0)
    for row, cells in enumerate(([*heads], *rows)):
        for place, cell in enumerate(cells):
            page.write_string(row, place, "" if cell is None else str(cell)[:LONGEST], plain if row else head)
    book.close()
    return out.getvalue()


def error_sheet(sheet: Sheet, reading: Reading, *, only_bad: bool = False) -> bytes:
    """The file's own lines with each bad cell coloured and explained; ``only_bad`` leaves the good ones out.

    The last column says in words what is to be mended in the line. It may stay when the file comes back.
    """
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page, head, plain, bad = _page(book, sheet), book.add_format(HEAD), _text(book), book.add_format(BAD)
    width = max(len(line.cells) for line in [reading.heading, *reading.lines])
    heads = [*reading.heading.cells, *[""] * (width - len(reading.heading.cells)), _("What to mend")]
    for place, words in enumerate(heads):
        page.write_string(0, place, words, head)
    page.set_column(0, width - 1, 16, plain)
    page.set_column(width, width, 60)
    page.freeze_panes(1, 0)
    wrong = _by_line(reading.problems)
    titles = {column.name: str(column.title) for column in sheet.columns}
    lines = [line for line in reading.lines if line.number in wrong or not only_bad]
    for row, line in enumerate(lines, 1):
        found = wrong.get(line.number, [])
        cells = {reading.at[each.column]: each for each in found if each.column in reading.at}
        for place in range(width):
            cell = line.cells[place] if place < len(line.cells) else ""
            page.write_string(row, place, cell[:LONGEST], bad if place in cells else plain)
            if place in cells:
                page.write_comment(row, place, words_of(cells[place]), {"x_scale": 2})
        page.write_string(row, width, "；".join(_with_title(each, titles) for each in found), plain)
    book.close()
    return out.getvalue()


def words_of(each: CellProblem) -> str:
    """What is wrong and what to do about it, in one line."""
    return f"{each.what} {each.mend}".strip()


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """``rows`` under ``heads`` as lines of a CSV that every office program opens."""
    writer = csv.writer(_Line())
    yield MARK + writer.writerow([harmless(head) for head in heads])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(value: object) -> str:
    """The text of a cell; what a spreadsheet would run as a formula is kept from being one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "'")) and not _is_number(text) else text


class _Line:
    """Where the writer puts a line: it hands it straight on."""

    def write(self, line: str) -> str:
        return line


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isascii() and text[1:].replace(".", "", 1).isdigit()


def _book(sheet: Sheet, columns: Sequence[Column], rows: Iterable[Values], room: int = 0) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page, plain = _page(book, sheet), _text(book)
    head, note = book.add_format(HEAD), book.add_format(NOTE)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, plain)
        page.write_string(0, place, f"{column.title}{'*' if column.required else ''}", head)
        page.write_string(1, place, str(note_words(column)), note)
    page.set_row(1, 48)
    page.freeze_panes(2, 0)
    n = 1
    for n, values in enumerate(rows, 2):
        for place, column in enumerate(columns):
            if text := column.say(values.get(column.name)):
                page.write_string(n, place, text[:LONGEST], plain)
    _offer_choices(book, page, columns, n + room)
    book.close()
    return out.getvalue()


def _page(book: Any, sheet: Sheet) -> Any:
    return _named_page(book, str(sheet.title))


def _named_page(book: Any, title: str) -> Any:
    """A page of a book, named as offices may name one."""
    page = book.add_worksheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:31])
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return page


def _text(book: Any) -> Any:
    return book.add_format({"num_format": "@"})


def _offer_choices(book: Any, page: Any, columns: Sequence[Column], last: int) -> None:
    """Drop-downs read their words from a hidden sheet: in the cell itself there is little room for them."""
    chosen = [(place, column) for place, column in enumerate(columns) if column.choices]
    if not chosen or last < 2:
        return
    lists = book.add_worksheet("_lists")
    lists.hide()
    for at, (place, column) in enumerate(chosen):
        for row, words in enumerate(column.choices):
            lists.write_string(row, at, str(words))
        letter = xl_col_to_name(at)
        source = f"=_lists!${letter}$1:${letter}${len(column.choices)}"
        page.data_validation(2, place, last, place, {"validate": "list", "source": source})


def _by_line(problems: Iterable[CellProblem]) -> Mapping[int, list[CellProblem]]:
    found: dict[int, list[CellProblem]] = {}
    for each in problems:
        found.setdefault(each.line, []).append(each)
    return found


def _with_title(each: CellProblem, titles: Mapping[str, str]) -> str:
    title = titles.get(each.column)
    return f"{title}: {words_of(each)}" if title else words_of(each)
