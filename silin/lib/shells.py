"""In which shell a page stands that residents and staff both have: the beginning of its address says it.

A room lists such a page once for each front: ``me/sessions/`` as ``sessions`` for everybody,
``desk/me/sessions/`` as ``desk_sessions`` and ``w/me/sessions/`` as ``worker_sessions``.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

PREFIXES = {"/desk/": "desk", "/w/": "worker"}


def front_of(request: HttpRequest) -> str:
    """``desk`` or ``worker`` on their pages, else ``resident``."""
    return next((front for prefix, front in PREFIXES.items() if request.path.startswith(prefix)), "resident")


def shell_of(request: HttpRequest) -> str:
    """The template that the page extends."""
    return f"silin/{front_of(request)}.html"


def own_url(request: HttpRequest, name: str, *args: Any) -> str:
    """The address of the page ``room:name`` in the front where the person is.

    Raises ``NoReverseMatch``.
    """
    room, _colon, page = name.partition(":")
    front = front_of(request)
    return reverse(f"{room}:{page}" if front == "resident" else f"{room}:{front}_{page}", args=args)
