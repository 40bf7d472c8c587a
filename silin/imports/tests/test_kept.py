"""Of a file that was sent only the table is kept: what hides beside it is in nobody's database."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import openpyxl
import pytest
import xlwt
from django.test import Client
from django.utils import timezone
from odf.dc import Creator
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.comments import Comment

from silin.history.models import Entry
from silin.imports import actions
from silin.imports.models import READ, Batch, BatchState
from silin.imports.tests.files import GRIDS, saved, sent
from silin.imports.tests.test_outlines import outlines
from silin.imports.working import work_off
from silin.lib.keyring import decrypt
from silin.lib.sheets.keeping import unpacked
from silin.lib.tests.test_sheets import saved as saved_by
from silin.people.erasing import erase
from silin.places.models import Place
from tests.town import MONDAY, Town, person

NAME, PHONE = "Ouyang Xiaoping", "19912345678"
SHEET = "/desk/imports/grids/"


def xlsx(row: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for each in (GRIDS, row):
        book.active.append(each)
    book.active["B2"].comment = Comment(f"{NAME} said so", NAME)
    book.active["H9"].comment = Comment(PHONE, "desk")
    for name in ("Sheet2", "hidden"):
        book.create_sheet(name).append([NAME, PHONE])
    book["hidden"].sheet_state = "veryHidden"
    book.properties.creator = book.properties.lastModifiedBy = NAME
    book.properties.description = PHONE
    return saved(book)


def xls(row: list[str]) -> bytes:
    book = xlwt.Workbook()
    book.owner = NAME
    for name, lines in (("grids", [GRIDS, row]), ("hidden", [[NAME, PHONE]])):
        page = book.add_sheet(name)
        for r, cells in enumerate(lines):
            for c, cell in enumerate(cells):
                page.write(r, c, cell)
    page.visibility = 2
    return saved_by(book.save)


def ods(row: list[str]) -> bytes:
    book = OpenDocumentSpreadsheet()
    book.meta.addElement(Creator(text=NAME))
    for name, lines in (("grids", [GRIDS, row]), ("Sheet2", [[NAME, PHONE]])):
        table = Table(name=name)
        for cells in lines:
            line = TableRow()
            for cell in cells:
                box = TableCell(valuetype="string")
                box.addElement(P(text=cell))
                line.addElement(box)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    said = Annotation()
    said.addElement(P(text=PHONE))
    book.spreadsheet.childNodes[0].childNodes[-1].childNodes[0].addElement(said)
    return saved_by(book.write)


def inside(data: bytes) -> str:
    """All that a file says, packed parts unpacked, in any of the ways in which programs write text."""
    parts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [packed.read(name) for name in packed.namelist()]
    ways = ("utf-8", "utf-16-le", "gb18030")
    return "".join(part[odd:].decode(way, "ignore") for part in parts for way in ways for odd in (0, 1))


def kept(batch: Batch) -> str:
    """All that a batch says."""
    text = decrypt(batch.content)
    lines = repr(unpacked(text.removeprefix(READ))) if text.startswith(READ) else inside(batch.data)
    return f"{lines}{batch.shown}{batch.told}"


def names(text: str) -> set[str]:
    return {word for word in (NAME, PHONE) if word in text}


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_what_hides_beside_the_table_is_never_kept(
    zhou: Client, town: Town, write: Callable[[list[str]], bytes]
) -> None:
    data = write([town.community.code, "第三网格", ""])
    assert names(inside(data)) == {NAME, PHONE}
    zhou.post(SHEET, {"place": town.city.code, "file": sent(data)})
    batch = Batch.objects.get()
    assert (batch.state, batch.new) == (BatchState.CHECKED, 1)
    assert "第三网格" in kept(batch)
    assert names(kept(batch)) == set()
    assert zhou.post(f"/desk/imports/batches/{batch.pk}/", {"do": "all"}).status_code == 302
    assert Place.objects.filter(name="第三网格").exists()
    told = Entry.objects.get(action="import_batch").fields
    assert told["sha256"] == batch.sha256 == hashlib.sha256(data).hexdigest()


def test_nor_is_another_layer_of_a_geopackage(zhou: Client, town: Town, tmp_path: Path) -> None:
    outlines(town, "gpkg", tmp_path)
    frame = geopandas.GeoDataFrame({"who": [NAME], "number": [PHONE]}, geometry=[None], crs="EPSG:4490")
    frame.to_file(tmp_path / "grids.gpkg", layer="people", driver="GPKG")
    data = (tmp_path / "grids.gpkg").read_bytes()
    assert names(inside(data)) == {NAME, PHONE}
    zhou.post(SHEET, {"place": town.city.code, "file": sent(data, "网格"), "datum": "CGCS2000"})
    batch = Batch.objects.get()
    assert "第三网格" in kept(batch)
    assert names(kept(batch)) == set()


def test_a_long_file_is_read_when_somebody_is_deleted_before_its_turn(
    zhou: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LONG", 300)
    for data in (xlsx([town.community.code, "第三网格", ""]), b"\xd0\xcf\x11\xe0" + PHONE.encode() * 99):
        zhou.post(SHEET, {"place": town.city.code, "file": sent(data)})
        assert names(kept(Batch.objects.latest("pk")))
    erase(person(NAME, phone=PHONE), now=timezone.now())
    read, broken = Batch.objects.order_by("pk")
    assert (read.state, names(kept(read))) == (BatchState.WAITING, set())
    assert (broken.state, broken.content) == (BatchState.REFUSED, "")
    assert "读不" in zhou.get(f"/desk/imports/batches/{broken.pk}/").content.decode()
    work_off(MONDAY)
    read.refresh_from_db()
    assert (read.state, read.new, names(kept(read))) == (BatchState.CHECKED, 1, set())
