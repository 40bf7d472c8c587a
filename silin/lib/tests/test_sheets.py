"""Spreadsheets as clerks save them, read cell by cell: what is forgiven, and what is said where it is not."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlwt
from django.conf import settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P
from openpyxl.styles import PatternFill

from silin.lib.refusal import Refused
from silin.lib.sheets import columns
from silin.lib.sheets.checking import Reading, look_closer, understand
from silin.lib.sheets.comparing import compare
from silin.lib.sheets.reading import read_table
from silin.lib.sheets.sheet import Column, Scope, Sheet

SCOPE = Scope("00000001", "990100000000", None, datetime(2026, 11, 27, tzinfo=UTC))
TREES = Sheet(
    key="trees",
    title="树木",
    about="一街一树",
    capability="places.see",
    columns=[
        columns.code("number", "编号", digits=12, key=True, required=True),
        columns.text("name", "名称", most=20, required=True, also=("树名",)),
        columns.integer("height", "高度", most=99, unit="米"),
        columns.day("planted", "栽种日期"),
        columns.yes_no("alive", "活着"),
        columns.choice("sort", "树种", {"plane": "梧桐", "locust": "国槐"}),
        columns.phone("keeper", "养护电话", secret=True),
    ],
    load=lambda scope: {},
    write=lambda scope, changes: None,
)
HEADS = ["编号", "名称", "高度", "栽种日期", "活着", "树种", "养护电话"]
ROW = ["990100000001", "老槐", "12", "2024-05-06", "是", "国槐", "13900000000"]
VALUES = {
    "number": "990100000001",
    "name": "老槐",
    "height": 12,
    "planted": date(2024, 5, 6),
    "alive": True,
    "sort": "locust",
    "keeper": "13900000000",
}


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with override(settings.LANGUAGE_CODE):
        yield


def xlsx(rows: Sequence[Sequence[Any]], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if merged:
        book.active.merge_cells(merged)
    return saved(book.save)


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)
    return saved(book.save)


def ods(rows: Sequence[Sequence[Any]]) -> bytes:
    book, table = OpenDocumentSpreadsheet(), OdfTable(name="表")
    for row in rows:
        line = TableRow()
        for cell in row:
            box = TableCell(valuetype="string")
            box.addElement(P(text=str(cell)))
            line.addElement(box)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    return saved(book.write)


def comma(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def saved(save: Callable[[io.BytesIO], Any]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def read(data: bytes) -> Reading:
    reading = understand(TREES, read_table(data))
    look_closer(TREES, reading, SCOPE, {})
    return reading


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as error:
        read(data)
    assert str(error.value.message)
    return error.value.code


@pytest.mark.parametrize(
    "data",
    [
        xlsx([HEADS, ROW]),
        xls([HEADS, ROW]),
        ods([HEADS, ROW]),
        comma([HEADS, ROW]),
        comma([HEADS, ROW], "utf-8-sig"),
        comma([HEADS, ROW], "gb18030"),
        comma([HEADS, ROW], "utf-16", "\t"),
        comma([HEADS, ROW], delimiter=";"),
        xlsx([["二〇二六年全市树木统计表"], [], HEADS, ROW]),
        xlsx([["*编 号（必填）", "树名", *HEADS[2:]], ROW]),
        xlsx([HEADS, ROW, [None] * 7, ["合计", "", 12]]),
        xlsx([HEADS, [990100000001.0, "老槐", 12.0, datetime(2024, 5, 6), True, "国槐", 13900000000.0]]),  # noqa: DTZ001
    ],
)
def test_the_same_row_from_every_program(data: bytes) -> None:
    reading = read(data)
    assert reading.problems == []
    assert [row.values for row in reading.rows] == [VALUES]


def test_sixty_thousand_blank_lines_cost_nothing() -> None:
    book = openpyxl.Workbook()
    for row in (HEADS, ROW):
        book.active.append(row)
    for number in range(3, 60_003):
        book.active.cell(number, 1).fill = PatternFill("solid", fgColor="FFFF00")
    data, begun = saved(book.save), time.monotonic()
    assert len(read(data).rows) == 1
    assert time.monotonic() - begun < 2
    text = comma([HEADS, ROW, *[[""] * 7] * 60_000])
    assert len(read(text).rows) == 1


def test_merged_cells_are_filled_down_and_said() -> None:
    rows: list[list[Any]] = [HEADS, ROW, ["990100000002", None, 3], ["990100000003", None, 4]]
    reading = read(xlsx(rows, merged="B2:B4"))
    assert [row.values["name"] for row in reading.rows] == ["老槐"] * 3
    assert "合并单元格" in str(reading.notes[0])


def test_rounded_ids_are_noticed_in_every_program() -> None:
    for cell in (610303199001011234.0, "6.10303E+17"):
        reading = read(xlsx([HEADS, [*ROW[:1], cell, *ROW[2:]]]))
        assert [(each.column, each.code) for each in reading.problems] == [("name", "rounded")]
        assert "四舍五入" in reading.problems[0].what


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-05-06", date(2024, 5, 6)),
        ("2024/5/6", date(2024, 5, 6)),
        ("2024.5.6", date(2024, 5, 6)),
        ("２０２４年５月６日", date(2024, 5, 6)),
        ("二〇二四年五月六日", date(2024, 5, 6)),
        ("二○二四年十二月二十一日", date(2024, 12, 21)),
        ("二零二四年十月十日", date(2024, 10, 10)),
        ("20240506", date(2024, 5, 6)),
        ("45418", date(2024, 5, 6)),
        ("2024-05-06 00:00:00", date(2024, 5, 6)),
        ("无", None),
        ("", None),
    ],
)
def test_days_as_they_are_written(text: str, value: date | None) -> None:
    assert columns.read_day(text) == value


COLUMN = {
    "integer": columns.integer("n", "数", most=99, unit="层"),
    "decimal": columns.decimal("n", "数", places=1),
    "year": columns.year("n", "年"),
    "yes": columns.yes_no("n", "否"),
    "choice": columns.choice("n", "选", {"a": "甲", "b": "乙"}),
    "phone": columns.phone("n", "电话"),
    "line": columns.phone("n", "电话", landline=True),
    "id": columns.id_number("n", "身份证号"),
    "code": columns.code("n", "编号", most=6),
    "text": columns.text("n", "字", most=5),
    "day": columns.day("n", "日"),
}


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("integer", "６层", 6),
        ("integer", "12.0", 12),
        ("integer", "/", None),
        ("decimal", "1,234.56", Decimal("1234.6")),
        ("year", "1998年", 1998),
        ("year", "一九九八年", 1998),
        ("yes", "√", True),
        ("yes", "无", False),
        ("choice", "甲", "a"),
        ("choice", "b", "b"),
        ("phone", "+86 139-0000-0000", "13900000000"),
        ("line", "（0917）3212345", "0917-3212345"),
        ("id", "11010519491231002x", "11010519491231002X"),
        ("code", "Ａ-1", "A-1"),
        ("text", "", ""),
    ],
)
def test_what_is_forgiven(column: str, text: str, value: object) -> None:
    assert COLUMN[column].read(text) == value


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("integer", "十来层", "not_number"),
        ("integer", "1.5", "not_whole"),
        ("integer", "100", "out_of_range"),
        ("decimal", "-1", "out_of_range"),
        ("decimal", "NaN", "not_number"),
        ("year", "98", "bad_year"),
        ("yes", "大概", "not_yes_no"),
        ("choice", "丙", "bad_choice"),
        ("phone", "1390000000", "bad_phone"),
        ("line", "12", "bad_phone"),
        ("id", "110105194912310021", "bad_id_number"),
        ("id", "110105491231002", "bad_id_number"),
        ("id", "1101", "bad_id_number"),
        ("code", "甲", "bad_code"),
        ("code", "1234567", "bad_code"),
        ("text", "六个字的文字", "too_long"),
        ("day", "2024-02-30", "bad_day"),
        ("day", "24.5.6", "bad_day"),
        ("day", "2024年5月", "bad_day"),
    ],
)
def test_what_is_not(column: str, text: str, code: str) -> None:
    with pytest.raises(Refused) as error:
        COLUMN[column].read(text)
    assert error.value.code == code
    assert str(error.value.message)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (xlsx([]), "empty"),
        (xlsx([HEADS]), "empty"),
        (xlsx([["甲", "乙"], ["1", "2"]]), "no_heading"),
        (xlsx([HEADS[1:], ROW[1:]]), "missing_column"),
        (xlsx([[*HEADS, "树名"], ROW]), "double_column"),
        (b"PK\x03\x04 cut off", "file_broken"),
        (xlsx([HEADS, ROW])[:900], "file_broken"),
        (b"\xd0\xcf\x11\xe0 cut off", "file_broken"),
        (b"<html><table><tr><td>", "file_type"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file_type"),
        (xlsx([HEADS, *[[""] * 250 + ["x"]]]), "too_many_columns"),
    ],
)
def test_files_that_cannot_be_read(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_a_stray_cell_at_the_far_end_is_refused_before_it_fills_the_memory() -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    book.active["XFD1048576"] = "x"
    assert refused(saved(book.save)) == "too_many_columns"


def test_the_same_line_twice_and_a_line_without_its_name() -> None:
    reading = read(xlsx([HEADS, ROW, ROW, ["990100000002", ""]]))
    assert [(each.line, each.column, each.code) for each in reading.problems] == [
        (3, "number", "double_row"),
        (4, "name", "missing"),
    ]
    assert [row.line for row in reading.rows] == [2]


def test_a_column_that_the_file_does_not_have_stays_as_it_is() -> None:
    known = {("990100000001",): {**VALUES, "height": 9}}
    reading = understand(TREES, read_table(xlsx([HEADS[:2], ROW[:2]])))
    assert compare(TREES, reading.rows, known).changes == []
    reading = understand(TREES, read_table(xlsx([HEADS, [*ROW[:6], ""]])))
    [change] = compare(TREES, reading.rows, known).changes
    assert change.after == VALUES, "a blank secret cell takes nothing away"


def by_type(column: Column) -> st.SearchStrategy[Any]:
    return {
        "integer": st.none() | st.integers(0, 99),
        "day": st.none() | st.dates(date(1901, 1, 1)),
        "year": st.none() | st.integers(1800, 2200),
        "yes": st.none() | st.booleans(),
        "choice": st.none() | st.sampled_from(["a", "b"]),
        "decimal": st.none() | st.decimals(0, 999, places=1),
    }[next(name for name, each in COLUMN.items() if each is column)]


@pytest.mark.parametrize("name", ["integer", "day", "year", "yes", "choice", "decimal"])
@given(data=st.data())
def test_what_a_column_says_it_reads(name: str, data: st.DataObject) -> None:
    value = data.draw(by_type(COLUMN[name]))
    assert COLUMN[name].read(COLUMN[name].say(value)) == value
