"""Sums over the cube: for each term of an expression one figure a unit and month.

One statement for each name of the book, the same text for every engine; the sums are whole numbers, so every
engine gives exactly the same. Units without any fact are zero and stand in no row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from silin.facts.expressions import Figures, Term

SUMMED = {"count": "n", "sum": "amount", "last": "amount", "hours": "seconds", "grades": "grades"}
HOUR = 3600
Run = Callable[[str], Sequence[Sequence[Any]]]


@dataclass
class Sums:
    """``figures`` holds for each term an array of units × months; ``words`` every name the book knows at all.

    Stocks are what there was at the end of each month.
    """

    units: list[str]
    months: list[int]
    figures: dict[Term, Figures] = field(default_factory=dict)
    words: frozenset[str] = frozenset()


def run_here(statement: str) -> Sequence[Sequence[Any]]:
    """The rows of a statement on the city's own database."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def sums(
    terms: Iterable[Term],
    units: Sequence[str],
    months: Sequence[int],
    *,
    run: Run = run_here,
    cube: str = "facts_cell",
) -> Sums:
    """The sums of ``terms`` for ``units`` (codes) and rising ``months`` (YYYYMM); other units are left out.

    ``run`` gives the rows of a statement on an engine that knows the cube as the table ``cube``.
    """
    by_name: dict[str, list[Term]] = defaultdict(list)
    for term in dict.fromkeys(terms):
        by_name[term.name].append(term)
    book = Sums(list(units), list(months), words=_words(months[-1], run, cube))
    unit_at = {unit: at for at, unit in enumerate(units)}
    for name, asked in sorted(by_name.items()):
        _fill(book, unit_at, asked, run(statement(name, asked, months[0], months[-1], cube=cube)))
    return book


def statement(name: str, terms: Sequence[Term], first: int, last: int, *, cube: str = "facts_cell") -> str:
    """The text that sums ``terms``, all of ``name``, by unit and month; of a stock all months up to ``last``.

    Nothing in it was typed by anybody: names and words were checked against the vocabulary as they were read.
    """
    columns = ", ".join(_column(term) for term in terms)
    begins = "" if terms[0].is_stock else f" AND ym >= {first:d}"
    where = f"name = '{name}' AND ym <= {last:d}{begins}"
    return f"SELECT unit, ym, {columns} FROM {cube} WHERE {where} GROUP BY unit, ym"


def _column(term: Term) -> str:
    summed = SUMMED[term.function]
    if term.condition is not None:
        summed = f"CASE WHEN {term.condition.sql} THEN {summed} ELSE 0 END"
    return f"CAST(SUM({summed}) AS BIGINT)"


def _words(last: int, run: Run, cube: str) -> frozenset[str]:
    rows = run(f"SELECT DISTINCT name FROM {cube} WHERE ym <= {last:d}")
    return frozenset(name for (name,) in rows)


def _fill(book: Sums, unit_at: dict[str, int], terms: Sequence[Term], rows: Sequence[Sequence[Any]]) -> None:
    """Lay the rows into one array a term.

    What a stock had before a month stands in the next one that is asked for; what happened in a month that is
    not asked for is left out.
    """
    asked, stock = set(book.months), terms[0].is_stock
    kept = [row for row in rows if row[0] in unit_at and (stock or row[1] in asked)]
    shape = (len(book.units), len(book.months))
    where = (
        np.array([unit_at[row[0]] for row in kept], dtype=np.intp),
        np.array([bisect_left(book.months, row[1]) for row in kept], dtype=np.intp),
    )
    for at, term in enumerate(terms, 2):
        figures: NDArray[np.int64] = np.zeros(shape, dtype=np.int64)
        np.add.at(figures, where, np.array([row[at] for row in kept], dtype=np.int64))
        laid = np.cumsum(figures, axis=1) if term.is_stock else figures
        book.figures[term] = laid / HOUR if term.function == "hours" else laid.astype(np.float64)
