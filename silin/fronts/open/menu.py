"""The doors of the open pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

FRONT = "open"
PREFIX = "/open/"
OF_PLACE = re.compile(r"/open/places/(?P<code>[0-9]{12})/")
OF_COMMUNITY = re.compile(r"/open/communities/(?P<code>[0-9]{12})/")


@dataclass(frozen=True)
class Door:
    """One door of the menu."""

    url: str
    label: str
    current: bool = False


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``menu`` of the open pages."""
    if FRONT not in settings.SILIN_FRONTS or not request.path.startswith(PREFIX):
        return {}
    shown: dict[str, Any] = {
        "menu": SimpleLazyObject(lambda: doors(request.path)),
        "home_url": reverse("open:home"),
    }
    if found := OF_PLACE.fullmatch(request.path):
        shown["community_url"] = reverse("people:open_community", args=[found["code"]])
    if found := OF_COMMUNITY.fullmatch(request.path):
        shown["card_url"] = reverse("assessment:open_card", args=[found["code"]])
    return shown


def doors(here: str) -> list[Door]:
    """What was released, the places, the own grid; to report something, where residents are served too."""
    home, places, grid = (reverse(name) for name in ("open:home", "places:open", "people:open_grid"))
    found = [Door(home, _("Matters"), here == home or here.startswith("/open/m/"))]
    found.append(Door(places, _("Places"), here.startswith((places, "/open/communities/"))))
    found.append(Door(grid, _("My grid"), here == grid))
    if "resident" in settings.SILIN_FRONTS:
        found.append(Door(reverse("report:words"), _("Report something")))
    return found
