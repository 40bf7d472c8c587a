"""The tabs of the worker's pages: only doors that exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from silin.accounts.models import User
from silin.lib.how_many import count_each
from silin.matters.queries import in_hand_of
from silin.matters.worker import HANDLE
from silin.people.queries import places_where

FRONT = "worker"
PREFIX = "/w/"
AT_MOST = 99


@dataclass(frozen=True)
class Tab:
    """One tab; ``accent`` marks the deed itself."""

    url: str
    label: str
    icon: str
    current: bool
    count: int = 0
    accent: bool = False


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``menu`` of the worker's pages, worked out where a page shows it."""
    if FRONT not in settings.SILIN_FRONTS or not request.path.startswith(PREFIX):
        return {}
    return {
        "menu": SimpleLazyObject(lambda: tabs(request)),
        "home_url": reverse("matters:worker"),
        "search_url": reverse("matters:worker_tasks"),
        "find_url": SimpleLazyObject(lambda: find_url(request)),
    }


def find_url(request: HttpRequest) -> str:
    """Where a finding is put down; empty for whoever has no place of their own to look after."""
    user = request.user
    if not isinstance(user, User) or not places_where(user, HANDLE, timezone.now()):
        return ""
    return reverse("finding:find")


def tabs(request: HttpRequest) -> list[Tab]:
    """Today, a finding, what is in hand; and the desk, for whoever has one too."""
    user = request.user if isinstance(request.user, User) else None
    if user is None:
        return []
    start, tasks, find = reverse("matters:worker"), reverse("matters:worker_tasks"), find_url(request)
    held = count_each({"mine": in_hand_of(user, timezone.now())}, AT_MOST)["mine"]
    said = pgettext("finding", "Report")
    here = request.path
    found = [
        Tab(start, _("Today"), "home", here == start),
        *([Tab(find, said, "plus", here.startswith(find), accent=True)] if find else []),
        Tab(tasks, _("In my hands"), "list", here.startswith(tasks), held),
    ]
    if "desk" in settings.SILIN_FRONTS and user.has_perm("matters.triage"):
        found.append(Tab(reverse("matters:desk"), _("Desk"), "building", False))
    me = reverse("people:worker_me")
    found.append(Tab(me, _("Me"), "user", here.startswith((me, reverse("notices:worker_inbox")))))
    return found
