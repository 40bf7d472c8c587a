"""Random facts, and what they sum up to in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from hypothesis import strategies as st

from silin.facts.actions import FactRow, write
from silin.facts.models import Cell, Fact
from silin.facts.statement import COLUMNS

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
Cells = dict[tuple[object, ...], tuple[int, ...]]
DAYS = (20251231, 20260101, 20260228, 20261120, 20261231, 20270101)
HALVES = [n / 7200 for n in (1, 3, 7199, 14401)]
"""Hours that are half a second beside a whole one: there the engines round each in their own way."""


def facts(least: int = 0) -> st.SearchStrategy[list[Fact]]:
    """Rows of the book: empty groups, nothing said, corrections, ends of years, units nobody knows."""
    return st.lists(st.builds(_fact, **_COLUMNS), min_size=least, max_size=25)


_COLUMNS: dict[str, st.SearchStrategy[object]] = {
    "name": st.sampled_from(
        ["matter.closed", "matter.reviewed", "care.contact", "stock.lifts", "outside.gas.of"]
    ),
    "day": st.sampled_from(DAYS),
    "unit": st.sampled_from(["990102001001", "990102001002", "99", "nowhere"]),
    "kind": st.sampled_from(["", "report"]),
    "category": st.sampled_from(["", "light", "楼道灯"]),
    "channel": st.sampled_from(["", "web"]),
    "outcome": st.sampled_from(["", "fixed"]),
    "level": st.sampled_from(["", "grid"]),
    "origin": st.sampled_from(["person", "system"]),
    "grade": st.sampled_from([None, 1, 5]),
    "on_time": st.sampled_from([None, False, True]),
    "hours": st.none() | st.sampled_from(HALVES) | st.floats(0, 10_000),
    "n": st.sampled_from([1, 1, -1]),
    "amount": st.sampled_from([0, 1, 3, -2, 10**12]),
}


def _fact(**columns: object) -> Fact:
    return Fact(ym=int(str(columns["day"])) // 100, place="", subject="matter:1", **columns)


def summed(rows: Iterable[Fact]) -> Cells:
    """The cells of these facts, reckoned one by one."""
    cells: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        words = (row.kind, row.category, row.channel, row.outcome, row.level, row.origin)
        grade = -1 if row.grade is None else row.grade
        on_time = -1 if row.on_time is None else int(row.on_time)
        cell = cells[(row.name, row.ym, row.unit, *words, grade, on_time)]
        cell[0] += row.n
        cell[1] += row.n * row.amount
        cell[2] += row.n * math.floor((row.hours or 0) * 3600 + 0.5)
        cell[3] += row.n * (row.grade or 0)
    return {key: tuple(sums) for key, sums in cells.items() if any(sums)}


def kept() -> Cells:
    """The cells of the cube as they stand."""
    return as_cells(Cell.objects.values_list(*COLUMNS))


def as_cells(rows: Iterable[tuple[object, ...]]) -> Cells:
    """Rows of all columns of the cube, by their dimensions."""
    return {row[:-4]: tuple(int(str(n)) for n in row[-4:]) for row in rows}


def raised(subject: str) -> None:
    write([FactRow.of("matter.raised", now=NOW, unit="610302007001", subject=subject)])
