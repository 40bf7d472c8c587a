"""The first page: what can I do, what waits for me?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from silin.accounts.models import User
from silin.fronts.resident.menu import staff_doors
from silin.matters.models import OPEN
from silin.matters.queries import raised_by
from silin.matters.resident import cards, is_turn
from silin.people.queries import grid_worker_of, resident_of

SHOWN = 6
TURNS, GOING = 2, 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everyone: report something; whoever is known here sees what waits for them and their grid worker."""
    user = request.user if isinstance(request.user, User) else None
    return render(request, "resident/home.html", _known(user) if user else {})


def _known(user: User) -> dict[str, Any]:
    now = timezone.now()
    running = cards(raised_by(user).filter(state__in=OPEN)[:SHOWN], now)
    lives = resident_of(user)
    duty = grid_worker_of(lives.place, now) if lives else None
    return {
        "turn": [card for card in running if is_turn(card.matter)][:TURNS],
        "going": [card for card in running if not is_turn(card.matter)][:GOING],
        "lives": lives,
        "here": lives.place.short_name if lives else "",
        "worker": duty.users[0] if duty else None,
        "post": duty.post if duty else None,
        "doors": [] if user.is_guest else staff_doors(user),
    }
