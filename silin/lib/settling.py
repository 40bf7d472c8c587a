"""How far a book can be read with a bookmark, so that no line is ever skipped.

On PostgreSQL a line takes its number when it is written and appears when its transaction ends: one with a
lower number may appear after one with a higher, and a reader that goes up to the newest line passes over it.
So a book is read only as far as nothing can appear any more. That is found out without holding anybody up:
whoever writes into it holds a lock on its table until the transaction ends, and the database lists the locks.

SQLite has one writer at a time: there the numbers appear in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, models
from django.db.models import Max

ROW = 1
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = CAST(%s AS regclass) AND mode = 'RowExclusiveLock'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND pid <> pg_backend_pid()
"""

Line = TypeVar("Line", bound=models.Model)


class Reach(models.Model):
    """How far a book is settled on PostgreSQL: no line appears any more at or below ``up_to``. One row.

    ``candidate`` was the newest line when those of ``awaited`` (their transactions' names) were still
    writing: once they are all over, it is settled up to there.
    """

    up_to = models.BigIntegerField(default=0)
    candidate = models.BigIntegerField(default=0)
    awaited = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"up to {self.up_to}"


@dataclass(frozen=True)
class Book(Generic[Line]):
    """A table whose lines are only ever added and take rising numbers as their key, and its ``Reach``."""

    lines: type[Line]
    reach: type[Reach]

    def since(self, bookmark: int, *, at_most: int) -> list[Line]:
        """The first ``at_most`` lines after ``bookmark`` that are settled, in the order of their numbers.

        The number of the last one is the next bookmark.
        """
        lines = self.lines._default_manager.filter(pk__gt=bookmark, pk__lte=self.settled_to())
        return list(lines.order_by("pk")[:at_most])

    def settled_to(self) -> int:
        """The number of a line at or below which no line can appear any more.

        Lags behind the newest line while somebody writes; the more often it is asked, the less. One statement
        on SQLite; on PostgreSQL three when nobody writes, five at most.
        """
        if connection.vendor != "postgresql":
            return self._newest()
        rows = self.reach._default_manager
        row = rows.filter(pk=ROW).first() or rows.get_or_create(pk=ROW)[0]
        up_to = row.up_to
        if row.awaited and not self._writers().isdisjoint(row.awaited):
            return up_to
        # Whoever took a number at or below the candidate is over by now.
        newest = self._newest()
        awaited = self._writers()
        reached = newest if not awaited else max(up_to, row.candidate)
        seen = rows.filter(pk=ROW, up_to=up_to, candidate=row.candidate)
        if (reached, newest, bool(awaited)) != (up_to, row.candidate, bool(row.awaited)):
            seen.update(up_to=reached, candidate=newest, awaited=sorted(awaited))
        return reached

    def _newest(self) -> int:
        return self.lines._default_manager.aggregate(newest=Max("pk"))["newest"] or 0

    def _writers(self) -> set[str]:
        """The transactions of others that have written into the book, or are about to, and are not over."""
        with connection.cursor() as cursor:
            cursor.execute(WRITERS, [self.lines._meta.db_table])
            return {name for (name,) in cursor.fetchall()}
