"""The same line through the front door, whatever program wrote it, and however a clerk wrote it down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from django.test import Client
from openpyxl.styles import PatternFill

from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import saved, sent
from silin.imports.working import work_off
from silin.lib.tests.test_sheets import comma, ods, xls, xlsx
from tests.town import MONDAY, Town

HEADS = ["社区代码", "小区名称", "楼号", "网格编号", "单元数", "层数"]
Rows = Sequence[Sequence[Any]]
PROGRAMS: dict[str, Callable[[Rows], bytes]] = {
    "楼栋.xlsx": xlsx,
    "楼栋.xls": xls,
    "楼栋.et": xls,
    "楼栋.ods": ods,
    "楼栋.csv": comma,
    "楼栋-BOM.csv": lambda rows: comma(rows, "utf-8-sig"),
    "楼栋-GB18030.csv": lambda rows: comma(rows, "gb18030"),
    "楼栋.txt": lambda rows: comma(rows, "utf-16", "\t"),
}


def checked(client: Client, town: Town, data: bytes, name: str) -> Batch:
    """Send it; a long one is worked off."""
    fields = {"place": town.city.code, "file": sent(data, name)}
    assert client.post("/desk/imports/buildings/", fields).status_code == 302, name
    work_off(MONDAY)
    return Batch.objects.latest("pk")


def test_every_program_says_the_same(zhou: Client, town: Town) -> None:
    wide = town.community.code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    rows = [HEADS, [wide, "柳巷家园", "11", town.grid.code, "３个", "6.0"]]
    for name, write in PROGRAMS.items():
        batch = checked(zhou, town, write(rows), name)
        assert (batch.new, batch.bad) == (1, 0), (name, batch.shown)
        cells = {cell["title"]: cell["new"] for cell in batch.shown["changes"][0]["cells"]}
        assert (cells["楼号"], cells["单元数"], cells["层数"]) == ("11", "3", "6"), name


def test_sixty_thousand_blank_lines_below_and_merged_cells_beside(zhou: Client, town: Town) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["柳巷社区楼栋统计表"])
    page.append(HEADS)
    page.append([int(town.community.code), "柳巷家园", 11, town.grid.code, 3, 6])
    page.append([None, None, 12, town.grid.code, 3, 6])
    page.merge_cells("A3:A4")
    page.merge_cells("B3:B4")
    for number in range(5, 60_005):
        page.cell(number, 1).fill = PatternFill("solid", fgColor="FFFFFF")
    batch = checked(zhou, town, saved(book), "楼栋.xlsx")
    assert (batch.state, batch.new, batch.bad) == (BatchState.CHECKED, 2, 0), batch.shown
    assert "合并单元格" in batch.shown["notes"][0]


def test_long_numbers_that_lost_their_digits_are_said_at_the_cell(zhou: Client, town: Town) -> None:
    row = [town.community.code, "柳巷家园", "11", float(town.grid.code), 3, 6]
    batch = checked(zhou, town, xlsx([HEADS, row]), "楼栋.xlsx")
    [told] = batch.shown["problems"]
    assert told["title"] == "网格编号"
    assert "四舍五入" in told["words"]
