"""The cube reckoned again from the facts, in the database or by the engine over an export.

What differs from the cells that stand is added to them, a month at a time: nobody who reads ever finds the
cube empty or half, and facts may be folded in meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.db import connection

from silin.facts.duck import CHUNK, cells_in
from silin.facts.exporting import CARE, FACTS, read_said
from silin.facts.folding import add, bookmark, fold, read_to
from silin.facts.models import Cell, Fact
from silin.facts.statement import ALL, COLUMNS, DIMENSIONS, SUMS, cells_of_facts, sum_of_cells

LESS = ", ".join([*DIMENSIONS, *(f"-{name}" for name in SUMS)])
IS_CARE = f"name >= '{CARE}' AND name < '{CARE[:-1]}/'"
"""As a range of an index; the sign after the dot is the slash."""
Tell = Callable[[int, int, str], None]


def rebuild(tell: Tell) -> int:
    """Reckon the cube again from the facts that it holds; gives how many cells were not right.

    A word and a month at a time, each in a transaction of its own.
    """
    lots = sorted({*_lots(Fact), *_lots(Cell)}, key=lambda lot: (lot[1], lot[0]))
    wrong = 0
    for done, (name, ym) in enumerate(lots):
        tell(done, len(lots), str(ym))
        with bookmark() as mark:
            facts = cells_of_facts(f"name = %s AND ym = {ym} AND number <= {mark.number}")
            wrong += _put_right(ym, facts, standing=f"name = %s AND ym = {ym}", words=(name, name))
    tell(len(lots), len(lots), "")
    return wrong


def rebuild_from(folder: Path, tell: Tell) -> int:
    """As ``rebuild``, from an export, whose facts the engine sums up; gives how many cells were not right.

    What the export leaves out (the needs of ``care.*``) and what came after it is summed up by the database.
    Raises ``Refused`` where the folder holds no export, or one of another book.
    """
    said = read_said(folder)
    while read_to() < said.up_to:
        fold()
    months, wrong = sorted({ym for _name, ym in (*_lots(Fact), *_lots(Cell))}), 0
    with _beside():
        _lay_beside(folder / FACTS)
        for done, ym in enumerate(months):
            tell(done, len(months), str(ym))
            with bookmark() as mark:
                late = f"number > {said.up_to} AND number <= {mark.number} AND ym = {ym} AND NOT ({IS_CARE})"
                care = f"number <= {mark.number} AND ym = {ym} AND {IS_CARE}"
                exported = f"SELECT {ALL} FROM facts_beside WHERE ym = {ym}"
                parts = (exported, cells_of_facts(late), cells_of_facts(care))
                wrong += _put_right(ym, *parts, standing=f"ym = {ym}")
    tell(len(months), len(months), "")
    return wrong


def _lots(rows: type[Fact] | type[Cell]) -> Iterator[tuple[str, int]]:
    yield from rows._default_manager.order_by().values_list("name", "ym").distinct()


def _put_right(ym: int, *parts: str, standing: str, words: tuple[str, ...] = ()) -> int:
    """Add what is missing from the cells of a month, take away what is too much; gives how many differed."""
    less = f"SELECT {LESS} FROM facts_cell WHERE {standing}"
    return add(sum_of_cells(*parts, less), f"VALUES ({ym}, 1, '')", words)


@contextmanager
def _beside() -> Iterator[None]:
    """A table of cells beside the cube, for this connection alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE facts_beside AS SELECT {ALL} FROM facts_cell WHERE n <> n")
        try:
            yield
        finally:
            cursor.execute("DROP TABLE facts_beside")


def _lay_beside(folder: Path) -> None:
    """Take the cells that the engine makes into the table beside the cube."""
    statement = f"INSERT INTO facts_beside ({ALL}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
    cells = cells_in(folder, f"NOT ({IS_CARE})")
    with connection.cursor() as cursor:
        while lot := list(islice(cells, CHUNK)):
            cursor.executemany(statement, lot)
