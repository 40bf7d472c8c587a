"""Rights = capability x post x the places under it, asked through Django's ``has_perm``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from silin.accounts.models import User
from silin.people import queries
from silin.people.models import Holding, today


class Placed(Protocol):
    """What a row must tell before a right over it can be asked.

    One that lies in an estate may tell that too (``placed_estate``, its key): whoever works for the body that
    runs the estate has a right over it and over nothing else of the place. One that lies in somebody's hands
    tells by ``lies_with`` whether these are one of some posts.
    """

    @property
    def placed_path(self) -> str: ...


class PostBackend(BaseBackend):
    """The authentication back end that lets lower rooms ask for rights without knowing posts."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether a post that ``user_obj`` holds today has ``perm`` over ``obj`` (None: over anything)."""
        if not isinstance(user_obj, User):
            return False
        now = timezone.now()
        if obj is None:
            return queries.has_anywhere(user_obj, perm, now)
        row: Placed = obj
        if queries.covers(user_obj, perm, row.placed_path, now):
            return True
        estate = getattr(row, "placed_estate", None)
        if estate is not None and estate in queries.estates_where(user_obj, perm, now):
            return True
        lies_with = getattr(row, "lies_with", None)
        if lies_with is None:
            return False
        hands = queries.hands_where(user_obj, perm, now)
        return bool(hands) and lies_with(hands)

    def paths_where(self, user_obj: Any, perm: str) -> list[str]:
        """The paths of the places over all of which ``user_obj`` has ``perm`` today."""
        return queries.paths_where(user_obj, perm, timezone.now()) if isinstance(user_obj, User) else []


def holds_post(user: User, now: datetime) -> bool:
    """Whether ``user`` holds any post today or stands in for one: then a second factor is asked."""
    return Holding.objects.current(today(now)).filter(user=user).exists()


def front_of(user: object) -> str:
    """The front in which ``user`` works, of those that this process serves; empty for residents."""
    if not isinstance(user, User):
        return ""
    doors = (("desk", "matters.triage"), ("worker", "matters.handle"), ("desk", "places.see"))
    served = settings.SILIN_FRONTS
    return next((front for front, right in doors if front in served and user.has_perm(right)), "")
