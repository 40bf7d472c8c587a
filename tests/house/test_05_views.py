"""House test 5: every view says who may see it, and a stranger gets "not found"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path
from pytest_django import Settings

from silin.accounts.models import User
from silin.matters.models import Matter
from tests.house import world
from tests.house.world import World

pytestmark = pytest.mark.matrix
AUDIENCES = ("Everyone", "Staff", "Whoever", "Residents")
OPEN, OWN = "Everyone", "Whoever is signed in"
NOT_OURS = {"django.views.i18n.set_language": "Everyone: the language of the pages, by POST only."}
HELD = {
    "metrics": "the token or the address is the key; silin/operation/tests try wrong ones",
    "r/<str:secret>/": "the link is the key; silin/matters/tests try wrong and used ones",
    **dict.fromkeys(
        (f"a/<str:secret>/{rest}" for rest in ("", "photos/<uuid:pk>/", "photos/<uuid:pk>/thumb/", "voice/")),
        "the link and the phone are the key; silin/matters/tests try strangers, wrong and ended ones",
    ),
    "join/<str:secret>/": "the slip is the key; silin/people/tests try wrong and used ones",
    "report/voice/<uuid:draft>/": "the same",
    "report/photos/<uuid:draft>/<slug:sha256>/": "a draft belongs to one browser; its own tests have two",
}
"""Addresses opened by what somebody holds, not by who they are; with the reason."""
PROGRAMS = {
    "api/v1/": "a key is the key; silin/fronts/open/rest/tests/test_doors.py walks the document itself"
}
"""Doors for programs: no page of ours lies behind them."""

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Route:
    """One address of the product: its pattern, its view, and who may see it by the view's own words."""

    pattern: str
    view: View

    @property
    def name(self) -> str:
        return f"{self.view.__module__}.{self.view.__qualname__}"

    @property
    def words(self) -> str:
        return (NOT_OURS.get(self.name) or self.view.__doc__ or "").strip()

    @property
    def is_open(self) -> bool:
        return self.words.startswith(OPEN)

    @property
    def is_own(self) -> bool:
        return self.words.startswith(OWN)

    def address(self, values: dict[str, str]) -> str | None:
        """The address with every part filled in; None when there is nothing for a part."""
        address = "/" + self.pattern
        for part in [word.split(">")[0] for word in self.pattern.split("<")[1:]]:
            value = values.get(part) or values.get(part.split(":")[-1])
            if value is None:
                return None
            address = address.replace(f"<{part}>", value)
        return address


def routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Route]:
    """Every address below ``patterns``."""
    for pattern in patterns:
        whole = before + str(pattern.pattern)
        if whole in PROGRAMS:
            continue
        if isinstance(pattern, URLPattern):
            yield Route(whole, pattern.callback)
        else:
            yield from routes(pattern.url_patterns, whole)


def silent(every: Iterable[Route]) -> list[str]:
    """Views whose first words do not say who may see them."""
    return [f"{route.pattern}: {route.name}" for route in every if not route.words.startswith(AUDIENCES)]


def leaks(client: Client, every: Iterable[Route], values: Iterable[dict[str, str]]) -> list[str]:
    """Addresses that answer ``client`` with anything else than "not found" or the way to the sign-in."""
    found = []
    for route in every:
        for address in {route.address(each) for each in values} - {None}:
            for ask in (client.get, client.post):
                answer = ask(str(address))
                to_the_door = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
                if not (answer.status_code in (404, 405) or to_the_door):
                    found.append(f"{address}: {answer.status_code}")
    return found


def unseen(client: Client, every: Iterable[Route], inhabited: World) -> list[str]:
    """Addresses that none of the people who live and work here gets to see."""
    left, values = list(every), inhabited.values()
    for person in inhabited.people().values():
        client.force_login(person)
        left = [route for route in left if not _is_seen(client, route, values)]
    return [route.pattern for route in left]


def _is_seen(client: Client, route: Route, values: Iterable[dict[str, str]]) -> bool:
    addresses = dict.fromkeys(str(route.address(each)) for each in values)
    answers = (client.get(address) for address in addresses)
    return any(answer.status_code in (200, 405) or _leads_on(answer) for answer in answers)


def _leads_on(answer: Any) -> bool:
    return answer.status_code == 302 and not answer["Location"].startswith("/sign-in/")


@pytest.fixture
def inhabited(db: None) -> World:
    return world.make()


@pytest.fixture
def every() -> list[Route]:
    return list(routes(get_resolver().url_patterns))


def test_every_view_says_who_may_see_it(every: list[Route]) -> None:
    assert len(every) > 20
    assert silent(every) == []


def test_a_passer_by_sees_nothing(client: Client, every: list[Route], inhabited: World) -> None:
    closed = [route for route in every if not route.is_open]
    assert leaks(client, closed, inhabited.values()) == []
    assert Matter.objects.get(pk=inhabited.private.pk).version == inhabited.private.version


def test_somebody_without_a_post_sees_nothing(client: Client, every: list[Route], inhabited: World) -> None:
    client.force_login(inhabited.town.stranger)
    closed = [route for route in every if not route.is_open and not route.is_own]
    assert leaks(client, closed, inhabited.values()) == []
    assert Matter.objects.get(pk=inhabited.private.pk).version == inhabited.private.version


def test_a_worker_of_the_next_community_sees_nothing_of_this_one(
    client: Client, every: list[Route], inhabited: World
) -> None:
    client.force_login(_neighbour(inhabited))
    about_one = [route for route in every if not route.is_open and "<" in route.pattern]
    assert leaks(client, about_one, inhabited.values()[:1]) == []


def _neighbour(inhabited: World) -> User:
    from silin.people.actions import add_post, appoint
    from tests.town import MONDAY, person

    user = person("隔壁的网格员")
    post = add_post("grid_worker", inhabited.town.other_grid, actor=None, now=MONDAY)
    appoint(post, user, actor=None, now=MONDAY)
    return user


def test_what_is_closed_opens_for_somebody(client: Client, every: list[Route], inhabited: World) -> None:
    closed = [route for route in every if not route.is_open and route.pattern not in HELD]
    assert unseen(client, closed, inhabited) == []


def test_what_is_open_fails_for_nobody(client: Client, every: list[Route], inhabited: World) -> None:
    for route in every:
        address = route.address(inhabited.values()[0])
        if route.is_open and address:
            assert client.get(address).status_code != 500, address


def careless(request: HttpRequest, number: str) -> HttpResponse:
    """Staff with ``matters.see``: forgot to ask."""
    return HttpResponse(number)


def wordless(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def shut(request: HttpRequest) -> HttpResponse:
    """Staff: but nobody has that post."""
    return HttpResponse(status=404)


urlpatterns = [path("m/<str:number>/", careless), path("silent/", wordless), path("shut/", shut)]


def test_breach(client: Client, settings: Settings, inhabited: World) -> None:
    settings.ROOT_URLCONF = __name__
    careful = list(routes(get_resolver().url_patterns))
    assert silent(careful) == [f"silent/: {__name__}.wordless"]
    assert leaks(client, careful, [{"number": "K7QM3XZP"}]) == [
        "/m/K7QM3XZP/: 200",
        "/m/K7QM3XZP/: 200",
        "/silent/: 200",
        "/silent/: 200",
    ]
    assert unseen(client, careful, inhabited) == ["shut/"]
