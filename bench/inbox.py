"""The list of 50 matters of a street's desk, with 10 thousand, 100 thousand and a million in the table.

Floor: one hand-written SELECT of the same rows and columns, by the same index, as JSON.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import measure
from bench.report import Line
from silin.lib.ids import ALPHABET, new_id
from silin.matters.models import Matter
from silin.matters.queries import inbox
from tests.town import Town, build

SIZES = (10_000, 100_000, 1_000_000)
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
WHERE m.placed_path >= ? AND m.placed_path < ? AND m.state IN ('assigned', 'in_hand', 'waiting')
ORDER BY m.handle_due, m.id LIMIT 51
"""


def run() -> Iterator[Line]:
    """One line a size: CPU of Silin's list, of the floor, their ratio, statements."""
    now = timezone.now()
    town = build(now)
    start, there = now - timedelta(days=700), 0
    for size in SIZES:
        _fill(town, start, there, size)
        there = size
        yield _measured(town, now, size)


def _measured(town: Town, now: datetime, size: int) -> Line:
    raw = sqlite3.connect(str(connection.settings_dict["NAME"]))
    ours, floor = (lambda: _ours(town, now)), (lambda: _floor(raw, town))
    ours(), floor()
    with CaptureQueriesContext(connection) as seen:
        ours()
    costs = measure.in_turns(
        {"ours": lambda: measure.here(ours, 20), "floor": lambda: measure.here(floor, 20)}, rounds=7
    )
    ratio = costs["floor"].cpu / costs["ours"].cpu
    note = f"{costs['ours'].cpu:.2f} ms CPU, floor {costs['floor'].cpu:.2f} ms, {len(seen)} statements"
    return Line(f"list of 50 among {size:,}", "one SELECT + JSON", f"{ratio:.2f}", "≥ 0.40", note)


def _ours(town: Town, now: datetime) -> str:
    town.guo.__dict__.pop("_holdings", None)
    rows = inbox(town.guo, "going", now).rows
    return json.dumps(
        [
            [getattr(row, name) for name in COLUMNS]
            + [row.category.name, row.place.name, str(row.building or ""), str(row.holder or "")]
            for row in rows
        ],
        default=str,
    )


def _floor(raw: sqlite3.Connection, town: Town) -> str:
    path = town.street.path
    return json.dumps(raw.execute(FLOOR, (path, path + "a")).fetchall()[:50])


def _fill(town: Town, start: datetime, there: int, size: int) -> None:
    """Matters of the past two years: one in two hundred is still going on, as in a street that works."""
    batch: list[Matter] = []
    for n in range(there, size):
        batch.append(_matter(town, start, n))
        if len(batch) == 5_000:
            Matter.objects.bulk_create(batch)
            batch = []
            print(f"\r  filling {n + 1:,} / {size:,}", end="", file=sys.stderr)
    Matter.objects.bulk_create(batch)
    print(file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _matter(town: Town, start: datetime, n: int) -> Matter:
    at = start + timedelta(minutes=n)
    going = n % 200 == 0
    return Matter(
        id=new_id(),
        number=_number(n),
        kind="report",
        category=town.lamp,
        title="楼门口的灯不亮",
        channel="web",
        place=town.grid,
        placed_path=town.grid.path,
        unit=town.community.code,
        building=town.building,
        state="assigned" if going else "closed",
        holder=town.worker_post,
        raiser=town.chen,
        raised_at=at,
        clock_from=at,
        handle_due=at + timedelta(days=3),
        next_due=at + timedelta(days=3) if going else None,
    )


def _number(n: int) -> str:
    signs = []
    for _ in range(8):
        n, rest = divmod(n, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def is_possible() -> bool:
    """The floor is written for SQLite."""
    return Path(str(connection.settings_dict["NAME"])).suffix == ".sqlite3"
