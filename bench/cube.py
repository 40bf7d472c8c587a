"""The cube of ten million facts and the 133 indicators from it, beside a cube query written by hand.

In DuckDB over Parquet: our statement, that of somebody who writes ``GROUP BY`` straight on (sums of floats,
NULL left as it is), and all figures of a year from our cube: 12 months, every community, street, county and
the city, with points. In the databases, with a million facts: the cube reckoned again, beside the same
``CREATE TABLE … AS`` by hand; and one fact that comes late.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils import timezone

from bench import city, measure
from bench.many import UNITS, lay_down
from bench.measure import Cost
from bench.raising import postgresql
from bench.report import Line
from silin.assessment.measuring import TAKES_PART, Ground
from silin.assessment.measuring import measure as measure_period
from silin.assessment.models import Indicator
from silin.assessment.periods import Period
from silin.assessment.sample import load_sample
from silin.facts.actions import FactRow, write
from silin.facts.duck import opened, show
from silin.facts.exporting import TYPES
from silin.facts.folding import fold
from silin.facts.models import Cell
from silin.facts.rebuilding import rebuild
from silin.facts.statement import cells_of_facts
from silin.facts.sums import sums
from silin.lib.ids import new_id
from silin.places.levels import Level

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANY, SOME, LATE, ROUNDS = 10_000_000, 1_000_000, 30, 5
BY_HAND = """
SELECT name, unit, ym, kind, category, channel, outcome, level, origin, grade, on_time,
  SUM(n) AS n, SUM(n * amount) AS amount, SUM(n * hours) AS hours, SUM(n * grade) AS grades
FROM facts_fact GROUP BY name, unit, ym, kind, category, channel, outcome, level, origin, grade, on_time
"""


def run() -> Iterator[Line]:
    """Three lines for the engine, and three for each database."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        with city.database(f"sqlite:///{os.environ['SILIN_HOME']}/cube.sqlite3"):
            load_sample(now=timezone.now())
            indicators = list(Indicator.objects.order_by("order"))
            names = {term.name for each in indicators for term in each.terms} | {TAKES_PART.name}
            lay_down(folder / "many", names, MANY)
            lay_down(folder / "some", names, SOME)
            yield from _by_engine(folder / "many", indicators)
            yield from _in_database("SQLite", folder / "some", 0)
        with contextlib.suppress(RuntimeError):
            url, server = postgresql("cube")
            with city.database(url):
                yield from _in_database("PostgreSQL", folder / "some", server)


def _by_engine(folder: Path, indicators: Sequence[Indicator]) -> Iterator[Line]:
    ground = _ground()
    with opened() as engine:
        show(engine, folder)
        costs = measure.in_turns(
            {
                "hand": partial(measure.here, partial(_made, engine, "by_hand", BY_HAND), 1),
                "cube": partial(measure.here, partial(_made, engine, "facts_cell", cells_of_facts()), 1),
                "figures": partial(measure.here, partial(_year, engine, indicators, ground), 1),
            },
            ROUNDS,
        )
        cells = _one(engine, "SELECT COUNT(*) FROM facts_cell")
        facts = _one(engine, "SELECT COUNT(*) FROM facts_fact")
    hand, cube, year = costs["hand"], costs["cube"], costs["figures"]
    against = "a cube query by hand, the same Parquet, DuckDB"
    whole = Cost(cube.cpu + year.cpu, cube.wall + year.wall)
    yield _line(f"cube of {facts:,} facts", against, cube, hand, "–", f"{cells:,} cells")
    note = f"of these {year.cpu:,.0f} ms CPU, {year.wall:,.0f} ms for the figures"
    work = f"cube and {len(indicators)} indicators, {len(ground.codes)} places, 12 months, with points"
    yield _line(work, against, whole, hand, "≥ 0.50", note)


def _line(work: str, against: str, ours: Cost, floor: Cost, goal: str, note: str) -> Line:
    said = (
        f"{ours.cpu:,.0f} ms CPU, {ours.wall:,.0f} ms; floor {floor.cpu:,.0f}, {floor.wall:,.0f}; {note}; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    return Line(
        work, against, f"{floor.cpu / ours.cpu:.2f} CPU, {floor.wall / ours.wall:.2f} wall", goal, said
    )


def _made(engine: DuckDBPyConnection, table: str, statement: str) -> None:
    engine.execute(f"CREATE OR REPLACE TABLE {table} AS {statement}")


def _one(engine: DuckDBPyConnection, statement: str) -> int:
    [(found,)] = engine.execute(statement).fetchall()
    return int(found)


