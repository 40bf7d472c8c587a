"""Millions of facts of a city that is not there: 203 communities, a year, all words that the sample asks for.

Three facts in four are of matters. Each column fills as the vocabulary says, a few of its values far more
often than the others, as it is in life. The same number always makes the same facts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from silin.facts.duck import opened, quoted
from silin.facts.exporting import TYPES
from silin.facts.vocabulary import CHANNELS, ENDINGS, LEVELS, find

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
UNITS = [f"990102{n // 10:03d}{n % 10:03d}" for n in range(203)]
KINDS = ("report", "finding", "dispute", "bad_review")
ORIGINS = ("person", "system", "department")
OF_MATTERS = 12
"""How often a word of matters stands in the urn for once of another."""

COLUMNS = """
SELECT w.name, {day} AS day, {ym} AS ym, {unit} AS unit, {unit} || '00101' AS place,
  CASE WHEN w.kind THEN {kind} ELSE '' END AS kind,
  CASE WHEN w.category THEN 'c' || CAST(FLOOR(40 * r[3] ** 4) AS INTEGER) ELSE '' END AS category,
  CASE WHEN w.channel THEN {channel} ELSE '' END AS channel,
  CASE WHEN w.outcome THEN {outcome} ELSE '' END AS outcome,
  CASE WHEN w.level THEN {level} ELSE '' END AS level,
  CAST(CASE WHEN w.grade THEN 5 - FLOOR(5 * r[7] ** 3) END AS SMALLINT) AS grade,
  CASE WHEN w.on_time AND r[8] < 0.8 THEN r[8] < 0.7 END AS on_time,
  CASE WHEN w.hours THEN 100 * r[9] END AS hours,
  CAST(CASE WHEN r[10] < 0.01 THEN -1 ELSE 1 END AS SMALLINT) AS n,
  CAST(CASE WHEN w.amount THEN 1 + FLOOR(9 * r[7]) ELSE 1 END AS BIGINT) AS amount, {origin} AS origin
FROM (SELECT list_transform(range(1, 12), lambda k: (hash(i, {day}, k) % 1000003) / 1000003.0) AS r
  FROM range({n}) AS t(i)) JOIN words w ON w.nr = CAST(FLOOR(r[1] * {words}) AS INTEGER)
"""


def lay_down(folder: Path, names: Collection[str], rows: int) -> None:
    """Write about ``rows`` facts of these words as an export has them: one file a day."""
    folder.mkdir(parents=True)
    with opened() as engine:
        drawn = _urn(engine, names)
        for at, day in enumerate(YEAR):
            n = rows * (at + 1) // len(YEAR) - rows * at // len(YEAR)
            select = _of_day(int(f"{day:%Y%m%d}"), n, drawn)
            path = quoted(folder / f"{day:%Y%m%d}.parquet")
            engine.execute(f"COPY ({select}) TO {path} (FORMAT parquet, COMPRESSION zstd)")


def _of_day(day: int, n: int, words: int) -> str:
    some = {
        "unit": _drawn(UNITS, 2, 1.5),
        "kind": _drawn(KINDS, 4, 2),
        "channel": _drawn(sorted(CHANNELS), 5, 5),
        "outcome": _drawn(ENDINGS.split(), 6, 6),
        "level": _drawn(sorted(LEVELS), 11, 6),
        "origin": _drawn(ORIGINS, 4, 4),
    }
    return COLUMNS.format(day=day, ym=day // 100, n=n, words=words, **some)


def _drawn(values: Collection[str], at: int, often: float) -> str:
    """One of ``values``, the first of them ever more often the higher ``often`` is."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"[{listed}][1 + CAST(FLOOR({len(values)} * r[{at}] ** {often}) AS INTEGER)]"


def _urn(engine: DuckDBPyConnection, names: Collection[str]) -> int:
    """A table of words to draw from by number; gives how many lie in it."""
    filled = ("kind", "category", "channel", "outcome", "level", "grade", "on_time", "hours", "amount")
    assert set(filled) < set(TYPES)
    urn = [name for name in sorted(names) for _ in range(OF_MATTERS if name.startswith("matter.") else 1)]
    columns = ", ".join(f"{column} BOOLEAN" for column in filled)
    engine.execute(f"CREATE TABLE words (nr INTEGER, name VARCHAR, {columns})")
    words = {name: find(name) for name in names}
    has = {name: [column in word.columns for column in filled] for name, word in words.items() if word}
    rows = [[nr, name, *has[name]] for nr, name in enumerate(urn)]
    engine.executemany(f"INSERT INTO words VALUES ({', '.join('?' * (len(filled) + 2))})", rows)
    return len(urn)
