"""The league: how many matters were closed within their time, by place and month, from facts alone.

The measure is indicator S1.2.3 of the sample catalogue: matters closed on time, of those and of those that
ran out of time. It is a ratio of sums at every level, and each sum opens to the matters behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from silin.facts.models import Fact
from silin.matters.registry import kinds
from silin.places.levels import Level
from silin.places.models import Place

MIN_CASES = 5  # fewer say nothing about a place


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
    places = list(Place.objects.under(root).active().of_level(level))
    units = {} if level == Level.COMMUNITY else _paths(root)
    sums = _sums(places, units, ym)
    before = {row.place.pk: row.rank for row in _ranked(places, _sums(places, units, _month_before(ym)), {})}
    return _ranked(places, sums, before)


def total(root: Place, ym: int) -> Row:
    """The sum over everything under ``root`` in month ``ym``."""
    sums: Counter[tuple[str, bool]] = Counter()
    paths = set(_paths(root))
    for unit, on_time, n in _facts(ym):
        if unit in paths:
            sums[("", on_time)] += n
    return Row(root, sums[("", True)], sums[("", False)], None, None)


def behind(place: Place, ym: int, *, on_time: bool) -> list[str]:
    """The subjects (``matter:…``) behind one of the two sums of ``place``."""
    rows = _on_time(ym) if on_time else _overdue(ym)
    units = [place.code] if place.level == Level.COMMUNITY else list(_paths(place))
    counted = rows.filter(unit__in=units).values("subject").annotate(n=Sum("n"))
    return [row["subject"] for row in counted if row["n"]]


def _on_time(ym: int) -> QuerySet[Fact]:
    return Fact.objects.filter(name="matter.closed", ym=ym, on_time=True, kind__in=_counted_kinds())


def _overdue(ym: int) -> QuerySet[Fact]:
    return Fact.objects.filter(name="matter.overdue", ym=ym, kind__in=_counted_kinds())


def _counted_kinds() -> list[str]:
    return [kind.key for kind in kinds().values() if kind.in_league]


def _facts(ym: int) -> Iterable[tuple[str, bool, int]]:
    for rows, on_time in ((_on_time(ym), True), (_overdue(ym), False)):
        for row in rows.values("unit").annotate(sum=Sum("n")):
            yield row["unit"], on_time, row["sum"]


def _paths(root: Place) -> dict[str, str]:
    """Path by code of every place under ``root`` that a fact may name as its unit."""
    wide = [Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY]
    return dict(Place.objects.under(root).filter(level__in=wide).values_list("code", "path"))


def _sums(places: list[Place], paths: dict[str, str], ym: int) -> Counter[tuple[int, bool]]:
    by_code = {place.code: place.pk for place in places}
    by_path = {place.path: place.pk for place in places}
    width = len(places[0].path) if places else 0
    sums: Counter[tuple[int, bool]] = Counter()
    for unit, on_time, n in _facts(ym):
        key = by_code.get(unit) or by_path.get(paths.get(unit, "")[:width])
        if key is not None:
            sums[(key, on_time)] += n
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
