"""The first page: what can I do, what waits for me?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from silin.accounts.models import User
from silin.fronts.resident.menu import staff_doors
from silin.lib.reading import wants_large_type
from silin.matters.models import OPEN
from silin.matters.queries import raised_by
from silin.matters.resident import cards, is_turn
from silin.people.models import Resident
from silin.people.queries import grid_worker_of, on_duty, resident_of
from silin.places.texts import texts

SHOWN = 6
TURNS, GOING = 2, 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everyone: report something; whoever is known here sees what waits for them and their grid worker."""
    user = request.user if isinstance(request.user, User) else None
    context = _known(user) if user else {}
    context["grid_url"] = reverse("people:open_grid") if "open" in settings.SILIN_FRONTS else ""
    if wants_large_type(request):
        context["help_telephone"] = _help(context.get("lives"))
    return render(request, "resident/home.html", context)


def _known(user: User) -> dict[str, Any]:
    now = timezone.now()
    running = cards(raised_by(user).filter(state__in=OPEN)[:SHOWN], now)
    lives = resident_of(user)
    duty = grid_worker_of(lives.place, now) if lives else None
    return {
        "turn": [card for card in running if is_turn(card.matter)][:TURNS],
        "going": [card for card in running if not is_turn(card.matter)][:GOING],
        "lives": lives,
        "community_url": _community(lives),
        "here": lives.place.short_name if lives else "",
        "worker": duty.users[0] if duty else None,
        "post": duty.post if duty else None,
        "doors": [] if user.is_guest else staff_doors(user),
    }


def _community(lives: Resident | None) -> str:
    """The page of the community where they live, where this process serves it."""
    if lives is None or "open" not in settings.SILIN_FRONTS:
        return ""
    return reverse("people:open_community", args=[lives.place.unit])


def _help(lives: Resident | None) -> str:
    """Whom to call when the page is too much: the community's desk, else the office that the city names."""
    duty = on_duty(lives.place, ["community_desk"], timezone.now()) if lives else None
    return (duty.post.telephone if duty else "") or texts().get("office_telephone", "")
