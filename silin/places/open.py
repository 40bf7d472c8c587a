"""The territory as everybody sees it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from silin.places import looking, queries
from silin.places.finding import search


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Everyone: the whole territory, or what a search by name finds in it."""
    asked = request.GET.get("q", "").strip()
    if asked:
        return render(request, "places/open_found.html", looking.found(asked, search(asked), "open"))
    root = queries.root()
    if root is None:
        return render(request, "places/open_empty.html")
    return render(request, "places/open_place.html", looking.at_place(request, root, "open"))


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone: one place."""
    found = queries.get_place(code)
    return render(request, "places/open_place.html", looking.at_place(request, found, "open"))


def _shapes_etag(request: HttpRequest, code: str) -> str:
    return f'"{queries.shapes_version()}-{get_language()}"'


@require_safe
@condition(etag_func=_shapes_etag)
def shapes(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone: the outlines of what lies in a place, as GeoJSON (RFC 7946; CGCS2000 degrees)."""
    found = queries.outlines(queries.get_place(code), buildings=True)
    answer = JsonResponse(
        found, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False}
    )
    patch_cache_control(answer, no_cache=True)
    return answer
