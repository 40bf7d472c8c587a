"""The register on a worker's phone: the homes of their own grid, nobody else's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.lib.paging import page_by_key
from silin.people import caring, queries, register_pages
from silin.people.doors import for_posts, viewer
from silin.people.register_pages import SEE

SIZE = 20
ORDER = ("estate", "building_id", "entrance", "id")


@for_posts(SEE)
@require_safe
def households(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``households.see``: the homes of their own territory."""
    place = queries.places_where(viewer(request), SEE, timezone.now())[0]
    q, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = register_pages.narrowed(place, q, state)
    if mine := request.GET.get("mine", ""):
        rows = rows.filter(caring.cared_homes(viewer(request), timezone.now()))
    rows = rows.annotate(estate=F("building__estate__name"))
    page = page_by_key(rows, ORDER, request.GET.get("after", ""), SIZE)
    shown = [(row, row.covered_door) for row in page.rows]
    context = {"place": place, "page": page, "rows": shown, "q": q, "state": state, "mine": mine}
    return render(request, "people/register/worker_households.html", context)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: HttpRequest, household: UUID) -> HttpResponseBase:
    """Staff with ``households.see`` over the home: who lives there. Every opening is written down."""
    user, now = viewer(request), timezone.now()
    found, template = register_pages.fetch(user, household), "people/register/worker_household.html"
    if request.method == "POST":
        there = reverse("people:worker_household", args=[found.pk])
        return register_pages.act(request, found, user, now, template, there)
    return register_pages.page(request, found, user, now, template)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, household: UUID, entry: UUID) -> HttpResponseBase:
    """Staff with ``households.see`` over the home: one number, for a purpose, written down."""
    found = register_pages.fetch(viewer(request), household)
    about = register_pages.member(found, str(entry))
    back = reverse("people:worker_household", args=[found.pk])
    right = (SEE, found)
    return register_pages.number(request, about, right, timezone.now(), back=back, shell="silin/worker.html")
