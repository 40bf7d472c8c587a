"""Files that unpack to far more than they are, or than they say, are refused before they fill the memory."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from django.utils import timezone

from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import GRIDS, sent, xlsx
from silin.imports.working import work_off
from silin.lib.sheets.reading import weight
from tests.town import Town, build
from tests.visitors import client_of

SHEET = "/desk/imports/grids/"
STRINGS = "xl/sharedStrings.xml"
HEAD = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
BLANKS = b" " * 1024 * 1024


READING = """
import resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from silin.lib.sheets.reading import Refused, read_table
def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
data, before = open(sys.argv[1], "rb").read(), most()
try:
    read_table(data)
except Refused:
    print(most() - before)
"""
"""A program that says how many megabytes it took to refuse a file."""


@pytest.fixture
def town(db: None) -> Town:
    return build()


def swollen(town: Town, megabytes: int) -> bytes:
    """A grid as a spreadsheet; beside it lies a text of nothing but blanks, so many megabytes."""
    out, row = io.BytesIO(), [town.community.code, "第三网格", ""]
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([GRIDS, row]))) as honest,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for each in honest.infolist():
            packed.writestr(each.filename, honest.read(each))
        with packed.open(STRINGS, "w") as part:
            part.write(HEAD)
            for _ in range(megabytes):
                part.write(BLANKS)
            part.write(b"</t></si></sst>")
    return out.getvalue()


def lying(data: bytes, said: int = 1000) -> bytes:
    """``data``, which now says that its texts are ``said`` bytes long and gives the checksum of these."""
    forged = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open(STRINGS) as part:
        crc, begin = zlib.crc32(part.read(said)), packed.getinfo(STRINGS).header_offset
    central = data.rindex(STRINGS.encode()) - 46
    for at, checksum, size in ((begin, 14, 22), (central, 16, 24)):
        struct.pack_into("<I", forged, at + checksum, crc)
        struct.pack_into("<I", forged, at + size, said)
    return bytes(forged)


def read(town: Town, data: bytes) -> Batch:
    """What becomes of a file that Zhou sends: the jobs loop reads it, since it is long inside."""
    answer = client_of(town.zhou).post(SHEET, {"place": town.city.code, "file": sent(data)})
    assert answer.status_code == 302
    work_off(timezone.now())
    return Batch.objects.latest("pk")


def test_what_unpacks_to_too_much_is_refused(town: Town) -> None:
    batch = read(town, swollen(town, 201))
    assert (batch.state, "大得不像表格" in batch.told) == (BatchState.REFUSED, True)


def test_what_lies_about_how_long_it_is_is_not_believed(town: Town, tmp_path: Path) -> None:
    """A reader that unpacked to the end, whatever was said, would need a thousand times the file's length."""
    assert read(town, swollen(town, 20)).state == BatchState.CHECKED, "honest, and small enough"
    bomb = lying(swollen(town, 300))
    assert weight(bomb) < 100_000
    answer = client_of(town.zhou).post(SHEET, {"place": town.city.code, "file": sent(bomb)})
    assert answer.status_code == 400
    assert Batch.objects.count() == 1
    (tmp_path / "bomb.xlsx").write_bytes(bomb)
    words = [sys.executable, "-c", READING, str(tmp_path / "bomb.xlsx")]
    needed = int(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    assert needed < 100, "megabytes, to look at a file that unpacks to 300"
