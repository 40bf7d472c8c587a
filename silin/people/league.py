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


def home_league(user: User) -> Place:
    """Where the league of somebody's own begins: their place, of a community's desk its county."""
    own = people.places_where(user, SEE, timezone.now())[0]
    if Level(own.level).depth <= Level.COUNTY.depth:
        return own
    return next((each for each in own.ancestors() if each.level == Level.COUNTY), own)


def own_rows(user: User, root: Place) -> set[int]:
    """The rows to tint under ``root``: the places of somebody's own posts, and those these lie in."""
    mine = people.places_where(user, SEE, timezone.now())
    return {key for each in mine if len(each.path) > len(root.path) for key in each.path_ids}
