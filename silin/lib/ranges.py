"""A large file in pieces: one range of bytes a request (RFC 9110), as readers of PMTiles ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
PIECE = 64 * 1024


def in_ranges(request: HttpRequest, path: Path, *, content_type: str) -> HttpResponseBase:
    """The file, or the one range of it that was asked for. Several ranges at once are answered by the whole.

    The ETag changes with the file, and a range of an older one (``If-Range``) is answered by the whole.
    """
    known = path.stat()
    etag = f'"{known.st_mtime_ns:x}-{known.st_size:x}"'
    asked = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        asked = ""
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(known.st_mtime),
        "Cache-Control": "public, max-age=3600",
        "Content-Type": content_type,
    }
    found = RANGE.fullmatch(asked)
    if not found or found.groups() == ("", ""):
        return _bytes(path, 0, known.st_size, 200, headers)
    start, end = _bounds(found[1], found[2], known.st_size)
    if start >= end:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{known.st_size}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{known.st_size}"
    return _bytes(path, start, end, 206, headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """From where to where, the end not included; nothing where the range lies outside."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _bytes(path: Path, start: int, end: int, status: int, headers: dict[str, str]) -> HttpResponseBase:
    response = StreamingHttpResponse(_pieces(path.open("rb"), start, end), status=status, headers=headers)
    response["Content-Length"] = str(end - start)
    return response


def _pieces(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
