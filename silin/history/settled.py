"""How far the book can be read with a bookmark, so that no line is ever skipped.

On PostgreSQL a line takes its number when it is written and appears when its transaction ends: one with a
lower number may appear after one with a higher, and a reader that goes up to the newest line passes over it.
So the book is read only as far as nothing can appear any more. That is found out without holding anybody up:
whoever writes into it holds a lock on its table until the transaction ends, and the database lists the locks.

SQLite has one writer at a time: there the numbers appear in their order.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Max

from silin.history.models import Entry, Settled

ROW = 1
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'history_entry'::regclass AND mode = 'RowExclusiveLock'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND pid <> pg_backend_pid()
"""


def since(bookmark: int, *, at_most: int) -> list[Entry]:
    """The first ``at_most`` lines after ``bookmark`` that are settled, in the order of their numbers.

    The number of the last one is the next bookmark.
    """
    lines = Entry.objects.filter(pk__gt=bookmark, pk__lte=settled_to())
    return list(lines.order_by("pk")[:at_most])


def settled_to() -> int:
    """The number of a line at or below which no line can appear any more.

    Lags behind the newest line while somebody writes; the more often it is asked, the less. One statement on
    SQLite; on PostgreSQL three when nobody writes, five at most.
    """
    if connection.vendor != "postgresql":
        return _newest()
    row = Settled.objects.filter(pk=ROW).first() or Settled.objects.get_or_create(pk=ROW)[0]
    up_to = row.up_to
    if row.awaited and not _writers().isdisjoint(row.awaited):
        return up_to
    # Whoever took a number at or below the candidate is over by now.
    newest = _newest()
    awaited = _writers()
    reached = newest if not awaited else max(up_to, row.candidate)
    seen = Settled.objects.filter(pk=ROW, up_to=up_to, candidate=row.candidate)
    if (reached, newest, bool(awaited)) != (up_to, row.candidate, bool(row.awaited)):
        seen.update(up_to=reached, candidate=newest, awaited=sorted(awaited))
    return reached


def _newest() -> int:
    return Entry.objects.aggregate(newest=Max("id"))["newest"] or 0


def _writers() -> set[str]:
    """The transactions of others that have written into the book, or are about to, and are not over."""
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {name for (name,) in cursor.fetchall()}
