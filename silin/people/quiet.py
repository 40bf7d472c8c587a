"""When a person's place sleeps: rows of numbers, like everything a city may change."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from silin.accounts.models import User
from silin.people.queries import resident_of
from silin.places.numbers import number


def quiet_until(user: User, now: datetime) -> datetime | None:
    """When messages to ``user`` may go out again; None outside the quiet hours of the place they live in."""
    lives = resident_of(user)
    path = lives.place.path if lives else ""
    local = timezone.localtime(now)
    begins, ends = (int(number(f"notices.quiet_{word}", path, local.date())) for word in ("from", "until"))
    if begins == ends or not _is_night(local.hour, begins, ends):
        return None
    morning = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=ends)
    return morning if morning > local else morning + timedelta(days=1)


def _is_night(hour: int, begins: int, ends: int) -> bool:
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends
