"""The territory as staff see it: their own part of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from silin.lib.refusal import NotFound
from silin.places import looking, queries
from silin.places.finding import search

SEE = "places.see"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Staff with ``places.see`` anywhere: their own territory, or what a search finds in it."""
    if not request.user.has_perm(SEE):
        raise NotFound
    tops = looking.tops(request.user, SEE)
    asked = request.GET.get("q", "").strip()
    if asked:
        inside = search(asked, tops[0] if len(tops) == 1 else None)
        hits = [hit for hit in inside if request.user.has_perm(SEE, hit.place)]
        return render(request, "places/desk_found.html", looking.found(asked, hits, "desk"))
    if len(tops) == 1:
        return _show(request, tops[0].code)
    rows = queries.lines(tops)
    return render(request, "places/desk_tops.html", {"rows": rows, **looking.addresses("desk")})


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.see`` on the place; anybody else learns nothing."""
    return _show(request, code)


def _show(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.get_place(code)
    if not request.user.has_perm(SEE, found):
        raise NotFound
    context = looking.at_place(request, found, "desk", lambda each: request.user.has_perm(SEE, each))
    return render(request, "places/desk_place.html", context)