def _ground() -> Ground:
    """A city, 4 counties, 21 streets and the communities, each in the one before."""
    counties = [f"9901{n:02d}" for n in range(4)]
    streets = sorted({unit[:9] for unit in UNITS})
    codes = ["9901", *counties, *streets, *UNITS]
    sizes = {Level.CITY: 1, Level.COUNTY: 4, Level.STREET: len(streets), Level.COMMUNITY: len(UNITS)}
    levels = [str(level) for level, size in sizes.items() for _ in range(size)]
    parents = [0] * 5 + [1 + at % 4 for at in range(len(streets))]
    parents += [5 + streets.index(unit[:9]) for unit in UNITS]
    pairs = [(at, top) for at in range(len(codes)) for top in _up(at, parents)]
    inner, outer = np.array(pairs, dtype=np.intp).T
    return Ground(codes, levels, inner, outer, np.array(parents, dtype=np.intp))


def _up(at: int, parents: Sequence[int]) -> Iterator[int]:
    """A place and all that it lies in."""
    yield at
    while at:
        at = parents[at]
        yield at


def _year(engine: DuckDBPyConnection, indicators: Sequence[Indicator], ground: Ground) -> None:
    """Every figure of the twelve months, from the cube that lies in the engine."""
    months = [202600 + month for month in range(1, 13)]
    terms = [*(term for each in indicators for term in each.terms), TAKES_PART]
    book = sums(terms, ground.codes, months, run=lambda text: engine.execute(text).fetchall())
    for month in months:
        measure_period(indicators, book, ground, Period.parse(f"2026-{month % 100:02d}"), pull=30)


def _in_database(database: str, folder: Path, server: int) -> Iterator[Line]:
    _take_in(folder)
    costs = measure.in_turns(
        {
            "hand": partial(_cost, server, _by_hand_here),
            "rebuild": partial(_cost, server, _from_nothing),
            "right": partial(_cost, server, _again),
        },
        1,
    )
    cells, hand = Cell.objects.count(), costs["hand"]
    against = "the same GROUP BY by hand into a table without keys"
    note = f"{cells:,} cells with their indexes"
    yield _line(f"cube from {SOME:,} facts, {database}", against, costs["rebuild"], hand, "–", note)
    note = "every cell was right: nothing is written"
    yield _line(
        f"cube of {SOME:,} facts reckoned again, {database}", against, costs["right"], hand, "–", note
    )
    while fold():
        pass
    late = measure.in_turns({"late": partial(_cost, server, _late)}, LATE)["late"]
    note = f"{late.cpu:.1f} ms CPU; among {cells:,} cells; written and folded; load {os.getloadavg()[0]:.1f}"
    yield Line(f"one late fact, {database}", "–", f"{late.wall:.1f} ms", "≤ 50 ms", note)


def _cost(server: int, work: Any) -> Cost:
    """What it takes, the server included."""
    begun = _served(server)
    seen = measure.here(work, 1)
    return Cost(seen.cpu + _served(server) - begun, seen.wall)


def _served(server: int) -> float:
    return measure.cpu_ms(measure.tree(server), ended=True) if server else 0.0


def _take_in(folder: Path) -> None:
    """The facts of an export, into the book."""
    columns = ["id", *TYPES, "subject"]
    with opened() as engine, connection.cursor() as cursor:
        show(engine, folder)
        engine.execute("SELECT * FROM facts_fact ORDER BY day")
        marks = ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO facts_fact ({', '.join(columns)}) VALUES ({marks})"
        while rows := engine.fetchmany(20_000):
            cursor.executemany(statement, [(_id(), *row, "matter:1") for row in rows])
        cursor.execute("ANALYZE")


def _id() -> UUID | str:
    made = new_id()
    return made if connection.vendor == "postgresql" else made.hex


def _by_hand_here() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE by_hand AS {BY_HAND}")
        cursor.execute("DROP TABLE by_hand")


def _from_nothing() -> None:
    """As the jobs loop does it when the cube is new."""
    while fold():
        pass


def _again() -> None:
    wrong = rebuild(lambda _done, _total, _what: None)
    assert wrong == 0, wrong


def _late() -> None:
    now = timezone.now()
    said = {"kind": "report", "category": "c1", "channel": "web", "outcome": "fixed", "level": "grid"}
    write([FactRow.of("matter.closed", now=now, unit=UNITS[0], subject="matter:1", hours=1.5, **said)])
    assert fold() == 0
