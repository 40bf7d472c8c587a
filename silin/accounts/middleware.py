"""What is done around every request of somebody who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from silin.accounts import sessions

Answer = Callable[[HttpRequest], HttpResponseBase]


class SessionNoteMiddleware:
    """Keeps the list of a person's sessions up to date."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """After the page; a visitor without a session costs nothing."""
        response = self.get_response(request)
        if response.status_code < 500:
            sessions.note(request, timezone.now())
        return response
