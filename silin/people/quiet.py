"""When a person's place sleeps, and when its desks lock: rows of numbers that a city changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from silin.accounts.ending import Limits
from silin.accounts.models import User
from silin.people.queries import posts_of, resident_of
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


def gather_minutes(user: User, now: datetime) -> int:
    """For how many minutes after a message further ones to ``user`` gather; 0 sends each by itself."""
    lives = resident_of(user)
    return int(number("notices.gather_minutes", lives.place.path if lives else "", timezone.localdate(now)))


def idle_minutes(user: User, now: datetime) -> int:
    """After how many quiet minutes a desk of ``user`` locks: the strictest of their places; 0 is never."""
    return _strictest(user, now, "accounts.idle_minutes")[0]


def session_limits(user: User, now: datetime) -> Limits:
    """How long ``user`` stays signed in at a desk and on a phone: the strictest of their places."""
    return Limits(*_strictest(user, now, "accounts.desk_hours", "accounts.away_hours", "accounts.phone_days"))


def _strictest(user: User, now: datetime, *names: str) -> list[int]:
    paths, day = {post.place.path for post in posts_of(user, now)}, timezone.localdate(now)
    asked = ([int(number(name, path, day)) for path in paths] for name in names)
    return [min((value for value in each if value > 0), default=0) for each in asked]


def _is_night(hour: int, begins: int, ends: int) -> bool:
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends
