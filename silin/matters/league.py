"""The league: how many matters were closed within their time, by place and month, from facts alone.

The measure is indicator S1.2.3 of the sample catalogue: matters closed on time, of those and of those that
ran out of time. It is a ratio of sums at every level, and each sum opens to the matters behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet, Sum

from silin.facts.models import Fact
from silin.matters.registry import kinds
from silin.places.levels import Level
from silin.places.models import Place

MIN_CASES = 5  # fewer say nothing about a place
Sum3 = tuple[str, bool, int]  # unit, on time or late, how many
Key = TypeVar("Key", bool, str)


@dataclass(frozen=True)
class Row:
    """One place of the league; where there are too few cases ``rate`` is None and so is ``rank``."""

    place: Place
    on_time: int
    late: int
    rank: int | None
    moved: int | None  # places won (+) or lost (-) since the month before

    @property
    def cases(self) -> int:
        return self.on_time + self.late

    @property
    def rate(self) -> float | None:
        return self.on_time / self.cases if self.cases >= MIN_CASES else None


def months(count: int, today: date) -> list[int]:
    """The last ``count`` months as YYYYMM, this one first."""
    year, month = today.year, today.month
    rows = []
    for _ in range(count):
        rows.append(year * 100 + month)
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return rows


def league(root: Place, level: str, ym: int) -> list[Row]:
    """The places of ``level`` under ``root`` in month ``ym``: best rate first, those without a rate last."""
    return table(root, level, ym)[0]


def table(root: Place, level: str, ym: int) -> tuple[list[Row], Row]:
    """The league and the sum over everything under ``root``, in three statements."""
    places = list(Place.objects.under(root).active().of_level(level))
    paths, earlier = paths_under(root), _month_before(ym)
    facts = _facts(ym, earlier)
    ranks = {
        row.place.pk: row.rank for row in _ranked(places, sums_by_place(places, paths, facts[earlier]), {})
    }
    return _ranked(places, sums_by_place(places, paths, facts[ym]), ranks), _total(root, paths, facts[ym])


def total(root: Place, ym: int) -> Row:
    """The sum over everything under ``root`` in month ``ym``. Two statements."""
    return _total(root, paths_under(root), _facts(ym)[ym])


def behind(place: Place, ym: int, *, on_time: bool) -> list[str]:
    """The subjects (``matter:…``) behind one of the two sums of ``place``."""
    rows = _counted(ym).filter(name="matter.closed" if on_time else "matter.overdue")
    units = [place.code] if place.level == Level.COMMUNITY else list(paths_under(place))
    counted = rows.filter(unit__in=units).values("subject").annotate(n=Sum("n"))
    return [row["subject"] for row in counted if row["n"]]


def _counted(*months: int) -> QuerySet[Fact]:
    """The facts of both sums: closed on time, and ran out of time."""
    counting = [kind.key for kind in kinds().values() if kind.in_league]
    rows = Fact.objects.filter(name__in=("matter.closed", "matter.overdue"), ym__in=months, kind__in=counting)
    return rows.filter(Q(on_time=True) | Q(name="matter.overdue"))


def _facts(*months: int) -> dict[int, list[Sum3]]:
    """Both sums by unit for each month, in one statement."""
    found: dict[int, list[Sum3]] = {month: [] for month in months}
    for row in _counted(*months).values("ym", "unit", "name").annotate(sum=Sum("n")).order_by():
        found[row["ym"]].append((row["unit"], row["name"] == "matter.closed", row["sum"]))
    return found


def paths_under(root: Place) -> dict[str, str]:
    """Path by code of every place under ``root`` that a fact may name as its unit."""
    wide = [Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY]
    return dict(Place.objects.under(root).filter(level__in=wide).values_list("code", "path"))


def _total(root: Place, paths: dict[str, str], facts: Iterable[Sum3]) -> Row:
    sums: Counter[bool] = Counter()
    for unit, on_time, n in facts:
        if unit in paths:
            sums[on_time] += n
    return Row(root, sums[True], sums[False], None, None)


def sums_by_place(
    places: list[Place], paths: dict[str, str], facts: Iterable[tuple[str, Key, int]]
) -> Counter[tuple[int, Key]]:
    """What was counted by unit, summed up by the place of ``places`` that the unit is or lies in."""
    by_path = {place.path: place.pk for place in places}
    widths = {len(path) for path in by_path}  # a community may lie in a county without a street between
    sums: Counter[tuple[int, Key]] = Counter()
    for unit, what, n in facts:
        for width in widths:
            key = by_path.get(paths.get(unit, "")[:width])
            if key is not None:
                sums[(key, what)] += n
                break
    return sums


def _ranked(places: list[Place], sums: Counter[tuple[int, bool]], before: dict[int, int | None]) -> list[Row]:
    rows = [Row(place, sums[(place.pk, True)], sums[(place.pk, False)], None, None) for place in places]
    rows.sort(key=lambda row: (row.rate is None, -(row.rate or 0), -row.cases, row.place.code))
    ranked: list[Row] = []
    for at, row in enumerate(rows, start=1):
        if row.rate is None:
            ranked.append(row)
            continue
        tied = bool(ranked) and ranked[-1].rate == row.rate
        rank = ranked[-1].rank if tied else at
        earlier = before.get(row.place.pk)
        moved = earlier - rank if earlier is not None and rank is not None else None
        ranked.append(Row(row.place, row.on_time, row.late, rank, moved))
    return ranked


def _month_before(ym: int) -> int:
    return ym - 1 if ym % 100 > 1 else (ym // 100 - 1) * 100 + 12
