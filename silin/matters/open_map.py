"""What desks have released as GeoJSON, for maps and programs of others: page by page, at the same cost."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from silin.lib.datum import Datum
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.matters.models import OPEN, Matter, MatterQuerySet
from silin.matters.open import covered
from silin.matters.released import Box, inside, point_of
from silin.places.levels import Level
from silin.places.queries import get_place

PAGE = 500


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """Everyone: what desks have released, the newest first, in a community (``at``) or in a box (``bbox``).

    Each is a point of WGS 84, never nearer than its building or the middle of its grid. ``next`` goes on.
    """
    rows = _asked_for(request).select_related("category", "terms", "place__parent", "building__estate")
    page = page_by_key(rows, ("-raised_at",), request.GET.get("after", ""), PAGE)
    told: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [_feature(request, row) for row in page.rows],
    }
    if page.next:
        query = urlencode(request.GET.dict() | {"after": page.next})
        told["next"] = f"{request.build_absolute_uri(request.path)}?{query}"
    answer = JsonResponse(
        told, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False}
    )
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _asked_for(request: HttpRequest) -> MatterQuerySet:
    rows = Matter.objects.public()
    if code := request.GET.get("at", ""):
        community = get_place(code)
        if community.level != Level.COMMUNITY:
            raise NotFound
        rows = rows.filter(unit=community.unit)
    if text := request.GET.get("bbox", ""):
        rows = inside(rows, read_box(text))
    return rows


def read_box(text: str) -> Box:
    """West, south, east and north. Raises ``Refused`` (``bad_box``)."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        message = _("A box is west, south, east, north in degrees, like 107.1,34.3,107.2,34.4.")
        raise Refused("bad_box", message, field="bbox")
    return west, south, east, north


def _feature(request: HttpRequest, matter: Matter) -> dict[str, Any]:
    point = point_of(matter, Datum.WGS84)
    link = reverse("matters:open_matter", args=[matter.number])
    return {
        "type": "Feature",
        "id": matter.number,
        "geometry": {"type": "Point", "coordinates": list(point)} if point else None,
        "properties": {
            "number": matter.number,
            "title": covered(matter.title),
            "category": matter.category_id,
            "category_name": str(matter.filed_as),
            "status": "open" if matter.state in OPEN else "closed",
            "state": str(matter.get_state_display()),
            "outcome": str(matter.get_outcome_display()) or None,
            "raised_at": localtime(matter.raised_at).isoformat(timespec="seconds"),
            "closed_at": localtime(matter.closed_at).isoformat(timespec="seconds")
            if matter.closed_at
            else None,
            "url": request.build_absolute_uri(link),
        },
    }
