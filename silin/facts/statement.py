"""The one statement that makes cells of facts: the same text on SQLite, PostgreSQL and DuckDB.

Whole numbers in, whole numbers out, so that all three find exactly the same. What the engines do differently
is left aside: none rounds half a second alike, hence the way ``SECONDS`` takes.
"""

from __future__ import annotations

DIMENSIONS = {
    "name": "name",
    "ym": "ym",
    "unit": "unit",
    "kind": "kind",
    "category": "category",
    "channel": "channel",
    "outcome": "outcome",
    "level": "level",
    "origin": "origin",
    "grade": "COALESCE(grade, -1)",
    "on_time": "CASE WHEN on_time IS NULL THEN -1 WHEN on_time THEN 1 ELSE 0 END",
}
ROUGHLY = "CAST(hours * 3600 + 0.5 AS BIGINT)"
"""SQLite cuts the fraction off, the others round it: less than one off the seconds, up or down."""
SECONDS = f"({ROUGHLY} - CASE WHEN {ROUGHLY} > hours * 3600 + 0.5 THEN 1 ELSE 0 END)"
"""Hours as whole seconds, half a second up: what was off upwards is taken away again."""
SUMS = {
    "n": "SUM(n)",
    "amount": "SUM(n * amount)",
    "seconds": f"SUM(n * COALESCE({SECONDS}, 0))",
    "grades": "SUM(n * COALESCE(grade, 0))",
}
COLUMNS = (*DIMENSIONS, *SUMS)
KEYS = ", ".join(DIMENSIONS)
ALL = ", ".join(COLUMNS)


def cells_of_facts(where: str = "") -> str:
    """The cells of the facts in ``facts_fact``, or of those of them that ``where`` names."""
    return _grouped(DIMENSIONS, SUMS, f"facts_fact{where and f' WHERE {where}'}")


def sum_of_cells(*parts: str) -> str:
    """The cells that several lots of cells add up to; each a SELECT of all ``COLUMNS`` in their order."""
    keys, sums = {name: name for name in DIMENSIONS}, {name: f"SUM({name})" for name in SUMS}
    return _grouped(keys, sums, f"({' UNION ALL '.join(parts)}) AS cells")


def _grouped(keys: dict[str, str], sums: dict[str, str], source: str) -> str:
    """Where all sums are 0 there is no cell. PostgreSQL and DuckDB sum in wider types than they are given."""
    columns = [f"{what} AS {name}" for name, what in keys.items()]
    columns += [f"CAST({what} AS BIGINT) AS {name}" for name, what in sums.items()]
    places = ", ".join(str(n) for n in range(1, len(keys) + 1))
    something = " OR ".join(f"{what} <> 0" for what in sums.values())
    return f"SELECT {', '.join(columns)} FROM {source} GROUP BY {places} HAVING {something}"
