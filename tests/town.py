"""A small invented town for tests: a city down to two communities, and the people of the stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import shapely
from django.utils import timezone

from silin.accounts.models import User
from silin.matters import outside, routing, signed
from silin.matters.called import rules
from silin.matters.categories import load_categories
from silin.matters.models import Category
from silin.matters.terms import forget
from silin.people.actions import add_post, appoint, settle_in
from silin.people.models import Post
from silin.places.actions import add_place, number_grids, set_boundary
from silin.places.models import Building, Estate, Place
from tests.again import once

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 10, 19, 9, 0, tzinfo=ZONE)
WEST, SOUTH, SIDE = 107.10, 34.30, 0.01


@dataclass
class Town:
    """The places and people of the stories; ``li`` sits at the community's desk, ``guo`` at the street's."""

    city: Place
    county: Place
    street: Place
    community: Place
    other: Place
    grid: Place
    other_grid: Place
    building: Building
    lamp: Category
    wang: User
    leader: User
    li: User
    guo: User
    zhou: User
    chen: User
    stranger: User
    worker_post: Post
    desk_post: Post


def person(name: str, *, phone: str = "") -> User:
    """An account with a name, and a phone number where one is given."""
    user = User(name=name)
    if phone:
        user.set_phone(phone)
    user.save()
    return user


def today() -> datetime:
    """A moment of today, the same all day: for a town as of today, since pages look at the clock."""
    now = timezone.now()
    return _today.setdefault(timezone.localdate(now), now)


_today: dict[date, datetime] = {}


def build(now: datetime = MONDAY) -> Town:
    """The town. Its territory is a square of 0.02 degrees with two communities side by side."""
    forget()
    forget_rules()
    return once(("town", now), lambda: _write(now))


def forget_rules() -> None:
    """What an earlier test changed and took back is not remembered."""
    for each in (rules, routing.rules, signed.sign_rules, outside.systems):
        each.forget()


def _write(now: datetime) -> Town:
    load_categories()
    city = _place("临川市", "city", None, now, code="990100000000")
    county = _place("东城区", "county", city, now, code="990102000000")
    street = _place("柳巷街道", "street", county, now, code="990102001000")
    community = _place("柳巷社区居委会", "community", street, now, code="990102001001")
    other = _place("河沿社区居委会", "community", street, now, code="990102001002")
    grid = _place("第一网格", "grid", community, now)
    second = _place("第二网格", "grid", community, now)
    other_grid = _place("河沿第一网格", "grid", other, now)
    _draw(grid, 0, 0, 1, 1, now)
    _draw(second, 0, 1, 1, 2, now)
    _draw(other_grid, 1, 0, 2, 2, now)
    for each in (community, other):
        number_grids(each, actor=None, now=now)
    estate = Estate.objects.create(place=community, name="柳巷家园")
    grid.refresh_from_db()
    building = Building.objects.create(
        estate=estate, grid=grid, number="5", entrances=3, floors=6, lon=WEST + 0.005, lat=SOUTH + 0.005
    )
    people = _people(grid, community, street, city, now)
    chen = people["chen"]
    assert isinstance(chen, User)
    settle_in(chen, grid, building=building)
    other_grid.refresh_from_db()
    lamp = Category.objects.get(pk="street_light")
    return Town(
        city,
        county,
        street,
        community,
        other,
        grid,
        other_grid,
        building,
        lamp,
        **people,  # type: ignore[arg-type]
    )


def _people(
    grid: Place, community: Place, street: Place, city: Place, now: datetime
) -> dict[str, User | Post]:
    people: dict[str, User | Post] = {
        "wang": person("王淑琴", phone="19900000001"),
        "leader": person("高建设"),
        "li": person("李建民"),
        "guo": person("郭晓峰"),
        "zhou": person("周敏"),
        "chen": person("陈桂兰", phone="19900000002"),
        "stranger": person("路过的人"),
    }
    seats = (
        ("wang", "grid_worker", grid),
        ("leader", "grid_leader", grid),
        ("li", "community_desk", community),
        ("guo", "street_duty", street),
        ("zhou", "city_admin", city),
    )
    posts = {}
    for who, kind, place in seats:
        posts[who] = add_post(kind, place, actor=None, now=now)
        user = people[who]
        assert isinstance(user, User)
        appoint(posts[who], user, actor=None, now=now)
    return people | {"worker_post": posts["wang"], "desk_post": posts["li"]}


def _place(name: str, level: str, parent: Place | None, now: datetime, *, code: str = "") -> Place:
    return add_place(name=name, level=level, parent=parent, actor=None, now=now, code=code)


def _draw(place: Place, west: int, south: int, east: int, north: int, now: datetime) -> None:
    box = shapely.box(WEST + west * SIDE, SOUTH + south * SIDE, WEST + east * SIDE, SOUTH + north * SIDE)
    set_boundary(place, box, now.date(), actor=None, now=now)
