"""Where a matter goes: the grid's own worker, its leader, the community's desk, and so on upward.

Each routed matter keeps why it went there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from silin.accounts.models import User
from silin.matters.kind import Kind
from silin.people import queries as people
from silin.people.models import Post
from silin.places.models import Place


@dataclass(frozen=True)
class Routed:
    """The post a matter goes to (None: nobody is on duty anywhere), the reason as codes, and who holds it."""

    post: Post | None
    why: dict[str, Any]
    users: list[User] = field(default_factory=list)


def route(kind: Kind, place: Place, now: datetime) -> Routed:
    """The nearest staffed post of the kind's ladder at ``place`` or around it."""
    duty = people.on_duty(place, kind.ladder, now)
    if duty is None:
        return Routed(None, {"rule": "nobody"})
    why = {"rule": "ladder", "post": duty.post.kind_id, "place": duty.post.place.code}
    return Routed(duty.post, why, duty.users)
