"""The national list: how it comes in, and whether a page about one city stays as fast beside all others.

Two databases: one with the demo's prefecture alone, one with the whole country. In each the same clerk and
the same administrator look at the same places; the ratio of both costs is what is printed, 1.0 where the rest
of the country does not matter.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import shapely
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import city, measure
from bench.measure import Cost
from bench.raising import postgresql
from bench.report import Line
from silin.accounts.models import User
from silin.people.actions import add_post, appoint
from silin.places import national
from silin.places.actions import Outline, set_boundaries
from silin.places.imports import import_divisions
from silin.places.locating import locate
from silin.places.models import Place
from tests.visitors import client_of

ROUNDS, TIMES = 5, 20
CITY, COUNTY = "610300000000", "610302000000"
WEST, SOUTH, SIDE = 107.0, 34.0, 0.01
TYPED = {"two signs": "新民", "initials": "xmsq", "a usual ending": "社区", "a code": "6103020"}


@dataclass
class Side:
    """One database with what is asked of it; ``server`` is the process of its server, if it has one."""

    url: str
    server: int = 0
    works: dict[str, Callable[[], object]] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)

    def cost(self, work: str, times: int = TIMES) -> Cost:
        """What one call takes, the server included."""
        with city.pointed_at(self.url):
            self.works[work]()
            begun = self._beside()
            seen = measure.here(self.works[work], times)
            return Cost(seen.cpu + (self._beside() - begun) / times, seen.wall)

    def _beside(self) -> float:
        return measure.cpu_ms(measure.tree(self.server)) if self.server else 0.0


def run() -> Iterator[Line]:
    """A line for the import and one for each page, on both databases."""
    home = os.environ["SILIN_HOME"]
    call_command("collectstatic", verbosity=0, interactive=False)
    small, large = (f"sqlite:///{home}/nation-{name}.sqlite3" for name in ("small", "large"))
    yield from _measured("SQLite", Side(small), Side(large))
    with contextlib.suppress(RuntimeError):
        urls = [postgresql(name) for name in ("small", "large")]
        yield from _measured("PostgreSQL", *(Side(url, pid) for url, pid in urls))


def _measured(database: str, small: Side, large: Side) -> Iterator[Line]:
    with city.database(small.url):
        import_divisions(national.branch(national.find_city(CITY)), actor=None, now=timezone.now())
        _settle(small)
    with city.database(large.url):
        yield _import(database, large)
        _settle(large)
    for work in small.works:
        costs = measure.in_turns(
            {"small": partial(small.cost, work), "large": partial(large.cost, work)},
            ROUNDS,
        )
        yield _line(database, work, costs, small.statements[work], large.statements[work])


def _import(database: str, side: Side) -> Line:
    """The command as an operator gives it; what its process and the database's server used."""
    before = measure.cpu_ms([side.server], ended=True) if side.server else 0.0
    words = [sys.executable, "-m", "silin", "import", "divisions", "--national"]
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    assert status == 0
    ours = used.ru_utime + used.ru_stime
    theirs = (measure.cpu_ms([side.server], ended=True) - before) / 1000 if side.server else 0.0
    beside = f" + {theirs:.0f} s of the server" if side.server else ""
    return Line(
        f"bring in the national list, {database}",
        "–",
        f"{ours + theirs:.0f} s CPU, {used.ru_maxrss / 1024:.0f} MB",
        "≤ 300 s, < 400 MB",
        f"{Place.objects.count():,} places; {ours:.0f} s{beside}; load {os.getloadavg()[0]:.1f}",
    )


def _settle(side: Side) -> None:
    """A clerk in one community, an administrator of the city, outlines for the communities of one county."""
    now = timezone.now()
    top, county = Place.objects.get(code=CITY), Place.objects.get(code=COUNTY)
    communities = list(Place.objects.under(county).of_level("community").order_by("code"))
    outlines = [Outline(place, _square(n)) for n, place in enumerate(communities)]
    set_boundaries(outlines, timezone.localdate(now), actor=None, now=now)
    clerk, chief = User.objects.create(name="王淑琴"), User.objects.create(name="李建民")
    appoint(add_post("community_desk", communities[0], actor=None, now=now), clerk, actor=None, now=now)
    appoint(add_post("city_admin", top, actor=None, now=now), chief, actor=None, now=now)
    at_desk, at_city = client_of(clerk), client_of(chief)
    start = reverse("places:desk")
    side.works = {
        "clerk: own places": lambda: _get(at_desk, start),
        "clerk: own community": lambda: _page(at_desk, communities[0]),
        "chief: a county's list": lambda: _page(at_city, county),
        "chief: the city's list": lambda: _page(at_city, top),
        "locate a point": lambda: locate(WEST + SIDE / 2, SOUTH + SIDE / 2),
        "chief: people": lambda: at_city.post(reverse("people:desk_people"), {"q": "王"}),
        **{f"chief: {what}": partial(_get, at_city, f"{start}?q={q}") for what, q in TYPED.items()},
    }
    for name, work in side.works.items():
        work()
        with CaptureQueriesContext(connection) as seen:
            work()
        side.statements[name] = len(seen)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as it would have done by itself within a minute
            cursor.execute("ANALYZE")


def _square(n: int) -> shapely.Polygon:
    west, south = WEST + SIDE * (n % 20), SOUTH + SIDE * (n // 20)
    return shapely.box(west, south, west + SIDE, south + SIDE)


def _page(client: Client, place: Place) -> None:
    _get(client, reverse("places:desk_place", args=[place.code]))


def _get(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200, address


def _line(database: str, work: str, costs: dict[str, Cost], few: int, many: int) -> Line:
    small, large = costs["small"], costs["large"]
    return Line(
        f"{work}, {database}",
        "one city alone",
        f"{large.cpu / small.cpu:.2f} CPU, {large.wall / small.wall:.2f} wall",
        "about 1",
        f"{large.cpu:.1f} ms CPU beside {small.cpu:.1f}; {many} statements beside {few}",
    )
