"""Who holds what, who is on duty where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from silin.accounts.models import User
from silin.people.models import Holding, Person, Post, PostKind, Resident, Running, today
from silin.people.post_kinds import IN_HANDS
from silin.people.rosters import HERE, Presence, Standing, shifts_of, standing
from silin.people.seats import Seat, holdings, seats
from silin.places.levels import Level
from silin.places.models import Building, Place
from silin.places.queries import calendar

PLACE, IN_HAND, ESTATES = PostKind.Reach.PLACE, PostKind.Reach.HANDS, PostKind.Reach.ESTATES


def holdings_of(user: User, now: datetime) -> list[Holding]:
    """What ``user`` holds today, highest rank first: one statement a request, kept on the user.

    Nothing for somebody who has still to show the second factor: then they are a resident like any other.
    """
    if user.awaits_second_factor:
        return []
    kept: tuple[date, list[Holding]] | None = getattr(user, "_holdings", None)
    day = today(now)
    if kept is None or kept[0] != day:
        kept = (day, holdings(user, day))
        user._holdings = kept  # type: ignore[attr-defined]
    return kept[1]


def paths_where(user: User, capability: str, now: datetime) -> list[str]:
    """The paths of the places over which ``user`` has ``capability``, none inside another."""
    paths: list[str] = []
    for path in sorted(
        each.post.place.path for each in _granting(user, capability, now) if _of_place(each, capability)
    ):
        if not paths or not path.startswith(paths[-1]):
            paths.append(path)
    return paths


def places_where(user: User, capability: str, now: datetime) -> list[Place]:
    """The places of the posts by which ``user`` has ``capability``, the highest first."""
    places = {
        each.post.place_id: each.post.place
        for each in _granting(user, capability, now)
        if _of_place(each, capability)
    }
    return sorted(places.values(), key=lambda place: (len(place.path), place.path))


def has_anywhere(user: User, capability: str, now: datetime) -> bool:
    """Whether any post of ``user`` has ``capability``, over whatever it reaches."""
    return bool(_granting(user, capability, now))


def estates_where(user: User, capability: str, now: datetime) -> set[int]:
    """The estates over which ``user`` has ``capability`` because the body they work for runs them.

    No statement for somebody without such a post.
    """
    bodies = [
        each.post.organisation_id
        for each in _granting(user, capability, now)
        if each.post.kind.reach == ESTATES and each.post.organisation_id
    ]
    if not bodies:
        return set()
    rows = Running.objects.current(today(now)).filter(organisation__in=bodies)
    return set(rows.values_list("estate_id", flat=True))


def hands_where(user: User, capability: str, now: datetime) -> set[UUID]:
    """The posts that lend ``user`` the ``capability`` over what lies in their hands: those of the same body.

    No statement for somebody without such a post.
    """
    posts = [
        each.post
        for each in _granting(user, capability, now)
        if capability in IN_HANDS and each.post.kind.reach in (IN_HAND, ESTATES)
    ]
    bodies = {post.organisation_id for post in posts if post.organisation_id}
    if not posts:
        return set()
    return {post.pk for post in posts}.union(
        Post.objects.filter(organisation__in=bodies).values_list("pk", flat=True)
    )


class AtABuilding(Protocol):
    """Something that may lie at a building."""

    @property
    def building(self) -> Building | None:
        """The building, or None."""


def answers_for(post: Post, what: AtABuilding, now: datetime) -> bool:
    """Whether ``what`` may come to ``post``.

    A post that reaches the estates its organisation runs answers for these alone. No statement for others.
    """
    if post.kind.reach != ESTATES:
        return True
    if what.building is None or post.organisation_id is None:
        return False
    run = Running.objects.current(today(now)).filter(organisation=post.organisation_id)
    return run.filter(estate=what.building.estate_id).exists()


def covers(user: User, capability: str, path: str, now: datetime) -> bool:
    """Whether ``user`` has ``capability`` over all that lies at ``path``, whosever hands it is in."""
    return any(path.startswith(own) for own in paths_where(user, capability, now))


def _of_place(holding: Holding, capability: str) -> bool:
    """Whether a post lends ``capability`` over its whole place."""
    reach = holding.post.kind.reach
    return reach == PLACE or (reach == IN_HAND and capability not in IN_HANDS)


def _granting(user: User, capability: str, now: datetime) -> list[Holding]:
    return [each for each in holdings_of(user, now) if capability in each.post.kind.capabilities]


def posts_of(user: User, now: datetime) -> list[Post]:
    """The posts that ``user`` holds or stands in for today."""
    return [each.post for each in holdings_of(user, now)]


def holds(user: User, post_id: object, now: datetime) -> bool:
    """Whether ``user`` holds, or stands in for, the post today."""
    return any(each.post_id == post_id for each in holdings_of(user, now))


def serves(user: User, post_id: object, now: datetime) -> bool:
    """Whether ``user`` holds the post, or is the system of the body to which it belongs.

    No statement but for a system, for which it is one a request.
    """
    if holds(user, post_id, now):
        return True
    held = [each.post for each in holdings_of(user, now) if each.post.kind.is_for_systems]
    bodies = {post.organisation_id for post in held if post.organisation_id}
    if not bodies:
        return False
    kept: tuple[set[UUID], set[UUID]] | None = getattr(user, "_served", None)
    if kept is None or kept[0] != bodies:
        posts = Post.objects.filter(organisation__in=bodies).values_list("pk", flat=True)
        kept = (bodies, set(posts))
        user._served = kept  # type: ignore[attr-defined]
    return post_id in kept[1]


def holders(post: Post, now: datetime) -> list[User]:
    """Who answers for the post today: the holder first, then those who stand in."""
    rows = Holding.objects.current(today(now)).filter(post=post).select_related("user")
    return [each.user for each in rows.order_by("stand_in", "valid_from")]


@dataclass(frozen=True)
class Rung:
    """A step of a ladder: posts of a kind, only those of one organisation where one is named."""

    kind: str
    organisation: UUID | None = None

    def holds(self, seat: Post | Seat) -> bool:
        """Whether ``seat`` stands on this step."""
        return seat.kind_id == self.kind and self.organisation in (None, seat.organisation_id)


@dataclass(frozen=True)
class OnDuty:
    """A staffed post, who answers for it today, the holder first, and on which step it stands."""

    post: Post
    users: list[User]
    rung: int = 0


def on_duty(place: Place, kinds: Iterable[str], now: datetime) -> OnDuty | None:
    """The first staffed post on the ladder ``kinds``, lowest first, at ``place`` or around it."""
    return on_rungs(place, [Rung(kind) for kind in kinds], now)


def on_rungs(place: Place, rungs: Sequence[Rung], now: datetime) -> OnDuty | None:
    """The first staffed post on the steps ``rungs``, at ``place`` or around it.

    Where seats have rosters, whoever is on duty now comes before whoever begins later; a rung on which
    everybody is away for the day is passed over, unless all are. One statement, three with rosters.
    """
    rows = seats(place.path_ids, {rung.kind for rung in rungs}, today(now))
    steps = {row.post_id: step for row in rows if (step := _step_of(row, rungs)) is not None}
    rows = [row for row in rows if row.post_id in steps]
    if not rows:
        return None
    stand = _standings(rows, now)
    first = min(rows, key=lambda row: _rung(row, steps[row.post_id], stand))
    users = [row.user for row in rows if row.post_id == first.post_id]
    return OnDuty(first.post, users, steps[first.post_id])


def _step_of(seat: Seat, rungs: Sequence[Rung]) -> int | None:
    return next((at for at, rung in enumerate(rungs) if rung.holds(seat)), None)


def _standings(rows: Sequence[Seat], now: datetime) -> dict[UUID, Standing]:
    """How the seats with a roster stand now; no statement where none has one."""
    rostered = {row.post_id for row in rows if row.is_rostered}
    if not rostered:
        return {}
    days = calendar()
    return {key: standing(shifts, now, days) for key, shifts in shifts_of(rostered, now).items()}


def _rung(seat: Seat, step: int, stand: dict[UUID, Standing]) -> tuple[bool, int, Any, int]:
    its = stand.get(seat.post_id, HERE)
    return its.presence == Presence.AWAY, step, its.key(), seat.serial


def leader_of(post: Post, now: datetime) -> Post | None:
    """The staffed post next in rank above ``post``, at its place or higher: told when it grows late."""
    rows = _above(post, post.place.path_ids, "matters.handle", now)
    return min(rows, key=lambda each: (each.kind.rank, each.serial), default=None)


def desk_above(post: Post, now: datetime) -> Post | None:
    """The staffed desk to which a matter goes from ``post`` when it is given back or has run out of time.

    It is that of its own place, if the post is none itself, or of the nearest place above.
    """
    path = post.place.path_ids
    places = path[:-1] if "matters.triage" in post.kind.capabilities else path
    return _nearest(_above(post, places, "matters.triage", now))


def desk_over(place: Place, now: datetime) -> Post | None:
    """The nearest staffed desk at ``place`` or above it."""
    staffed = Holding.objects.current(today(now)).filter(post=OuterRef("pk"))
    rows = Post.objects.filter(Exists(staffed), place__in=place.path_ids).select_related("kind", "place")
    return _nearest([each for each in rows if "matters.triage" in each.kind.capabilities])


def _nearest(posts: Sequence[Post]) -> Post | None:
    return min(posts, key=lambda each: (-len(each.place.path), each.kind.rank, each.serial), default=None)


def _above(post: Post, places: Sequence[int], capability: str, now: datetime) -> list[Post]:
    staffed = Holding.objects.current(today(now)).filter(post=OuterRef("pk"))
    rows = Post.objects.filter(Exists(staffed), place__in=places, kind__rank__gt=post.kind.rank)
    return [each for each in rows.select_related("kind", "place") if capability in each.kind.capabilities]


def resident_of(user: User) -> Resident | None:
    """Where the person lives, if they have said so."""
    return Resident.objects.filter(user=user).select_related("place", "building").first()


def entry_of(user: User) -> Person | None:
    """Their entry in the register of a community, if their account was joined to it."""
    return Person.objects.filter(user=user).first()


def grid_worker_of(place: Place, now: datetime) -> OnDuty | None:
    """The grid worker of the grid that ``place`` is or lies in, for "my grid worker"."""
    return on_duty(place, ["grid_worker"], now)


@dataclass(frozen=True)
class Named:
    """A post that residents should know, who answers for it today, and the office's telephone."""

    post: Post
    users: list[User]
    telephone: str


