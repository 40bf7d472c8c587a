"""Where a guest said they live counts for the account they turn out to have, unless that says so itself."""

from __future__ import annotations

from datetime import datetime

from silin.accounts.models import User
from silin.people.actions import settle_in
from silin.people.queries import resident_of


def adopt(guest: User, user: User, now: datetime) -> None:
    """In the transaction of ``accounts.actions.take_over``."""
    lives = resident_of(guest)
    if lives is not None and resident_of(user) is None:
        settle_in(user, lives.place, building=lives.building)
