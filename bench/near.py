"""What neighbours look at: the public list of a community and of a square, the map, among 100,000 matters.

The matters lie all over a city of 40 by 20 km, one in five in the community that is asked for, so that its
pages are full in both. One in twenty is open, nine in ten are released. A database with a tenth of them is
asked in turns with it; the ratio of both costs is 1.0 where the size does not matter. Beside it the floor:
the rows of the page by one hand-written SELECT, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import city, measure
from bench.inbox import number_of
from bench.measure import Cost
from bench.nation import Side
from bench.raising import postgresql
from bench.report import Line
from silin.lib.ids import new_id
from silin.matters.cells import DEGREES, LARGE, SMALL, Square, count_cells
from silin.matters.models import Matter
from tests.town import SOUTH, WEST, Town, build

FEW, MANY = 10_000, 100_000
LARGE_BOX = f"{WEST},{SOUTH},{WEST + 0.3},{SOUTH + 0.15}"  # half of the city
ROUNDS = 3
ROWS = """
SELECT m.number, m.title, m.state, m.outcome, m.raised_at, m.handle_due, m.me_toos, c.name, p.name, o.name
FROM matters_matter m
JOIN matters_category c ON c.code = m.category_id
JOIN places_place p ON p.id = m.place_id
JOIN places_place o ON o.id = p.parent_id
WHERE m.released_at IS NOT NULL AND {where}
ORDER BY m.raised_at DESC, m.id DESC LIMIT 21
"""
CELLS = """
SELECT x, y, going, late, done FROM matters_mapcell WHERE {where} ORDER BY going DESC, done DESC LIMIT 300
"""
SUMS = "SELECT SUM(going), SUM(late), SUM(done) FROM matters_mapcell WHERE {where}"
OPEN = "m.state IN ('raised', 'assigned', 'in_hand', 'waiting', 'answered')"


@dataclass(frozen=True)
class Look:
    """A page, and the statement that gives the same rows."""

    address: str
    floor: str


def run() -> Iterator[Line]:
    """A line for each page, on both databases."""
    call_command("collectstatic", verbosity=0, interactive=False)
    small, large = (f"sqlite:///{os.environ['SILIN_HOME']}/near-{n}.sqlite3" for n in (FEW, MANY))
    yield from _measured("SQLite", Side(small), Side(large))
    with contextlib.suppress(RuntimeError):
        urls = [postgresql(f"near{n}") for n in (FEW, MANY)]
        yield from _measured("PostgreSQL", *(Side(url, pid) for url, pid in urls))


def _measured(database: str, small: Side, large: Side) -> Iterator[Line]:
    for side, size in ((small, FEW), (large, MANY)):
        with city.database(side.url):
            counted = _settle(side, size)
    for work in [name for name in small.works if not name.startswith("floor: ")]:
        costs = measure.in_turns(
            {
                "small": partial(small.cost, work),
                "large": partial(large.cost, work),
                "floor": partial(large.cost, f"floor: {work}"),
            },
            ROUNDS,
        )
        yield _line(f"{work}, {database}", costs, small.statements[work], large.statements[work])
    yield Line(
        f"the clock counts the squares, {database}",
        "–",
        f"{counted.cpu:.0f} ms CPU",
        "–",
        f"{MANY:,} matters, once in a while in the background",
    )


def _settle(side: Side, size: int) -> Cost:
    """The town and its matters; what the clock takes to count the squares."""
    now = timezone.now()
    town = build(now)
    start = now - timedelta(days=700)
    minutes = 690 * 24 * 60 // size
    for begin in range(0, size, 5_000):
        Matter.objects.bulk_create(
            _matter(town, start + timedelta(minutes=n * minutes), n) for n in range(begin, begin + 5_000)
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as it would have done by itself within a minute
            cursor.execute("VACUUM ANALYZE")
    counted = measure.here(lambda: count_cells(now), 1)
    client = Client(headers={"host": "127.0.0.1"})
    for name, look in _looks(town).items():
        side.works[name] = partial(_get, client, look.address)
        side.works[f"floor: {name}"] = partial(_rows, look.floor)
        side.works[name]()
        with CaptureQueriesContext(connection) as seen:
            side.works[name]()
        side.statements[name] = len(seen)
    return counted


def _looks(town: Town) -> dict[str, Look]:
    unit = town.community.unit
    small, large = _square(SMALL), _square(LARGE)
    west, south, east, north = large.edges
    within = f"x >= {west / DEGREES[SMALL]:.0f} AND x < {east / DEGREES[SMALL]:.0f}"
    within += f" AND y >= {south / DEGREES[SMALL]:.0f} AND y < {north / DEGREES[SMALL]:.0f}"
    own, whole = f"size = 1 AND unit = '{unit}'", "size = 0 AND unit = ''"
    return {
        "list of a community": Look(
            f"/near/?at={town.community.code}", ROWS.format(where=f"m.unit = '{unit}' AND {OPEN}")
        ),
        "list of a community, all": Look(
            f"/near/?at={town.community.code}&show=all", ROWS.format(where=f"m.unit = '{unit}'")
        ),
        "list of the city": Look("/near/?at=", ROWS.format(where=OPEN)),
        "list of a small square": Look(f"/near/?show=all&in={small}", ROWS.format(where=_inside(small))),
        "list of a large square": Look(f"/near/?show=all&in={large}", ROWS.format(where=_inside(large))),
        "map of a community": Look(f"/near/map/?at={town.community.code}", SUMS.format(where=own)),
        "map of the city": Look("/near/map/?at=", SUMS.format(where=whole)),
        "shapes of a community": Look(
            f"/near/shapes.geojson?at={town.community.code}", CELLS.format(where=own)
        ),
        "shapes of the city": Look("/near/shapes.geojson?at=", CELLS.format(where=whole)),
        "GeoJSON of a community": Look(
            f"/open/matters.geojson?at={town.community.code}", _rows_of(f"m.unit = '{unit}'")
        ),
        "GeoJSON of the city": Look("/open/matters.geojson", _rows_of("TRUE")),
        "GeoJSON of a small box": Look(f"/open/matters.geojson?bbox={_box(small)}", _rows_of(_inside(small))),
        "GeoJSON of a large box": Look(f"/open/matters.geojson?bbox={LARGE_BOX}", _rows_of("TRUE")),
        "Open311 requests of 90 days": Look("/open311/v2/requests.json", _rows_of("TRUE", 1001)),
        "shapes of a large square": Look(
            f"/near/shapes.geojson?in={large}", CELLS.format(where=f"size = 1 AND {within}")
        ),
    }


def _rows_of(where: str, most: int = 501) -> str:
    """The rows of one page of what programs read."""
    return ROWS.format(where=where).replace("LIMIT 21", f"LIMIT {most}")


def _box(square: Square) -> str:
    """A box within the square, in an address."""
    west, south, east, north = square.edges
    return f"{west + 1e-6},{south + 1e-6},{east - 1e-6},{north - 1e-6}"


def _square(size: int) -> Square:
    """The square round the middle of the community."""
    degrees = DEGREES[size]
    return Square(size, int((WEST + 0.005) / degrees), int((SOUTH + 0.005) / degrees))


def _inside(square: Square) -> str:
    west, south, east, north = square.edges
    return f"m.lat >= {south} AND m.lat < {north} AND m.lon >= {west} AND m.lon < {east}"


def _matter(town: Town, at: datetime, n: int) -> Matter:
    here = n % 5 == 0
    going, released = n * 0.569840 % 1 < 0.05, n * 0.324718 % 1 < 0.9
    place = town.grid if here else town.other_grid
    east, north = n * 0.618034 % 1, n * 0.754878 % 1
    return Matter(
        id=new_id(),
        number=number_of(n),
        kind="report",
        category=town.lamp,
        title="楼门口的灯不亮",
        channel="web",
        place=place,
        placed_path=place.path,
        unit=place.unit,
        lon=WEST + east * (0.01 if here else 0.4),
        lat=SOUTH + north * (0.01 if here else 0.2),
        state="assigned" if going else "closed",
        outcome="" if going else "fixed",
        holder=town.worker_post,
        raiser=town.chen,
        raised_at=at,
        released_at=at if released else None,
        clock_from=at,
        held_since=at,
        handle_due=at + timedelta(days=3),
        closed_at=None if going else at + timedelta(days=2),
    )


def _get(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200, address


def _rows(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return json.dumps(cursor.fetchall(), default=str)


def _line(work: str, costs: dict[str, Cost], few: int, many: int) -> Line:
    small, large, floor = costs["small"], costs["large"], costs["floor"]
    return Line(
        f"{work}, among {MANY:,}",
        f"among {FEW:,}; one SELECT + JSON",
        f"{large.cpu / small.cpu:.2f} CPU; {floor.cpu / large.cpu:.2f}",
        "about 1; –",
        f"{large.cpu:.1f} ms CPU beside {small.cpu:.1f}; floor {floor.cpu:.1f}; statements {many}, {few}",
    )
