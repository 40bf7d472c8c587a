"""Stocks: how many there are, written as the signed difference to what the book already says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Sum

from silin.facts.actions import FactRow, write
from silin.facts.models import Fact

BATCH = 2000
LOCK = 7_331_905  # one count at a time; any number that nothing else locks


@dataclass(frozen=True)
class Stock:
    """What is counted: a word of the book, the unit, and the dimensions that the word has."""

    name: str
    unit: str
    kind: str = ""
    category: str = ""
    outcome: str = ""


Counts = Mapping[Stock, int]


@transaction.atomic
def write_stocks(names: Collection[str], count: Callable[[], Counts], *, now: datetime) -> int:
    """Bring what the book says about ``names`` to what ``count`` finds; gives how many rows that took.

    ``count`` is asked once nobody else counts, so of any number of loops the later ones find nothing to
    write. What it leaves out falls to nothing. Raises ``ValueError`` where it counts something that is not
    among ``names``, and as ``write`` does.
    """
    _one_at_a_time()
    held = count()
    if stray := {stock.name for stock in held} - set(names):
        raise ValueError(f"counted, but not announced: {', '.join(sorted(stray))}")
    rows = list(_differences(held, book(names), now))
    for at in range(0, len(rows), BATCH):
        write(rows[at : at + BATCH])
    return len(rows)


def _one_at_a_time() -> None:
    """Wait for other counts until the commit. SQLite's transactions wait for each other anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def book(names: Collection[str]) -> dict[Stock, int]:
    """What the book says about ``names`` now: the sum of all differences. One statement."""
    rows = Fact.objects.filter(name__in=list(names)).order_by()
    columns = rows.values_list("name", "unit", "kind", "category", "outcome")
    return {Stock(*key): said for *key, said in columns.annotate(said=Sum(F("n") * F("amount")))}


def _differences(held: Counts, said: Counts, now: datetime) -> Iterator[FactRow]:
    for stock in sorted({*held, *said}, key=lambda each: (each.name, each.unit, each.kind)):
        difference = held.get(stock, 0) - said.get(stock, 0)
        if difference:
            yield FactRow.of(
                stock.name,
                now=now,
                unit=stock.unit,
                subject=f"unit:{stock.unit}",
                kind=stock.kind,
                category=stock.category,
                outcome=stock.outcome,
                amount=difference,
                origin="system",
            )
