"""What becomes of matters when the territory is drawn anew."""

from __future__ import annotations

from silin.matters.models import Matter
from silin.places.paths import Followed, repath


def follow(told: Followed) -> None:
    """Lists and rights go by today's paths; place and unit of a matter stay as they were."""
    repath(Matter.objects.all(), "placed_path", told.paths)
