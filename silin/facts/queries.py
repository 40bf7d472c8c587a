"""Counting what happened. Every answer is a sum, so units, days and levels may be added up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypedDict

from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from silin.facts.models import Fact
from silin.facts.vocabulary import OPTIONAL, WORDS

COLUMNS = {"unit", "place", "subject", "origin", *OPTIONAL} - {"hours", "amount"}


class Sums(TypedDict):
    """The additive sums of some facts: how many, and the amounts, hours and grades times ``n``."""

    n: int
    amount: int
    hours: float
    grade: int


def count(name: str, *, since: date | None = None, until: date | None = None, **where: Any) -> int:
    """How often ``name`` happened from ``since`` to ``until``, both days included.

    ``where`` are columns with the value, or the collection of values, they must have. Raises ``ValueError``
    for an unknown word or column.
    """
    counted = _facts(name, since, until, where).aggregate(n=Coalesce(Sum("n"), 0))
    return int(counted["n"])


def grouped(
    name: str,
    *,
    where: Mapping[str, Any] | None = None,
    since: date | None = None,
    until: date | None = None,
    units: Collection[str] | None = None,
) -> dict[str, Sums]:
    """The sums of ``name`` per unit, in one GROUP BY; a unit where nothing happened is not in it.

    ``where``, ``since``, ``until`` and errors as in ``count``; ``units`` None means every unit.
    """
    wanted = {**(where or {}), **({} if units is None else {"unit": units})}
    rows = _facts(name, since, until, wanted).values("unit").order_by("unit")
    rows = rows.annotate(
        sum_n=Sum("n"),
        sum_amount=Sum(F("n") * F("amount")),
        sum_hours=Sum(F("n") * F("hours")),
        sum_grade=Sum(F("n") * F("grade")),
    )
    return {row["unit"]: _sums(row) for row in rows}


def subjects(
    name: str,
    unit: str | Collection[str],
    *,
    where: Mapping[str, Any] | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 500,
) -> list[str]:
    """The subjects behind a number of ``grouped``, the latest day first, without those taken back."""
    rows = _facts(name, since, until, {**(where or {}), "unit": unit}).values("subject")
    rows = rows.annotate(sum_n=Sum("n"), last=Max("day")).filter(sum_n__gt=0)
    return list(rows.order_by("-last", "-subject").values_list("subject", flat=True)[:limit])


def _sums(row: Mapping[str, Any]) -> Sums:
    """The same numbers from every database: PostgreSQL sums big integers into decimals."""
    return Sums(
        n=int(row["sum_n"]),
        amount=int(row["sum_amount"]),
        hours=float(row["sum_hours"] or 0),
        grade=int(row["sum_grade"] or 0),
    )


def _facts(name: str, since: date | None, until: date | None, where: Mapping[str, Any]) -> QuerySet[Fact]:
    if name not in WORDS:
        raise ValueError(f"{name} is not a word of the book of facts")
    if unknown := where.keys() - COLUMNS:
        raise ValueError(f"facts have no {', '.join(sorted(unknown))}")
    wanted = Q(name=name)
    if since is not None:
        wanted &= Q(ym__gte=_ym(since), day__gte=_day(since))
    if until is not None:
        wanted &= Q(ym__lte=_ym(until), day__lte=_day(until))
    for column, value in where.items():
        several = isinstance(value, Collection) and not isinstance(value, str)
        wanted &= Q(**{f"{column}__in" if several else column: value})
    return Fact.objects.filter(wanted)


def _day(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def _ym(day: date) -> int:
    return day.year * 100 + day.month
