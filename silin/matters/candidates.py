"""To whom a desk may send a matter: staffed posts of its own territory that can handle it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, Subquery
from django.utils.translation import gettext as _

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.text import listed
from silin.matters.called import kinds_to_call, whistling_posts
from silin.matters.models import Matter, State
from silin.people import queries as people
from silin.people.models import Holding, Post, today
from silin.places.levels import Level
from silin.places.models import STEP, Place

HANDLES = "matters.handle"
LIKELIEST = 3  # as many are buttons, the others a list


@dataclass(frozen=True)
class Candidate:
    """A staffed post, who answers for it today, and whether it is the matter's own grid's."""

    post: Post
    near: bool
    users: list[User] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The post and its people, and why it stands where it stands."""
        names = listed(self.users)
        shown = f"{self.post.organisation or self.post.place} {self.post.kind} · {names}"
        return _("%(post)s (of that very place)") % {"post": shown} if self.near else shown


@dataclass(frozen=True)
class Hands:
    """Who has a matter today: the holders of its post; to whom it could go, and who could be whistled.

    ``returned`` is why it was given back to the desk, where it waits for a better post.
    """

    holders: list[User]
    joined: list[User]
    candidates: list[Candidate]
    callable: list[Candidate] = field(default_factory=list)
    returned: str = ""


def hands(matter: Matter, user: User, now: datetime) -> Hands:
    """Whose hands a matter is in and to whom ``user`` may send it, in one statement."""
    kinds = kinds_to_call(whistling_posts(matter, user, now))
    round_it = Q(post__kind__in=kinds, post__place__in=matter.place.path_ids)
    rows = (
        Holding.objects.current(today(now))
        .filter(Q(post__in=_concerned(matter)) | _within_reach(matter, user, now) | round_it)
        .select_related("post__kind", "post__place", "post__organisation", "user")
        .order_by("stand_in", "valid_from")
    )
    waits = bool(matter.returns) and matter.state == State.RAISED
    if waits:
        rows = rows.annotate(**_last_return(matter))
    people_of: dict[object, list[User]] = {}
    posts: dict[object, Post] = {}
    told: list[Any] = list(rows)
    for row in told:
        people_of.setdefault(row.post_id, []).append(row.user)
        posts[row.post_id] = row.post
    found = [
        Candidate(post, _is_near(post, matter), people_of[key])
        for key, post in posts.items()
        if (key != matter.holder_id or matter.state == State.RAISED) and _may_have_it(post, matter, user, now)
    ]
    found.sort(key=lambda each: _order(each.post, matter))
    callable = [
        Candidate(post, near=False, users=people_of[key])
        for key, post in posts.items()
        if post.kind_id in kinds and matter.placed_path.startswith(post.place.path)
    ]
    callable.sort(key=lambda each: _order(each.post, matter))
    returned = ""
    if waits:
        gave_it_back = {row.post_id for row in told if (row.back_by, row.back_as) == _of(row)}
        found = _behind(found, gave_it_back)
        returned = next((row.back_words or "" for row in told), "")
    return Hands(
        people_of.get(matter.holder_id, []), people_of.get(matter.joined_id, []), found, callable, returned
    )


def _last_return(matter: Matter) -> dict[str, Subquery]:
    """Who gave it back last, by which kind of post, and why: part of the same statement."""
    last = Entry.objects.filter(subject=matter.subject, action="return").order_by("-seq")
    return {
        "back_by": Subquery(last.values("actor_id")[:1], output_field=User._meta.pk),
        "back_as": Subquery(last.values("post")[:1]),
        "back_words": Subquery(last.values("words__text")[:1]),
    }


def _of(row: Holding) -> tuple[object, str]:
    return row.user_id, row.post.kind_id


def _behind(found: list[Candidate], gave_it_back: set[UUID]) -> list[Candidate]:
    """Whoever gave it back is not suggested first: the last of the likeliest at best."""
    others = [each for each in found if each.post.pk not in gave_it_back]
    rest = [each for each in found if each.post.pk in gave_it_back]
    return [*others[: LIKELIEST - 1], *rest, *others[LIKELIEST - 1 :]]


def _concerned(matter: Matter) -> list[UUID]:
    return [key for key in (matter.holder_id, matter.joined_id) if key is not None]


def _is_near(post: Post, matter: Matter) -> bool:
    inside = post.place.level in (Level.GRID, Level.MICRO_GRID)
    return inside and matter.placed_path.startswith(post.place.path)


def _may_have_it(post: Post, matter: Matter, user: User, now: datetime) -> bool:
    may = HANDLES in post.kind.capabilities and user.has_perm("matters.triage", post)
    takes = matter.declared.takes
    may = may and not post.kind.is_for_systems
    return may and people.answers_for(post, matter, now) and (takes is None or takes(matter, post))


def _within_reach(matter: Matter, user: User, now: datetime) -> Q:
    """Posts at the places round the matter up to the desk's own, and in the whole of its community."""
    reach = Q(pk__in=[])
    for path in people.paths_where(user, "matters.triage", now):
        if matter.placed_path.startswith(path):
            ends = range(len(path), len(matter.placed_path) + 1, STEP)
            reach |= Q(post__place__path__in=[matter.placed_path[:end] for end in ends])
            community = community_path(matter.place)
            if community.startswith(path):
                grids = Q(post__place__level__in=[Level.COMMUNITY, Level.GRID])
                reach |= grids & Q(post__place__path__gte=community, post__place__path__lt=community + "a")
    return reach


def community_path(place: Place) -> str:
    """The path of the community that ``place`` is or lies in; its own where it is wider. Asks nothing."""
    up = {Level.GRID: 1, Level.MICRO_GRID: 2}.get(Level(place.level), 0)
    return place.path[: len(place.path) - up * STEP]


def _order(post: Post, matter: Matter) -> tuple[bool, int, int, str, int]:
    """Round the matter before elsewhere, the nearest first, then by rank."""
    round_it = matter.placed_path.startswith(post.place.path)
    return (not round_it, -len(post.place.path), post.kind.rank, post.place.code, post.serial)
