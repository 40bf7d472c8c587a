"""Answering a request with a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from silin.lib.refusal import NotFound
from silin.lib.sheets.writing import csv_lines, table

FORMS = ("xlsx", "csv")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


Answer = TypeVar("Answer", bound=HttpResponseBase)


def list_answer(
    form: str, name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """A list to read and to print as the file ``name``, in one of ``FORMS``. Raises ``NotFound`` else."""
    if form == "csv":
        return csv_answer(name, heads, rows)
    if form == "xlsx":
        return xlsx_answer(name, table(title, heads, rows))
    raise NotFound


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """``rows`` under ``heads`` as the file ``name``.csv, sent row by row, never whole in memory."""
    return lines_answer(name, csv_lines(heads, rows))


def lines_answer(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    """Lines of CSV as the file ``name``.csv."""
    return _named(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), f"{name}.csv")


def xlsx_answer(name: str, data: bytes) -> HttpResponse:
    """``data`` as the file ``name``.xlsx, kept by nobody on the way."""
    return _named(HttpResponse(data, content_type=XLSX), f"{name}.xlsx")


def _named(answer: Answer, name: str) -> Answer:
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
