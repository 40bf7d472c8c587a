"""The vacancy check: each grid one leader and one worker (1+1+N), each building a head, and who soon ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery

from silin.people.models import Holding, Post, today
from silin.places.levels import Level
from silin.places.models import Building, Place, PlaceQuerySet

SOON = timedelta(days=30)
AT_MOST = 100


@dataclass(frozen=True)
class Gaps:
    """What is missing under a place; each list holds at most a hundred.

    A grid and a building tell the vacant ``seat`` there is (a key), or None where one has to be set up.
    """

    without_leader: list[Place]
    without_worker: list[Place]
    without_head: list[Building]
    ending: list[Holding]
    stranded: list[Post]

    @property
    def n(self) -> int:
        """How many things are missing or soon will be."""
        rows = (self.without_leader, self.without_worker, self.without_head, self.ending, self.stranded)
        return sum(len(each) for each in rows)


def gaps(place: Place, now: datetime) -> Gaps:
    """What the rule of 1+1+N and the register say is missing under ``place``; five statements.

    ``stranded`` are posts of places that are not in use any more.
    """
    day = today(now)
    current = Holding.objects.current(day).of_people()
    grids = (
        Place.objects.under(place).active(day).of_level(Level.GRID).select_related("parent").order_by("path")
    )
    head = current.filter(post__kind="building_head", post__building=OuterRef("pk"))
    buildings = Building.objects.filter(grid__path__gte=place.path, grid__path__lt=place.path + "a")
    ending = current.filter(post__place__path__gte=place.path, post__place__path__lt=place.path + "a")
    ending = ending.filter(valid_until__lte=day + SOON).select_related("post__kind", "post__place", "user")
    return Gaps(
        _without(grids, "grid_leader", day),
        _without(grids, "grid_worker", day),
        list(
            buildings.filter(~Exists(head))
            .annotate(seat=_seat(kind="building_head", building=OuterRef("pk")))
            .select_related("estate", "grid")
            .order_by("grid__path", "pk")[:AT_MOST]
        ),
        list(ending.order_by("valid_until", "pk")[:AT_MOST]),
        _stranded(place, day),
    )


def _stranded(place: Place, day: date) -> list[Post]:
    posts = Post.objects.under(place).open().of_people().filter(place__active_until__lte=day)
    return list(posts.select_related("kind", "place").order_by("place__path", "pk")[:AT_MOST])


def _without(grids: PlaceQuerySet, kind: str, day: date) -> list[Place]:
    held = Holding.objects.current(day).filter(post__kind=kind, post__place=OuterRef("pk"))
    seat = _seat(kind=kind, place=OuterRef("pk"))
    return list(grids.filter(~Exists(held)).annotate(seat=seat)[:AT_MOST])


def _seat(**of: object) -> Subquery:
    return Subquery(Post.objects.open().filter(**of).order_by("serial").values("pk")[:1])
