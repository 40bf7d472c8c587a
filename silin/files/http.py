"""Answering a request with a kept file, once the room that attached it has decided that it may be seen."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from silin.files.models import File
from silin.lib.refusal import NotFound

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
CACHING = "private, max-age=86400, immutable"


def answer(file: File, thumb: bool = False, *, request: HttpRequest | None = None) -> HttpResponse:
    """The bytes of ``file`` (or its small picture): never sniffed, cached only by this person's browser.

    With ``request`` a browser that has them already gets 304. A document is offered for download, so that
    nothing in it runs under our address. Raises ``NotFound`` for the small picture of a document and when the
    bytes are gone.
    """
    path = file.path(thumb=thumb)
    etag = f'"{path.name}"'
    if request is not None and request.headers.get("If-None-Match"):
        fresh = get_conditional_response(request, etag=etag)
        if fresh is not None and fresh.status_code == 304:
            return _labelled(HttpResponse(status=304), etag)
    if not path.exists():
        raise NotFound
    data, wanted = path.read_bytes(), _part(request, file.size) if file.is_sound else None
    response = HttpResponse(data[slice(*wanted)] if wanted else data, content_type=file.mime)
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {wanted[0]}-{wanted[1] - 1}/{file.size}"
    if file.is_sound:
        response["Accept-Ranges"] = "bytes"
    elif not file.is_image:
        response["Content-Disposition"] = f'attachment; filename="{file.sha256[:12]}.pdf"'
    return _labelled(response, etag)


def _part(request: HttpRequest | None, size: int) -> tuple[int, int] | None:
    """The first and the last-but-one byte that a player asks for; None where it wants everything.

    Safari plays nothing from a server that does not answer a range of bytes.
    """
    found = RANGE.fullmatch(request.headers.get("Range", "")) if request is not None else None
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or size - 1)
    return (first, min(last, size - 1) + 1) if first <= last and first < size else None


def _labelled(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = CACHING
    response["X-Content-Type-Options"] = "nosniff"
    return response
