"""In which shell a page stands that residents and staff both have: the beginning of its address says it.

A room lists such a page once for each front: ``me/sessions/`` as ``sessions`` for everybody,
``desk/me/sessions/`` as ``desk_sessions`` and ``w/me/sessions/`` as ``worker_sessions``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.module_loading import import_string

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

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


def in_own_front(view: View[P]) -> View[P]:
    """A page of everybody's account: whoever works is led to the same page in the shell of their post.

    ``settings.FRONT_OF_POST`` names the function (user) that says where somebody works (empty: a resident).
    """

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        match = request.resolver_match
        if request.method != "GET" or match is None or front_of(request) != "resident":
            return view(request, *args, **kwargs)
        ask: Callable[[object], str] = import_string(settings.FRONT_OF_POST)
        if not (front := ask(request.user)):
            return view(request, *args, **kwargs)
        there = reverse(f"{match.app_name or match.namespace}:{front}_{match.url_name}", kwargs=match.kwargs)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{there}?{query}" if query else there)

    return shown
