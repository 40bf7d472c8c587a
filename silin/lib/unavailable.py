"""What everybody is told while nothing can be carried out, and how what they sent is kept.

Asks no database.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation

from silin.lib.http import wants_json
from silin.lib.middleware import as_json
from silin.lib.reading import COOKIE
from silin.lib.refusal import Refused, Words

RETRY_AFTER = 30
UNSENT = ("password", "secret")
"""What is typed anew rather than written into a page."""


class Unavailable(Refused):
    """The same request is carried out a few minutes later; ``happened`` is the heading of the page."""

    def __init__(self, code: str, happened: Words, message: Words) -> None:
        super().__init__(code, message, status=503)
        self.happened = happened


def answer(request: HttpRequest, why: Unavailable) -> HttpResponse:
    """``why``, as programs read it, or as a page that has what was sent and sends it again."""
    said = as_json(why) if wants_json(request) else _page(request, why)
    said["Retry-After"] = str(RETRY_AFTER)
    said["Cache-Control"] = "no-store"
    return said


def _page(request: HttpRequest, why: Unavailable) -> HttpResponse:
    """In Chinese and English at once: who asks is not known yet."""
    fields = _to_send_again(request)
    context = {
        "happened": why.happened,
        "large_type": request.COOKIES.get(COOKIE) == "1",
        "asks_only": request.method in ("GET", "HEAD"),
        "there": request.get_full_path(),
        "fields": fields,
        "words": [value for _name, value in fields if not value.isascii()],
    }
    with translation.override("zh-hans"):
        return HttpResponse(loader.get_template("silin/unavailable.html").render(context), status=503)


def _to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, with its key against forgery; nothing where files or a password were with it."""
    if request.FILES or any(word in name for name in request.POST for word in UNSENT):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]
