"""What stands round every call of GeoReport v2: the form that was asked for, errors by the spec."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from silin.accounts import clients
from silin.accounts.models import Client
from silin.fronts.open.open311.writing import JSON, TYPES, XML, write
from silin.lib.breaking import BROKEN, OUT_OF_REACH
from silin.lib.refusal import NotFound, Refused
from silin.lib.unavailable import RETRY_AFTER

logger = logging.getLogger(__name__)
Said = tuple[str, Any]
"""The outermost element of an answer, and what stands in it."""

View = Callable[..., Said | HttpResponse]
KEPT = ("409", "413", "429")
"""Statuses that the body tells although the spec has no such answer: its ``code`` may be finer."""

AS_THEY_ARE = (403, 404, 405, 500, 503)
PREFIX = "/open311/"
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


class Faults(Exception):
    """Several things are wrong with one call; all of them are named."""

    def __init__(self, refused: list[Refused]) -> None:
        super().__init__([each.code for each in refused])
        self.refused = refused


def door(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view that gives ``Said`` a call of GeoReport v2: ``form`` is the end of its address.

    No cookie and no session counts here, so there is nothing that a forged form could use.
    """

    def made(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def opened(request: HttpRequest, form: str, **parts: Any) -> HttpResponse:
            if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
                answer = refusing(form, [Refused("405", _("There is no such call."), status=405)])
                answer["Allow"] = ", ".join(methods)
                return answer
            try:
                said = view(request, **parts)
            except Exception as error:
                return _refused(form, error)
            return said if isinstance(said, HttpResponse) else answering(form, *said)

        return opened

    return made


def answering(form: str, root: str, value: Any, status: int = 200) -> HttpResponse:
    """An answer that pages of other hosts may read: nothing in it depends on who is signed in."""
    answer = HttpResponse(write(form, root, value), content_type=TYPES[form], status=status)
    for name, value in OPEN_TO_ALL.items():
        answer[name] = value
    return answer


def refusing(form: str, refused: list[Refused]) -> HttpResponse:
    """Every refusal in the form that was asked for; the first one decides about the status."""
    first = refused[0]
    status = 403 if first.status == 401 else first.status if first.status in AS_THEY_ARE else 400
    rows = [{"code": _code(each, status), "description": str(each.message)} for each in refused]
    answer = answering(form, "errors", rows, status)
    if status == OUT_OF_REACH.status:
        answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def form_of(path: str) -> str:
    """The form that an address asks for, XML where it asks for none."""
    return JSON if path.endswith(f".{JSON}") else XML


def visiting(request: HttpRequest) -> Client | None:
    """The system whose ``api_key`` came along, if one did. Raises ``Refused`` for a wrong one (403)."""
    key = request.GET.get("api_key", "").strip()
    return _counted(key) if key else None


def client_of(request: HttpRequest, scope: str) -> Client:
    """The system whose ``api_key`` was sent, where it goes as far as ``scope``. Raises ``Refused`` (403)."""
    key = request.POST.get("api_key", "") or request.GET.get("api_key", "")
    client = _counted(key.strip())
    clients.check_scope(client, scope)
    return client


def _counted(key: str) -> Client:
    now = timezone.now()
    client = clients.find_client(key, now)
    clients.count_call(client, now)
    return client


def _code(refusal: Refused, status: int) -> str:
    """The number by which a program knows it: finer than the status where we know better."""
    return str(refusal.status) if str(refusal.status) in KEPT else str(status)


def _refused(form: str, error: Exception) -> HttpResponse:
    if isinstance(error, Faults):
        return refusing(form, error.refused)
    if isinstance(error, Http404):
        return refusing(form, [NotFound()])
    if isinstance(error, Refused):
        return refusing(form, [error])
    if isinstance(error, SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return refusing(form, [Refused("bad_form", _("What was sent cannot be read."))])
    if isinstance(error, OperationalError | InterfaceError):
        return refusing(form, [OUT_OF_REACH])
    logger.exception("a call of Open311 broke")
    return refusing(form, [BROKEN])
