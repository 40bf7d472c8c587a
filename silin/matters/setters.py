"""Who stands above whoever has a matter in hand, where somebody set it as a task (``Kind.set_by``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from silin.accounts.models import User
from silin.matters.models import Matter
from silin.people import queries as people
from silin.people.models import Post


def setter_of(matter: Matter) -> Post | None:
    """The post that set it; None where nobody did."""
    row: Any = matter
    for name in filter(None, matter.declared.set_by.split("__")):
        row = getattr(row, name)
    return row if isinstance(row, Post) else None


def set_it(matter: Matter, user: User, now: datetime) -> bool:
    """Whether ``user`` holds the post that set it."""
    post = setter_of(matter) if matter.declared.set_by else None
    return post is not None and people.holds(user, post.pk, now)


def answers(matter: Matter, user: User, now: datetime) -> bool:
    """Whether ``user`` has it in hand, or sits at the same desk as whoever has."""
    holder = matter.holder
    if holder is None:
        return False
    if people.serves(user, holder.pk, now):
        return True
    return "matters.triage" in holder.kind.capabilities and any(
        "matters.triage" in post.kind.capabilities
        and (post.place_id, post.organisation_id) == (holder.place_id, holder.organisation_id)
        for post in people.posts_of(user, now)
    )


def setting_post(matter: Matter, post: Post, user: User, now: datetime) -> Post | None:
    """By which post ``user`` decides about a task that ``post`` set: that one, or a desk above it.

    Whoever answers for it decides nothing about it, whatever else they hold.
    """
    if answers(matter, user, now):
        return None
    mine = people.posts_of(user, now)
    if post.pk in {each.pk for each in mine}:
        return post
    above = [
        each
        for each in mine
        if "matters.triage" in each.kind.capabilities
        and post.place.path.startswith(each.place.path)
        and each.kind.rank > post.kind.rank
    ]
    return min(above, key=lambda each: each.kind.rank, default=None)


def asked_post(matter: Matter, now: datetime) -> Post | None:
    """Whom whoever has it asks for more time: who set it, else the desk above."""
    if (post := setter_of(matter)) is not None:
        return post
    return people.desk_above(matter.holder, now) if matter.holder else None
