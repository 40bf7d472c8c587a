"""What becomes of people when the territory is drawn anew."""

from __future__ import annotations

from silin.people.models import Resident
from silin.places.paths import Followed


def follow(told: Followed) -> None:
    """Whoever lives in a building that has another grid now lives in that grid. Posts stay where they are."""
    for building, grid in told.buildings.items():
        Resident.objects.filter(building=building).update(place=grid)
