"""The list of 50 matters of a street's desk and of the city's, with 10 thousand to a million in the table.

One matter in two hundred is open. Three hundred of the open ones lie in the street; all others, open or
closed, lie in another county. Floor: one hand-written SELECT of the same rows and columns, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import city, measure
from bench.nation import Side
from bench.raising import postgresql
from bench.report import Line
from silin.accounts.models import User
from silin.lib.ids import ALPHABET, new_id
from silin.matters.models import Matter
from silin.matters.queries import inbox
from silin.places.actions import add_place
from silin.places.models import Place
from tests.town import Town, build

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 50
COLUMNS = ("number", "title", "state", "colour", "channel", "handle_due", "spot")
FLOOR = """
SELECT m.number, m.title, m.state, m.colour, m.channel, m.handle_due, m.spot, c.name, p.name,
       b.number, e.name, k.title, h.name
FROM matters_matter m
JOIN matters_category c ON c.code = m.category_id
JOIN places_place p ON p.id = m.place_id
LEFT JOIN places_building b ON b.id = m.building_id
LEFT JOIN places_estate e ON e.id = b.estate_id
LEFT JOIN people_post o ON o.id = m.holder_id
LEFT JOIN people_postkind k ON k.code = o.kind_id
LEFT JOIN places_place h ON h.id = o.place_id
WHERE m.placed_path >= %s AND m.placed_path < %s AND m.state IN ('assigned', 'in_hand', 'waiting')
ORDER BY m.handle_due, m.id LIMIT 51
"""


def run() -> Iterator[Line]:
    """One line a size, on both databases: CPU of Silin's list, of the floor, their ratio, statements."""
    yield from _sizes("SQLite", Side(f"sqlite:///{os.environ['SILIN_HOME']}/inbox.sqlite3"))
    with contextlib.suppress(RuntimeError):
        yield from _sizes("PostgreSQL", Side(*postgresql("inbox")))


def _sizes(database: str, side: Side) -> Iterator[Line]:
    with city.database(side.url):
        now = timezone.now()
        town = build(now)
        away = _other_county(town, now)
        start, there = now - timedelta(days=700), 0
        for size in SIZES:
            _fill(town, away, start, there, size)
            there = size
            for who, user, root in (("street", town.guo, town.street), ("city", town.zhou, town.city)):
                yield _measured(f"list of 50 of the {who} among {size:,}, {database}", side, user, root, now)


def _other_county(town: Town, now: datetime) -> Place:
    place = town.city
    for code, level in (
        ("990103000000", "county"),
        ("990103001000", "street"),
        ("990103001001", "community"),
    ):
        place = add_place(name="西城", level=level, parent=place, actor=None, now=now, code=code)
    return place


def _measured(work: str, side: Side, user: User, root: Place, now: datetime) -> Line:
    side.works = {"ours": lambda: _ours(user, now), "floor": lambda: _floor(root)}
    side.works["ours"]()
    with CaptureQueriesContext(connection) as seen:
        side.works["ours"]()
    costs = measure.in_turns({name: partial(side.cost, name, times=TIMES) for name in side.works}, rounds=7)
    ratio = costs["floor"].cpu / costs["ours"].cpu
    note = f"{costs['ours'].cpu:.2f} ms CPU, floor {costs['floor'].cpu:.2f} ms, {len(seen)} statements"
    return Line(work, "one SELECT + JSON", f"{ratio:.2f}", "≥ 0.40", note)


def _ours(user: User, now: datetime) -> str:
    user.__dict__.pop("_holdings", None)
    rows = inbox(user, "going", now, lambda rows: rows).rows
    return json.dumps(
        [
            [getattr(row, name) for name in COLUMNS]
            + [row.category.name, row.grid, row.building, str(row.holder_kind or "")]
            for row in rows
        ],
        default=str,
    )


def _floor(root: Place) -> str:
    """By the database's own connection, without Django's wrapper."""
    connection.ensure_connection()
    raw: Any = connection.connection
    statement = FLOOR if connection.vendor == "postgresql" else FLOOR.replace("%s", "?")
    return json.dumps(raw.execute(statement, (root.path, root.path + "a")).fetchall()[:50], default=str)


def _fill(town: Town, away: Place, start: datetime, there: int, size: int) -> None:
    batch: list[Matter] = []
    for n in range(there, size):
        batch.append(_matter(town, away, start, n))
        if len(batch) == 5_000:
            Matter.objects.bulk_create(batch)
            batch = []
            print(f"\r  filling {n + 1:,} / {size:,}", end="", file=sys.stderr)
    Matter.objects.bulk_create(batch)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as it would have done by itself within a minute
            cursor.execute("VACUUM ANALYZE")
    print(file=sys.stderr)


def _matter(town: Town, away: Place, start: datetime, n: int) -> Matter:
    at = start + timedelta(minutes=n)
    here = n < 300
    going = here or n % 200 == 0
    place = town.grid if here else away
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
        building=town.building if here else None,
        state="assigned" if going else "closed",
        holder=town.worker_post,
        raiser=town.chen,
        raised_at=at,
        clock_from=at,
        held_since=at,
        handle_due=at + timedelta(days=3),
        next_due=at + timedelta(days=3) if going else None,
    )


def number_of(n: int) -> str:
    """A number of its own for each ``n``."""
    signs = []
    for _ in range(8):
        n, rest = divmod(n, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)
