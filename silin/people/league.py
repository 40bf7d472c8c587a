"""Whose figures somebody may compare with their own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from silin.accounts.models import User
from silin.people import queries as people
from silin.places.levels import Level
from silin.places.models import Place

SEE = "league.see"


def may_see(user: User, root: Place, above: Sequence[Place]) -> bool:
    """What lies in the own territory, and the county this lies in: a league needs its neighbours."""
    if user.has_perm(SEE, root):
        return True
    county = next((each for each in (*above, root) if each.level == Level.COUNTY), None)
    if county is None or not root.path.startswith(county.path):
        return False
    return any(path.startswith(county.path) for path in people.paths_where(user, SEE, timezone.now()))
