"""Doors for programs: no cookie is read there, and whatever is refused is said as JSON in one shape."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from silin.lib.middleware import as_json
from silin.lib.refusal import NotFound, Refused, Words

Answer = Callable[[HttpRequest], HttpResponseBase]
JSON = "application/json"
KEPT_HEADERS = ("Allow", "Retry-After")
SAID: dict[int, tuple[str, Words]] = {
    400: ("bad_request", _("That could not be read.")),
    403: ("not_allowed", _("This is not yours to do.")),
    405: ("bad_method", _("That method is not known at this address.")),
    413: ("too_big", _("That is larger than what is taken here.")),
    415: ("bad_type", _("That type of content is not taken here.")),
    500: ("broken", _("Something broke on our side. Nothing was changed.")),
}


class ProgramsMiddleware:
    """Lets addresses in ``settings.PROGRAM_DOORS`` know no session, and speak nothing but JSON of errors."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; one that is a page of an error, from wherever it comes, becomes JSON."""
        if not request.path_info.startswith(settings.PROGRAM_DOORS):
            return self.get_response(request)
        request.COOKIES = {}
        request.META.pop("HTTP_COOKIE", None)
        request.META["HTTP_ACCEPT"] = JSON
        response = self.get_response(request)
        if response.status_code < 400 or response.get("Content-Type", "").startswith(JSON):
            return response
        said = as_json(refusal_of(response.status_code))
        for name in KEPT_HEADERS:
            if name in response:
                said[name] = response[name]
        return said


def refusal_of(status: int) -> Refused:
    """What is said where nothing more is known than the status."""
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(_("There is nothing at this address."))
    code, words = SAID.get(status, SAID[400 if status < 500 else 500])
    return Refused(code, words, status=status)
