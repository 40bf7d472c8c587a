"""Every refusal in the one shape: ``{"error": {"code", "message", "field"}}``."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from silin.accounts.clients import MINUTE
from silin.accounts.limits import opens_in
from silin.lib.programs import refusal_of
from silin.lib.refusal import NotFound, Refused, Words

TOO_MANY = 429
SAID: dict[str, tuple[str, Words]] = {
    "missing": ("missing", _("This is missing.")),
    "extra_forbidden": ("unknown_field", _("Nothing of that name is known here.")),
    "string_too_long": ("too_long", _("That is too long.")),
    "too_long": ("too_many", _("Those are too many.")),
    "literal_error": ("bad_value", _("That is none of those that are known.")),
    "timezone_aware": ("bad_value", _("A moment needs its offset, as +08:00.")),
}
WRONG = ("bad_value", _("That is not of the kind that is expected here."))
SOURCES = ("body", "query", "path", "header", "form", "file")


def answer_all(api: NinjaAPI) -> None:
    """Tell ``api`` how each sort of refusal is said."""

    def say(request: HttpRequest, refusal: Any) -> HttpResponse:
        answer = api.create_response(request, refusal.as_json(), status=refusal.status)
        if refusal.status == TOO_MANY:
            answer["Retry-After"] = str(opens_in(MINUTE, timezone.now()))
        if refusal.status == 401:
            answer["WWW-Authenticate"] = "Bearer"
        return answer

    api.add_exception_handler(Refused, say)
    api.add_exception_handler(Http404, lambda request, _error: say(request, NotFound()))
    api.add_exception_handler(HttpError, lambda request, error: say(request, _other(error)))
    api.add_exception_handler(ValidationError, lambda request, error: say(request, _invalid(request, error)))
    api.add_exception_handler(RequestDataTooBig, lambda request, _error: say(request, refusal_of(413)))
    api.add_exception_handler(RawPostDataException, lambda request, _error: say(request, refusal_of(415)))
    api.add_exception_handler(UnreadablePostError, lambda request, _error: say(request, refusal_of(400)))


def _other(error: Any) -> Refused:
    """What ``ninja`` refuses itself: why a body could not be read was said by our own parser."""
    why = error.__context__
    return why if isinstance(why, Refused) else refusal_of(int(error.status_code))


def _invalid(request: HttpRequest, error: Any) -> Refused:
    """The first thing that is wrong, at its field."""
    first = error.errors[0]
    parts = [str(part) for part in first["loc"]]
    if parts[:1] == ["file"] and request.content_type != "multipart/form-data":
        return refusal_of(415)
    inside = parts[2:] if parts[0] == "body" else parts[1:]
    code, words = SAID.get(first["type"], WRONG)
    return Refused(code, words, field=".".join(inside), status=422)
