"""What the pages of this room share, whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_backends
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext

from silin.accounts.models import User
from silin.places import queries
from silin.places.areas import acting_county, areas_in
from silin.places.facilities import near
from silin.places.finding import Hit
from silin.places.levels import Level
from silin.places.models import AreaMember, GridParty, OldNet, Place

MARK = "CODE"


def addresses(front: str) -> dict[str, str]:
    """The names of this room's pages on a front, for ``{% url %}``, and the address behind a drawn shape."""
    of_place = f"places:{front}_place"
    template = reverse(of_place, args=[MARK]).replace(MARK, "{code}")
    return {
        "list_url": f"places:{front}",
        "place_url": of_place,
        "link_template": template,
        "facilities_url": f"places:{front}_facilities",
    }


def at_place(
    request: HttpRequest, place: Place, front: str, may_see: Callable[[Place], bool] = lambda place: True
) -> dict[str, Any]:
    """The context of a page about ``place``; the crumb begins with what ``may_see`` allows.

    Raises ``Refused`` (``bad_page``).
    """
    page = queries.place_page(place, request.GET.get("after", ""))
    names = addresses(front)
    now = timezone.now()
    acting = acting_county(place, localdate(now))
    above = _above(page.above, acting, names, may_see)
    return {
        "page": page,
        "place": place,
        "crumb": [*above, {"label": place.short_name}] if above else [],
        "next": turn(page.next),
        "previous": turn(page.previous),
        "acting": acting,
        "official": next((each for each in page.above if each.level == Level.COUNTY), None),
        **_overlays(place, now),
        **names,
    }


def _above(
    places: list[Place], acting: AreaMember | None, names: dict[str, str], may_see: Callable[[Place], bool]
) -> list[dict[str, str]]:
    """The way down to a place; after its county the area that acts as one."""
    line: list[dict[str, str]] = []
    for each in places:
        if may_see(each):
            line.append({"label": each.short_name, "url": _url(names, each)})
        if acting and each.level == Level.COUNTY:
            line.append({"label": gettext("%(area)s (acts as county)") % {"area": acting.area}, "url": ""})
    return line


def _overlays(place: Place, now: datetime) -> dict[str, Any]:
    """What lies over and in a place besides the divisions. One to four statements, by its level."""
    if Level(place.level).depth <= Level.STREET.depth:
        return {"areas": areas_in(place, localdate(now))}
    carried: dict[str, Any] = {}
    if place.level == Level.GRID:
        carried = {
            "party": GridParty.objects.filter(grid=place, valid_until=None).first(),
            "nets": OldNet.objects.filter(grid=place, valid_until=None)
            .select_related("kind", "came_from")
            .order_by("kind__serial", "name"),
        }
    return {"near": near(place, now), **carried}


def found(asked: str, hits: list[Hit], front: str) -> dict[str, Any]:
    """The context of a page that says what a search found."""
    names = addresses(front)
    start = {"label": gettext("The territory"), "url": reverse(names["list_url"])}
    return {"asked": asked, "hits": hits, "crumb": [start, {"label": gettext("Search")}], **names}


def _url(names: dict[str, str], place: Place) -> str:
    return reverse(names["place_url"], args=[place.code])


def turn(after: str) -> str:
    """The address of another page of a list."""
    return f"?{urlencode({'after': after})}#inside" if after else ""


def tops(user: User | AnonymousUser, capability: str) -> list[Place]:
    """The topmost places over which ``user`` has ``capability``; one statement.

    This room does not know where rights come from: whoever answers ``has_perm`` says over which paths.
    """
    paths = [
        path
        for backend in get_backends()
        if hasattr(backend, "paths_where")
        for path in backend.paths_where(user, capability)
    ]
    found: list[Place] = []
    for place in Place.objects.active().filter(path__in=paths).order_by("path"):
        if not found or not found[-1].contains(place.path):
            found.append(place)
    return found
