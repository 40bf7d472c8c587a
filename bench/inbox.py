"""The list of 50 matters of a street's desk and of the city's, with 10 thousand to a million in the table.

One matter in two hundred is open. Three hundred of the open ones lie in the street; all others, open or
closed, lie in another county. Floor: one hand-written SELECT of the same rows and columns, as JSON.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import measure
from bench.report import Line
from silin.accounts.models import User
from silin.lib.ids import ALPHABET, new_id
from silin.matters.models import Matter
from silin.matters.queries import inbox
from silin.places.actions import add_place
from silin.places.models import Place
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
    away = _other_county(town, now)
    start, there = now - timedelta(days=700), 0
    for size in SIZES:
        _fill(town, away, start, there, size)
        there = size
        yield _measured("street", town.guo, town.street, now, size)
        yield _measured("city", town.zhou, town.city, now, size)


def _other_county(town: Town, now: datetime) -> Place:
    place = town.city
    for code, level in (
        ("990103000000", "county"),
        ("990103001000", "street"),
        ("990103001001", "community"),
    ):
        place = add_place(name="西城", level=level, parent=place, actor=None, now=now, code=code)
    return place


def _measured(who: str, user: User, root: Place, now: datetime, size: int) -> Line:
    raw = sqlite3.connect(str(connection.settings_dict["NAME"]))

    def ours() -> str:
        return _ours(user, now)

    def floor() -> str:
        return _floor(raw, root)

    ours(), floor()
    with CaptureQueriesContext(connection) as seen:
        ours()
    costs = measure.in_turns(
        {"ours": lambda: measure.here(ours, 20), "floor": lambda: measure.here(floor, 20)}, rounds=7
    )
    ratio = costs["floor"].cpu / costs["ours"].cpu
    note = f"{costs['ours'].cpu:.2f} ms CPU, floor {costs['floor'].cpu:.2f} ms, {len(seen)} statements"
    return Line(
        f"list of 50 of the {who} among {size:,}", "one SELECT + JSON", f"{ratio:.2f}", "≥ 0.40", note
    )


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


def _floor(raw: sqlite3.Connection, root: Place) -> str:
    return json.dumps(raw.execute(FLOOR, (root.path, root.path + "a")).fetchall()[:50])


def _fill(town: Town, away: Place, start: datetime, there: int, size: int) -> None:
    batch: list[Matter] = []
    for n in range(there, size):
        batch.append(_matter(town, away, start, n))
        if len(batch) == 5_000:
            Matter.objects.bulk_create(batch)
            batch = []
            print(f"\r  filling {n + 1:,} / {size:,}", end="", file=sys.stderr)
    Matter.objects.bulk_create(batch)
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
