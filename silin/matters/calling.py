"""Calling whoever raised a matter: their number is shown once, for a purpose, and that is written down."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from silin.lib.refusal import NotFound
from silin.matters.opening import NAME, fetch
from silin.matters.table import may_read_name
from silin.people import queries as people
from silin.people import register_pages
from silin.people.doors import for_posts, viewer

pages = require_http_methods(["GET", "HEAD", "POST"])


@for_posts("matters.handle")
@pages
def from_phone(request: HttpRequest, number: str) -> HttpResponseBase:
    """Staff with ``matters.handle`` and ``matters.name``: the raiser's number, for a purpose."""
    return _number(request, number, reverse("matters:worker_task", args=[number]), "silin/worker.html")


@for_posts("matters.triage")
@pages
def from_desk(request: HttpRequest, number: str) -> HttpResponseBase:
    """Staff with ``matters.triage`` and ``matters.name``: the raiser's number, for a purpose."""
    return _number(request, number, reverse("matters:desk_matter", args=[number]), "silin/desk.html")


def _number(request: HttpRequest, number: str, back: str, shell: str) -> HttpResponseBase:
    user, now = viewer(request), timezone.now()
    matter = fetch(user, number)
    if matter.raiser is None or not matter.raiser.phone or not may_read_name(matter, user):
        raise NotFound
    named = people.covers(user, NAME, matter.placed_path, now)
    right = (NAME, matter)
    return register_pages.number(request, matter.raiser, right, now, back=back, shell=shell, named=named)
