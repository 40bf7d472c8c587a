"""Who was whistled to a matter, and who may whistle whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.lib.remembering import Remembered
from silin.matters.models import Assignment, Matter, WhistleRule
from silin.people import queries as people
from silin.people.models import Post


def _rules() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in WhistleRule.objects.filter(active=True).values_list("from_kind_id", "to_kind_id"):
        found.setdefault(one, set()).add(other)
    return found


rules = Remembered(_rules)
"""The kinds of post that each kind may whistle."""


def set_whistle_rule(
    row: WhistleRule, *, actor: User | None, now: datetime, seen: str | None = None
) -> WhistleRule:
    """Let a rule be what ``row`` says, a new one too; ``seen`` and what it raises as in ``write_row``."""
    write_row(row, "whistle_rule", actor=actor, now=now, seen=seen)
    rules.forget()
    return row


def running(matter: Matter) -> list[Assignment]:
    """The posts that still have a part to do, the lead first; no statement where nobody was whistled."""
    return matter.running_calls if matter.calls else []


def call_of(matter: Matter, user: User, now: datetime) -> Assignment | None:
    """The part that a post of ``user``, or of the body whose system it is, has to do."""
    return next((call for call in running(matter) if people.serves(user, call.post_id, now)), None)


def whistling_posts(matter: Matter, user: User, now: datetime) -> list[Post]:
    """The posts round the matter by which ``user`` may whistle somebody, the lowest first."""
    posts = [post for post in people.posts_of(user, now) if matter.placed_path.startswith(post.place.path)]
    return sorted((post for post in posts if post.kind_id in rules()), key=lambda post: post.kind.rank)


def kinds_to_call(posts: Iterable[Post]) -> set[str]:
    """The kinds of post that any of ``posts`` may whistle."""
    return {kind for post in posts for kind in rules()[post.kind_id]}
