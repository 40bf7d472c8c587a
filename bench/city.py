"""A city to measure on: 4,000 grids in 200 communities, every post staffed, and some residents."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone

from silin import environment
from silin.accounts.models import User
from silin.matters.categories import load_categories
from silin.people.models import Holding, Post
from silin.places.actions import Outline, bulk_add, number_grids, set_boundaries
from silin.places.models import Place

WEST, SOUTH, SIDE = 107.00, 34.00, 0.004  # degrees
SHAPE = {
    "county": 4,
    "street": 5,
    "community": 10,
    "grid": 20,
}  # how many of each lie in one of the level above
ACROSS = 100  # grids side by side
BENDS = 5  # points between two corners of a grid
RESIDENTS = 40
SEATS = {"grid": "grid_worker", "community": "community_desk", "street": "street_duty", "city": "city_admin"}

Corner = tuple[int, int]


@dataclass(frozen=True)
class City:
    """Who is at hand: residents, the desk of one community, the worker of one of its grids."""

    residents: list[User]
    desk: User
    worker: User
    community: Place
    street: Place


@contextlib.contextmanager
def database(url: str) -> Iterator[None]:
    """Point the default connection at the (empty) database ``url``, migrated, and servers to come as well."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    with pointed_at(url):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield


@contextlib.contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Point the default connection at the database ``url``, and servers to come as well."""
    described = connections.settings["default"]
    before, saved, outer = connections["default"], dict(described), os.environ.get("SILIN_DATABASE_URL")
    os.environ["SILIN_DATABASE_URL"] = url
    described.update(environment.read(os.environ).database)
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        described.clear()
        described.update(saved)
        connections["default"] = before
        del os.environ["SILIN_DATABASE_URL"]
        if outer is not None:
            os.environ["SILIN_DATABASE_URL"] = outer


@transaction.atomic
def build() -> City:
    """Write the city into the database at hand."""
    load_categories()
    now = timezone.now()
    places = _places(now)
    _draw([place for place in places if place.level == "grid"], now)
    for place in places:
        if place.level == "community":
            number_grids(place, actor=None, now=now)
    holders = _staff(places, now)
    community = next(place for place in places if place.level == "community")
    grid = next(place for place in places if place.level == "grid" and place.parent == community)
    assert community.parent is not None
    return City(_residents(), holders[community.pk], holders[grid.pk], community, community.parent)


def report(chance: random.Random) -> dict[str, str]:
    """What a resident says of something somewhere in the city."""
    rows = 4000 // ACROSS
    number = chance.randrange(1, 60)
    return {
        "client_id": str(UUID(int=chance.getrandbits(128), version=4)),
        "words": f"{number}号楼门口的路灯不亮了，晚上老人下楼看不清台阶，已经好几天了。",
        "category": "street_light",
        "lon": f"{WEST + SIDE * chance.uniform(1, ACROSS - 1):.6f}",
        "lat": f"{SOUTH + SIDE * chance.uniform(1, rows - 1):.6f}",
        "datum": "CGCS2000",
        "spot": "楼道口",
    }


def _places(now: datetime) -> list[Place]:
    places = above = [Place(code="990100000000", name="测量市", level="city")]
    for level, n in SHAPE.items():
        above = [_place(level, parent, at) for parent in above for at in range(1, n + 1)]
        places = places + above
    return bulk_add(places, actor=None, now=now)


def _place(level: str, parent: Place, at: int) -> Place:
    if level == "grid":
        return Place(level=level, parent=parent)
    length = {"county": 4, "street": 6, "community": 9}[level]
    code = f"{parent.code[:length]}{at:0{2 if level == 'county' else 3}d}".ljust(12, "0")
    return Place(code=code, name=f"{level} {code}", level=level, parent=parent)


def _draw(grids: list[Place], now: datetime) -> None:
    """Crooked outlines side by side, as streets draw them: neighbours share every point of a border."""
    outlines = [Outline(grid, _around(n % ACROSS, n // ACROSS)) for n, grid in enumerate(grids)]
    set_boundaries(outlines, timezone.localdate(now), actor=None, now=now)


def _around(x: int, y: int) -> shapely.Polygon:
    corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
    return shapely.Polygon([point for a, b in pairwise(corners) for point in _border(a, b)])


def _border(a: Corner, b: Corner) -> list[tuple[float, float]]:
    """The points of a border from corner ``a`` up to, not including, ``b``."""
    if a > b:
        return [_point(*a), *reversed(_border(b, a)[1:])]
    chance = random.Random(f"{a} {b}")
    bends = []
    for n in range(1, BENDS + 1):
        along, aside = n / (BENDS + 1), chance.uniform(-0.1, 0.1)
        level = a[1] == b[1]
        bends.append(_point(a[0] + (along if level else aside), a[1] + (aside if level else along)))
    return [_point(*a), *bends]


def _point(x: float, y: float) -> tuple[float, float]:
    return WEST + SIDE * x, SOUTH + SIDE * y


def _staff(places: list[Place], now: datetime) -> dict[int, User]:
    """A holder for every post, by place."""
    posts = [Post(kind_id=SEATS[place.level], place=place) for place in places if place.level in SEATS]
    users = [User(name=f"{post.kind_id} {n}") for n, post in enumerate(posts)]
    User.objects.bulk_create(users, batch_size=500)
    Post.objects.bulk_create(posts, batch_size=500)
    day = timezone.localdate(now)
    holdings = [
        Holding(post=post, user=user, valid_from=day) for post, user in zip(posts, users, strict=True)
    ]
    Holding.objects.bulk_create(holdings, batch_size=500)
    return {post.place_id: user for post, user in zip(posts, users, strict=True)}


def _residents() -> list[User]:
    residents = [User(name=f"居民 {n}") for n in range(RESIDENTS)]
    for n, each in enumerate(residents):
        each.set_phone(f"199{n:08d}")
    return User.objects.bulk_create(residents)
