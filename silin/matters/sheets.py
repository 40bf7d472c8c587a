"""Lists as spreadsheets: CSV that every office program opens, sent while it is made."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

MARK = "\ufeff"  # tells office programs that this is UTF-8
COMMANDS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """Where the writer puts a line: it hands it straight on."""

    def write(self, line: str) -> str:
        return line


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """``rows`` under ``heads`` as the file ``name``.csv, sent row by row, never whole in memory."""
    answer = StreamingHttpResponse(_lines(heads, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = str(content_disposition_header(True, f"{name}.csv"))
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def harmless(value: object) -> str:
    """The text of a cell; what a spreadsheet would run as a formula is kept from being one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(COMMANDS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isascii() and text[1:].replace(".", "", 1).isdigit()


def _lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield MARK + writer.writerow([harmless(head) for head in heads])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])
