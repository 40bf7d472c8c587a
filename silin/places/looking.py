"""What the pages of this room share, whoever looks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from silin.accounts.models import User
from silin.places import queries
from silin.places.levels import DIGITS, Level
from silin.places.models import Place

MARK = "CODE"


def addresses(front: str) -> dict[str, str]:
    """The names of this room's pages on a front, for ``{% url %}``, and the address behind a drawn shape."""
    of_place = f"places:{front}_place"
    template = reverse(of_place, args=[MARK]).replace(MARK, "{code}")
    return {"list_url": f"places:{front}", "place_url": of_place, "link_template": template}


def at_place(request: HttpRequest, place: Place, front: str) -> dict[str, Any]:
    """The context of a page about ``place``. Raises ``Refused`` (``bad_page``)."""
    page = queries.place_page(place, request.GET.get("after", ""))
    return {"page": page, "place": place, **addresses(front)}


def tops(user: User | AnonymousUser, capability: str) -> list[Place]:
    """The topmost places over which ``user`` has ``capability``, asked place by place; grids only if need be.

    This room does not know where rights come from, so it looks through the table once: a statement or two.
    """
    wide = list(DIGITS)
    for levels in (wide, [level for level in Level if level not in wide]):
        found: list[Place] = []
        for place in Place.objects.active().filter(level__in=levels).order_by("path"):
            inside = found and found[-1].contains(place.path)
            if not inside and user.has_perm(capability, place):
                found.append(place)
        if found:
            return found
    return []
