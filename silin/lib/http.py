"""What kind of answer a request wants, and where it leads afterwards."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def wants_json(request: HttpRequest) -> bool:
    """Whether the request's ``Accept`` prefers ``application/json`` to a page (no preference is a page)."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def own_address(request: HttpRequest, there: str) -> str:
    """``there``, where it is an address of our own; else empty: nobody is led to a stranger's page."""
    ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if ours else ""
