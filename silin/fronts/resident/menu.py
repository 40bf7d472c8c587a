"""The tabs of residents' pages: only doors that exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from silin.accounts.models import User
from silin.lib.how_many import count_each
from silin.matters.queries import waiting_for
from silin.notices.queries import inbox_of
from silin.operation.queries import city_in_work
from silin.people.queries import paths_where

FRONT = "resident"
OTHERS = ("/w/", "/desk/", "/wall/", "/open/", "/demo/")
AT_MOST = 99
STAFF = (("worker", "matters.handle", "/w/"), ("desk", "matters.triage", "/desk/"))


@dataclass(frozen=True)
class Tab:
    """One tab; ``accent`` says that something waits behind it."""

    url: str
    label: str
    icon: str
    current: bool
    count: int = 0
    accent: bool = False


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``menu`` of residents' pages, worked out where a page shows it."""
    if FRONT not in settings.SILIN_FRONTS or request.path.startswith(OTHERS):
        return {}
    return {
        "menu": SimpleLazyObject(lambda: tabs(request)),
        "home_url": reverse("resident:home"),
        "being_set_up": city_in_work,
    }


def tabs(request: HttpRequest) -> list[Tab]:
    """Home, around, what I raised, me; with how much waits. One statement for somebody who is signed in."""
    waits = counts(request.user) if isinstance(request.user, User) else {"turn": 0, "unread": 0}
    home, mine, me = reverse("resident:home"), reverse("matters:mine"), reverse("resident:me")
    near, inbox = reverse("matters:near"), reverse("notices:inbox")
    here = request.path
    return [
        Tab(home, _("Home"), "home", here == home),
        Tab(near, _("Around"), "people", here.startswith(near)),
        Tab(mine, _("Mine"), "list", here.startswith((mine, "/m/")), waits["turn"], waits["turn"] > 0),
        Tab(me, _("Me"), "user", here.startswith((me, inbox)), waits["unread"]),
    ]


def counts(user: User) -> dict[str, int]:
    """How many matters wait for the person's look, and how many messages are unread."""
    unread = inbox_of(user, timezone.now()).filter(read_at=None)
    return count_each({"turn": waiting_for(user), "unread": unread}, AT_MOST)


def staff_doors(user: User) -> list[tuple[str, str]]:
    """The fronts of this process where the person works: name and address."""
    names = {"worker": _("What I have in hand"), "desk": _("My desk")}
    now = timezone.now()
    return [
        (names[front], url)
        for front, capability, url in STAFF
        if front in settings.SILIN_FRONTS and paths_where(user, capability, now)
    ]
