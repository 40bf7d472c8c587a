"""Keeping the cube: new facts are folded into it from a bookmark; a rebuild puts right what differs.

Cells only ever add up. So whoever folds writes no more than what the new facts come to, and a rebuild no
more than the difference between what the facts say and what stands there: nobody who reads ever finds the
cube empty, and whoever is killed has either added all of a lot or none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from silin.facts.models import Bookmark, Cell, Fact
from silin.facts.settled import settled_to
from silin.facts.statement import ALL, DIMENSIONS, KEYS, SUMS, cells_of_facts, sum_of_cells

READER = "cube"
BATCH = 20_000
"""About so many facts a transaction: on SQLite nobody else writes meanwhile."""

UPSERT = f"INSERT INTO facts_cell ({ALL}) {{cells}} ON CONFLICT ({KEYS}) DO UPDATE SET " + ", ".join(
    f"{name} = facts_cell.{name} + excluded.{name}" for name in SUMS
)
TIDY = f"DELETE FROM facts_cell WHERE {' AND '.join(f'{name} = 0' for name in SUMS)}"
CHANGED = """
INSERT INTO facts_month (ym, changes, digest) {months}
ON CONFLICT (ym) DO UPDATE SET changes = facts_month.changes + 1, digest = ''
"""
STANDING = f"SELECT {', '.join(DIMENSIONS)}, {', '.join(f'-{name}' for name in SUMS)} FROM facts_cell"

Tell = Callable[[int, int, str], None]
"""Told how much is done, of how much, and what."""


def fold(*, at_most: int = BATCH) -> int:
    """Take the next facts into the cube; gives how many numbers of facts are left to take in."""
    up_to = settled_to()
    if up_to <= read_to():
        return 0
    with _bookmark() as mark:
        if up_to <= mark.number:  # somebody else has just done it
            return 0
        after, mark.number = mark.number, min(mark.number + at_most, up_to)
        new = f"number > {after} AND number <= {mark.number}"
        if _add(cells_of_facts(new)):
            months = f"SELECT DISTINCT ym, 1, '' FROM facts_fact WHERE {new} ORDER BY ym"
            _run(CHANGED.format(months=months))
        mark.save()
        return up_to - mark.number


def read_to() -> int:
    """The number of the last fact that the cube holds."""
    return Bookmark.objects.filter(pk=READER).values_list("number", flat=True).first() or 0


def rebuild(tell: Tell) -> int:
    """Reckon the whole cube again from the facts that it holds; gives how many cells were not right.

    A word and a month at a time, each in a transaction of its own.
    """
    lots = sorted({*_lots(Fact), *_lots(Cell)}, key=lambda lot: (lot[1], lot[0]))
    wrong = 0
    for done, (name, ym) in enumerate(lots):
        tell(done, len(lots), str(ym))
        with _bookmark() as mark:
            facts = cells_of_facts(f"name = %s AND ym = {ym} AND number <= {mark.number}")
            wrong += put_right(ym, facts, f"{STANDING} WHERE name = %s AND ym = {ym}", [name, name])
    tell(len(lots), len(lots), "")
    return wrong


def put_right(ym: int, facts: str, standing: str, words: list[str]) -> int:
    """Add what is missing from the cells of a month, take away what is too much; gives how many differed."""
    wrong = _add(sum_of_cells(facts, standing), words)
    if wrong:
        _run(CHANGED.format(months=f"VALUES ({ym}, 1, '')"))
    return wrong


@contextmanager
def _bookmark() -> Iterator[Bookmark]:
    """The bookmark of the cube within a transaction: whoever comes second waits."""
    with transaction.atomic():
        yield Bookmark.objects.select_for_update().get_or_create(pk=READER)[0]


def _lots(rows: type[Fact] | type[Cell]) -> Iterator[tuple[str, int]]:
    yield from rows._default_manager.order_by().values_list("name", "ym").distinct()


def _add(cells: str, words: list[str] | None = None) -> int:
    """Add cells to those that stand; where nothing is left the cell goes. Gives how many were added to."""
    added = _run(UPSERT.format(cells=cells), words)
    if added:
        _run(TIDY)
    return added


def _run(statement: str, words: list[str] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, words)
        return int(cursor.rowcount)
