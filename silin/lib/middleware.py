"""The last net under every view: a refusal becomes an answer in the user's words."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from silin.lib.http import wants_json
from silin.lib.refusal import NotAllowed, NotFound, Refused

View = Callable[[HttpRequest], HttpResponseBase]


class RefusalMiddleware:
    """Answers ``Refused`` as JSON or as ``silin/refused.html``; Django's own refusals as JSON when asked."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        unknown_address = response.status_code == 404 and request.resolver_match is None
        return as_json(NotFound()) if unknown_address and wants_json(request) else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to what a view raised; None leaves it to Django."""
        if isinstance(exception, Refused):
            return as_json(exception) if wants_json(request) else _as_page(request, exception)
        if isinstance(exception, Http404) and wants_json(request):
            return as_json(NotFound())
        if isinstance(exception, PermissionDenied) and wants_json(request):
            return as_json(NotAllowed())
        return None


def as_json(refusal: Refused) -> JsonResponse:
    """The refusal as programs read it."""
    return JsonResponse(refusal.as_json(), status=refusal.status)


def _as_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    context = {"refusal": refusal, "status": refusal.status}
    return render(request, "silin/refused.html", context, status=refusal.status)
