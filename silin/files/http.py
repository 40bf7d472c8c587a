"""Answering a request with a kept file, once the room that attached it has decided that it may be seen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from silin.files.models import File
from silin.lib.refusal import NotFound

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
    response = HttpResponse(path.read_bytes(), content_type=file.mime)
    if not file.is_image:
        response["Content-Disposition"] = f'attachment; filename="{file.sha256[:12]}.pdf"'
    return _labelled(response, etag)


def _labelled(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = CACHING
    response["X-Content-Type-Options"] = "nosniff"
    return response
