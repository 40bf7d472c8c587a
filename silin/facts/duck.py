"""The engine for many facts at once: DuckDB, in this process, over Parquet files. Loaded where it is used.

It runs the statement of the cube as the database does, and is much faster at it. Nothing is kept in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from silin.facts.statement import cells_of_facts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHUNK = 5000


def opened() -> DuckDBPyConnection:
    """An engine of its own, with an empty memory. It fetches nothing from the net."""
    import duckdb

    return duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )


def write_parquet(
    path: Path, columns: Mapping[str, NDArray[Any]], select: str, engine: DuckDBPyConnection
) -> None:
    """Write what ``select`` makes of ``columns`` (as ``given``): all of it, or the file as it was before."""
    partial = path.with_name(f".{path.name}.partial")
    engine.register("given", dict(columns))
    engine.execute(f"COPY ({select}) TO {quoted(partial)} (FORMAT parquet, COMPRESSION zstd)")
    engine.unregister("given")
    os.replace(partial, path)


def cells_in(folder: Path, where: str = "") -> Iterator[tuple[Any, ...]]:
    """The cells of all facts in the Parquet files of a folder, or of those that ``where`` names."""
    if not any(folder.glob("*.parquet")):
        return
    with opened() as engine:
        show(engine, folder)
        engine.execute(cells_of_facts(where))
        while rows := engine.fetchmany(CHUNK):
            yield from rows


def show(engine: DuckDBPyConnection, folder: Path) -> None:
    """Let the engine know the Parquet files of a folder as the table that the statements name."""
    engine.execute(f"CREATE VIEW facts_fact AS FROM read_parquet({quoted(folder / '*.parquet')})")


def quoted(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
