"""House test 13: every post, at home and in another county, at every door: open where its capability says."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from silin.accounts.models import User
from silin.people.actions import add_post, appoint
from silin.people.models import PostKind
from silin.people.post_kinds import IN_HANDS, POST_KINDS, PostKindData
from silin.places.actions import add_place
from silin.places.models import Place
from tests.house import world
from tests.house.test_05_views import Route, routes
from tests.house.world import World
from tests.town import MONDAY, person

pytestmark = pytest.mark.matrix
CAPABILITY = re.compile(r"``([a-z]+\.[a-z]+)``")
SEES_MATTER = "may see the matter"
ABOUT_ONE = ("number", "int:estate", "int:facility")
"""Parts of an address that name something in the grid: a place inside it does not cover that."""
ONLY_AT = {
    "/estates/new/": "community",
    "/facilities/new/": "community",
    "/blocks/": "community",
    "/areas/": "city",
    "/nets/": "grid",
}
"""Pages that only a place of one level has."""
FORM = "<slug:form>"
"""The end of an address of a spreadsheet: which program it is for, not whose rows stand in it."""
SYSTEM = "<slug:system>"
"""The hotline or another outside system is the city's; whose matters are shown is asked by place."""
OVER_A_PLACE = ("w/find/",)
"""Pages of whoever has a place of their own to look after; a manager of estates has none."""

OF_THE_CITY = "desk/assessment/catalogue/"
"""By what everybody is assessed: one for the whole city, whoever compares places may read it."""


@pytest.fixture
def inhabited(db: None) -> World:
    return world.make()


def needs(route: Route) -> set[str]:
    """The capabilities that the view's own words ask of staff; none for views that are not for staff."""
    if not route.words.startswith("Staff"):
        return set()
    first = route.words.split("\n\n")[0]
    asked = set(CAPABILITY.findall(first))
    return asked | ({"matters.see"} if SEES_MATTER in first else set())


def here(inhabited: World, level: str) -> Place:
    """The place of ``level`` on the way from the city to the grid where the matter lies."""
    if level == "micro_grid":
        return _micro_grid(inhabited.town.grid)
    way = [*inhabited.town.grid.ancestors(), inhabited.town.grid]
    return next(place for place in way if place.level == level)


def elsewhere(inhabited: World, level: str) -> Place:
    """A place of ``level`` in another county."""
    place = inhabited.town.city
    for code, down in (("990103000000", "county"), ("990103001000", "street"), ("990103001001", "community")):
        found = Place.objects.filter(code=code).first()
        place = found or add_place(name="西城", level=down, parent=place, actor=None, now=MONDAY, code=code)
        if down == level:
            return place
    grid = add_place(name="西城网格", level="grid", parent=place, actor=None, now=MONDAY)
    return grid if level == "grid" else _micro_grid(grid)


def opens(client: Client, route: Route, values: dict[str, str]) -> bool:
    """Whether the page is shown, or leads on to a page that is."""
    answer = client.get(str(route.address(values)))
    assert answer.status_code in (200, 302, 303, 404, 405), (route.pattern, answer.status_code)
    return answer.status_code in (200, 405) or (
        answer.status_code in (302, 303) and not answer["Location"].startswith("/sign-in/")
    )


ALIKE = {
    (row.level, row.reach, frozenset(row.capabilities)): row
    for row in reversed(POST_KINDS)
    if row.family != "system"
}
"""One kind of post of those that may do the same at the same level: its doors are those of the others.

Systems see no pages: whoever comes in with a key is signed in nowhere (``people/tests/test_clients.py``).
What their keys open is tried for each call that the OpenAPI document names, by scope and kind of system, in
``fronts/open/rest/tests/test_doors.py``.
"""


def away() -> list[PostKindData]:
    """Posts of another county that together have every capability in every reach, the most able first."""
    chosen, tried = list[PostKindData](), set[tuple[str, str]]()
    for row in sorted(ALIKE.values(), key=lambda row: -len(row.capabilities)):
        may = {(row.reach, capability) for capability in row.capabilities}
        if row.level != "city" and not may <= tried:
            chosen.append(row)
            tried |= may
    return chosen


ROLES = [*((row.code, True) for row in ALIKE.values()), *((row.code, False) for row in away())]


def wrong_doors(
    client: Client, every: Iterable[Route], inhabited: World, row: PostKind, place: Place
) -> list[str]:
    """The addresses that open to ``row`` at ``place`` and should not, or should and do not."""
    at_home = inhabited.town.grid.path.startswith(place.path) or place.path.startswith(
        inhabited.town.grid.path
    )
    values = {**inhabited.values()[0], "code": place.code if at_home else inhabited.town.community.code}
    wrong = []
    for route in every:
        one = inhabited.dispute if route.pattern.endswith("/agreement/") else inhabited.private
        asked = needs(route)
        about_one = any(part in route.pattern for part in ABOUT_ONE)
        covers = not about_one or inhabited.town.grid.path.startswith(place.path)
        covers &= all(place.level == level for part, level in ONLY_AT.items() if part in route.pattern)
        if route.pattern.endswith(("<int:estate>/runs/", "<int:block>/runs/")):
            covers = inhabited.town.community.path.startswith(place.path)
        by_place = row.reach == "place" or (row.reach == "hands" and not asked.intersection(IN_HANDS))
        reached = (
            covers and at_home and by_place
            if "<" in route.pattern.removesuffix(FORM).replace(SYSTEM, "")
            else True
        )
        if route.pattern in OVER_A_PLACE:
            reached = by_place
        if route.pattern.startswith(OF_THE_CITY):
            reached = True
        expected = asked <= set(row.capabilities) and reached
        if asked and opens(client, route, {**values, "number": one.number}) != expected:
            wrong.append(f"{route.pattern} ({', '.join(sorted(asked))}): expected {expected}")
    return wrong


@pytest.mark.parametrize(("kind", "at_home"), ROLES)
def test_every_post_at_every_door(kind: str, at_home: bool, client: Client, inhabited: World) -> None:
    row = PostKind.objects.get(pk=kind)
    place = here(inhabited, row.level) if at_home else elsewhere(inhabited, row.level)
    client.force_login(_holder(kind, place))
    assert wrong_doors(client, routes(get_resolver().url_patterns), inhabited, row, place) == []


def test_breach(client: Client, settings: Settings, inhabited: World) -> None:
    settings.ROOT_URLCONF = "tests.house.test_05_views"
    auditor = PostKind.objects.get(pk="auditor")
    client.force_login(_holder("auditor", inhabited.town.city))
    every = list(routes(get_resolver().url_patterns))
    wrong = wrong_doors(client, every, inhabited, auditor, inhabited.town.city)
    assert wrong == ["m/<str:number>/ (matters.see): expected False"]


def _holder(kind: str, place: Place) -> User:
    user = person("一位工作人员")
    appoint(add_post(kind, place, actor=None, now=MONDAY, serial=90), user, actor=None, now=MONDAY)
    return user


def _micro_grid(grid: Place) -> Place:
    return add_place(name="微网格", level="micro_grid", parent=grid, actor=None, now=MONDAY)
