"""What an indicator takes from the cube: the same on every engine, and what the facts come to one by one."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings

from silin.facts.duck import opened, show
from silin.facts.exporting import export
from silin.facts.expressions import Term, divide, parse
from silin.facts.folding import fold
from silin.facts.models import Fact
from silin.facts.statement import cells_of_facts
from silin.facts.sums import Sums, sums
from silin.facts.tests.books import facts
from silin.facts.tests.test_cube import quiet, random_story, taken_back

UNITS = ["990102001001", "990102001002", "nobody"]
MONTHS = [202512, *range(202601, 202613), 202701]
SOME = [202601, 202604, 202612]

WRITTEN = (
    "count(matter.closed)",
    "count(matter.closed, on_time and kind == report)",
    "count(matter.closed, not on_time or channel != web)",
    "sum(matter.closed, category == light)",
    "hours(matter.closed, level in (grid, city))",
    "grades(matter.reviewed)",
    "count(matter.reviewed, grade <= 2)",
    "last(stock.lifts)",
    "sum(outside.gas.of)",
)


@settings(random_story, max_examples=8)
@given(facts(least=9))
def test_every_engine_gives_the_same_figures(db: None, rows: list[Fact]) -> None:
    terms = [term for text in WRITTEN if isinstance(term := parse(text), Term)]
    assert len(terms) == len(WRITTEN)
    with tempfile.TemporaryDirectory() as name, taken_back():
        Fact.objects.bulk_create(rows)
        fold()
        export(Path(name), [], quiet)
        here, there = sums(terms, UNITS, MONTHS), _by_engine(terms, Path(name) / "facts")
        some = sums(terms, UNITS, SOME)
    for term in terms:
        assert np.array_equal(here.figures[term], there.figures[term]), term
    closed, timely = (here.figures[term] for term in terms[:2])
    assert np.array_equal(divide(timely, closed), divide(there.figures[terms[1]], closed), equal_nan=True)
    assert here.words == there.words
    _as_counted(rows, here, terms)
    at = [MONTHS.index(month) for month in SOME]
    for term in terms:
        assert np.array_equal(some.figures[term], here.figures[term][:, at]), term


def _by_engine(terms: list[Term], folder: Path) -> Sums:
    with opened() as engine:
        show(engine, folder)
        engine.execute(f"CREATE TABLE facts_cell AS {cells_of_facts()}")
        return sums(terms, UNITS, MONTHS, run=lambda text: engine.execute(text).fetchall())


def _as_counted(rows: list[Fact], book: Sums, terms: list[Term]) -> None:
    """Four of them counted one by one."""
    for at, unit in enumerate(UNITS):
        ours = [row for row in rows if row.unit == unit]
        closed = [row for row in ours if row.name == "matter.closed" and row.ym in MONTHS]
        graded = [row for row in ours if row.name == "matter.reviewed" and row.ym in MONTHS]
        near = [row for row in closed if row.level in ("grid", "city")]
        came_to = {
            terms[1]: sum(row.n for row in closed if row.on_time and row.kind == "report"),
            terms[4]: sum(row.n * math.floor((row.hours or 0) * 3600 + 0.5) for row in near) / 3600,
            terms[6]: sum(row.n for row in graded if row.grade is not None and row.grade <= 2),
        }
        for term, counted in came_to.items():
            assert math.isclose(book.figures[term][at].sum(), counted, abs_tol=1e-6), term
        stood = sum(row.n * row.amount for row in ours if row.name == "stock.lifts" and row.ym <= MONTHS[-1])
        assert book.figures[terms[7]][at][-1] == stood
