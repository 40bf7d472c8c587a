"""Keeping the cube: what the facts after its bookmark come to is added to its cells, with the bookmark.

Whoever is killed has added either all of a lot or none of it, and of two at once the second waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from silin.facts.models import Bookmark
from silin.facts.settled import settled_to
from silin.facts.statement import ALL, KEYS, SUMS, cells_of_facts

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


def fold(*, at_most: int = BATCH) -> int:
    """Take the next facts into the cube; gives how many numbers of facts are left to take in."""
    up_to = settled_to()
    if up_to <= read_to():
        return 0
    with bookmark() as mark:
        if up_to <= mark.number:  # somebody else has just done it
            return 0
        after, mark.number = mark.number, min(mark.number + at_most, up_to)
        new = f"number > {after} AND number <= {mark.number}"
        add(cells_of_facts(new), f"SELECT DISTINCT ym, 1, '' FROM facts_fact WHERE {new} ORDER BY ym")
        mark.save()
        return up_to - mark.number


def read_to() -> int:
    """The number of the last fact that the cube holds."""
    return Bookmark.objects.filter(pk=READER).values_list("number", flat=True).first() or 0


@contextmanager
def bookmark() -> Iterator[Bookmark]:
    """The bookmark of the cube within a transaction: whoever comes second waits."""
    with transaction.atomic():
        yield Bookmark.objects.select_for_update().get_or_create(pk=READER)[0]


def add(cells: str, months: str, words: Sequence[str] = ()) -> int:
    """Add cells to those that stand, and note the months; gives how many cells were added to.

    Where nothing is left the cell goes.
    """
    with connection.cursor() as cursor:
        cursor.execute(UPSERT.format(cells=cells), words or None)
        added = int(cursor.rowcount)
        if added:
            cursor.execute(TIDY)
            cursor.execute(CHANGED.format(months=months))
    return added