def who_is_who(place: Place, now: datetime, *, also: int | None = None) -> list[Named]:
    """The staffed posts of ``place`` that are meant to be public, the highest first; one statement.

    Of a community and a grid with what lies beneath, of a wider place without; with those of the place whose
    key is ``also``, as of the street. The telephone is that of the post or its office, never a person's own.
    """
    rows = Holding.objects.current(today(now)).filter(post__kind__is_public=True, post__closed_on=None)
    if Level(place.level).depth >= Level.COMMUNITY.depth:
        under = Q(post__place__path__gte=place.path, post__place__path__lt=place.path + "a")
    else:
        under = Q(post__place=place)
    return _named(rows.filter(under | Q(post__place=also) if also else under))


def workers_of(places: Iterable[Place], now: datetime) -> list[Named]:
    """The grid workers of the grids that ``places`` are or lie in; one statement, none without places."""
    keys = {key for place in places for key in place.path_ids}
    rows = Holding.objects.current(today(now)).filter(post__kind="grid_worker", post__closed_on=None)
    return _named(rows.filter(post__place__in=keys)) if keys else []


def _named(rows: QuerySet[Holding]) -> list[Named]:
    """The holdings by post, the highest first."""
    beside = ("post__kind", "post__place__parent", "post__organisation", "post__building__estate", "user")
    order = ("-post__kind__rank", "post__place__path", "post__serial", "stand_in", "valid_from")
    found: dict[object, Named] = {}
    for row in rows.select_related(*beside).order_by(*order):
        post, office = row.post, row.post.organisation
        telephone = post.telephone or (office.telephone if office else "")
        found.setdefault(post.pk, Named(post, [], telephone)).users.append(row.user)
    return list(found.values())
