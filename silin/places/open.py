"""The territory as everybody sees it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from silin.lib.paging import page_by_key
from silin.places import looking, queries
from silin.places.facilities import ORDER, facilities_of, kinds_of, listed
from silin.places.finding import search

SIZE = 30
ON_MAP = 300  # facilities whose points are drawn


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


@require_safe
def facilities(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone: the facilities of a place, by kind, each with its telephone and whether it is open now."""
    found, now = queries.get_place(code), timezone.now()
    rows, kind = facilities_of(found, now), request.GET.get("kind", "")
    kinds = kinds_of(rows)
    page = page_by_key(rows.filter(kind=kind) if kind else rows, ORDER, request.GET.get("after", ""), SIZE)
    context = {
        "place": found,
        "crumb": [(found.short_name, reverse("places:open_place", args=[code])), (_("Facilities"), "")],
        "kinds": kinds,
        "kind": kind,
        "page": page,
        "lines": listed(page.rows, now),
    }
    return render(request, "places/open_facilities.html", context)


@require_safe
def facility_shapes(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone: the outline of a place and the points of its facilities with their names, as GeoJSON."""
    found, kind = queries.get_place(code), request.GET.get("kind", "")
    rows = facilities_of(found, timezone.now()).exclude(lon=None).order_by(*ORDER)
    shown = (rows.filter(kind=kind) if kind else rows)[:ON_MAP]
    shapes = queries.outlines(found)
    shapes["features"] += [queries.spot(row.lon, row.lat, label=row.name) for row in shown]
    answer = JsonResponse(
        shapes, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False}
    )
    patch_cache_control(answer, no_cache=True)
    return answer


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
