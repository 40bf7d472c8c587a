"""What the pages of this room share, whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from silin.accounts.models import User
from silin.places import queries
from silin.places.finding import Hit
from silin.places.levels import DIGITS, Level
from silin.places.models import Place

MARK = "CODE"


def addresses(front: str) -> dict[str, str]:
    """The names of this room's pages on a front, for ``{% url %}``, and the address behind a drawn shape."""
    of_place = f"places:{front}_place"
    template = reverse(of_place, args=[MARK]).replace(MARK, "{code}")
    return {"list_url": f"places:{front}", "place_url": of_place, "link_template": template}


def at_place(
    request: HttpRequest, place: Place, front: str, may_see: Callable[[Place], bool] = lambda place: True
) -> dict[str, Any]:
    """The context of a page about ``place``; the crumb begins with what ``may_see`` allows.

    Raises ``Refused`` (``bad_page``).
    """
    page = queries.place_page(place, request.GET.get("after", ""))
    names = addresses(front)
    above = [{"label": each.short_name, "url": _url(names, each)} for each in page.above if may_see(each)]
    return {
        "page": page,
        "place": place,
        "crumb": [*above, {"label": place.short_name}] if above else [],
        "next": turn(page.next),
        "previous": turn(page.previous),
        **names,
    }


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
    """The topmost places over which ``user`` has ``capability``, asked place by place; grids only if need be.

    This room does not know where rights come from, so it looks through the table once: a statement or two.
    """
    wide = list(DIGITS)
    for levels in (wide, [level for level in Level if level not in wide]):
        seen: list[Place] = []
        for place in Place.objects.active().filter(level__in=levels).order_by("path"):
            inside = seen and seen[-1].contains(place.path)
            if not inside and user.has_perm(capability, place):
                seen.append(place)
        if seen:
            return seen
    return []
