"""What kind of answer a request wants."""

from __future__ import annotations

from django.http import HttpRequest


def wants_json(request: HttpRequest) -> bool:
    """Whether the request's ``Accept`` prefers ``application/json`` to a page (no preference is a page)."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
