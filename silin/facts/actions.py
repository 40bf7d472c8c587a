"""Writing the book of facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from silin.facts.models import Fact
from silin.facts.vocabulary import CHANNELS, LEVELS, OPTIONAL, ORIGINS, Word, find
from silin.lib.ids import new_id
from silin.lib.workdays import SHANGHAI


@dataclass(frozen=True)
class FactRow:
    """One row to write, with exactly the columns of the book; ``day`` is YYYYMMDD in Asia/Shanghai.

    Codes, enums, numbers and an opaque subject only: never a name, a phone number or somebody's words.
    """

    name: str
    day: int
    unit: str
    subject: str
    place: str = ""
    kind: str = ""
    category: str = ""
    channel: str = ""
    outcome: str = ""
    level: str = ""
    grade: int | None = None
    on_time: bool | None = None
    hours: float | None = None
    n: int = 1
    amount: int = 1
    origin: str = "person"
    id: UUID = field(default_factory=new_id)

    @classmethod
    def of(cls, name: str, *, now: datetime, unit: str, subject: str, **columns: Any) -> Self:
        """The row of something that happens ``now``."""
        return cls(name=name, day=day_of(now), unit=unit, subject=subject, **columns)

    @classmethod
    def undoing(cls, fact: Fact) -> Self:
        """The row that takes ``fact`` back: the same columns, counted -1."""
        columns = {
            each.name: getattr(fact, each.name) for each in fields(cls) if each.name not in ("id", "n")
        }
        return cls(**columns, n=-fact.n)


def day_of(moment: datetime) -> int:
    """The local civil date of an aware moment as YYYYMMDD. Raises ``ValueError`` without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    local = moment.astimezone(SHANGHAI)
    return local.year * 10000 + local.month * 100 + local.day


def write(rows: Sequence[FactRow]) -> None:
    """Write ``rows`` in one INSERT, in the transaction of the deed; an id that is there already is a no-op.

    Raises ``ValueError`` for what the vocabulary does not know, before anything is written.
    """
    for row in rows:
        _check(row)
    facts = [Fact(ym=row.day // 100, **asdict(row)) for row in rows]
    Fact.objects.bulk_create(facts, ignore_conflicts=True)


def _check(row: FactRow) -> None:
    known = find(row.name)
    if known is None:
        raise ValueError(f"{row.name} is not a word of the book of facts")
    given = {column for column in OPTIONAL if getattr(row, column) not in ("", None)}
    if row.amount == 1:
        given.discard("amount")
    if extra := given - known.columns:
        raise ValueError(f"{row.name} has no {', '.join(sorted(extra))}")
    _check_values(row, known)


def _check_values(row: FactRow, known: Word) -> None:
    sets = {"channel": CHANNELS, "level": LEVELS, "outcome": known.outcomes, "origin": ORIGINS}
    for column, allowed in sets.items():
        value = getattr(row, column)
        if value and allowed and value not in allowed:
            raise ValueError(f"{row.name}: {value} is no {column}")
    if not row.unit or not row.subject or not row.origin:
        raise ValueError(f"{row.name} needs unit, subject and origin")
    if row.n not in (1, -1):
        raise ValueError(f"{row.name}: n is 1 or -1")
    if row.grade is not None and row.grade not in range(1, 6):
        raise ValueError(f"{row.name}: a grade is 1 to 5")
