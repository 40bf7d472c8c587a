"""Files as clerks send them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

GRIDS = ["社区代码", "网格名称", "网格编号"]


def xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """A spreadsheet of Excel's."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    return saved(book)


def saved(book: Any) -> bytes:
    """A workbook as it lies on a disk."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(data: bytes) -> Any:
    """Our own file, as another program reads it."""
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def sent(data: bytes, name: str = "网格.xlsx") -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, data)
