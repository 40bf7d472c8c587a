"""How many released matters lie in each square of the public map: counted by the clock, read in one range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import floor
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Floor

from silin.lib.refusal import NotFound
from silin.matters.models import OPEN, Colour, MapCell, Matter, State
from silin.places.models import Place
from silin.places.numbers import number

LARGE, SMALL = 0, 1
DEGREES = {LARGE: 0.02, SMALL: 0.0015}  # about 2 km, about 150 m: never a single door
AT_MOST = 300
WRITTEN = re.compile(r"([01])\.(-?\d{1,6})\.(-?\d{1,6})")
COUNTS = ("going", "late", "done")

Key = tuple[int, str, int, int]


class Square(NamedTuple):
    """One square of the large grid or of the small one."""

    size: int
    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.size}.{self.x}.{self.y}"

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of a square: a matter is never shown nearer than that."""
        degrees = DEGREES[self.size]
        return (self.x + 0.5) * degrees, (self.y + 0.5) * degrees

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """West, south, east and north."""
        degrees = DEGREES[self.size]
        return self.x * degrees, self.y * degrees, (self.x + 1) * degrees, (self.y + 1) * degrees

    @property
    def large(self) -> Square:
        """The large square in which its middle lies."""
        lon, lat = self.middle
        return Square(LARGE, floor(lon / DEGREES[LARGE]), floor(lat / DEGREES[LARGE]))


@transaction.atomic
def count_cells(now: datetime) -> None:
    """Count every square anew; only those that changed are written. Three statements to read."""
    counted = dict(_counted(now))
    known = {(row.size, row.unit, row.x, row.y): row for row in MapCell.objects.all()}
    MapCell.objects.filter(pk__in=[row.pk for key, row in known.items() if key not in counted]).delete()
    changed = []
    for key, row in known.items():
        if key in counted and counted[key] != (row.going, row.late, row.done):
            row.going, row.late, row.done = counted[key]
            changed.append(row)
    MapCell.objects.bulk_update(changed, COUNTS)
    names = ("size", "unit", "x", "y", *COUNTS)
    new = [(*key, *counts) for key, counts in counted.items() if key not in known]
    MapCell.objects.bulk_create([MapCell(**dict(zip(names, each, strict=True))) for each in new])


def read_square(text: str) -> Square:
    """A square as it stands in an address, ``1.71400.22900``. Raises ``NotFound`` for anything else."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise NotFound
    return Square(*(int(each) for each in found.groups()))


def cells_of(community: Place | None, square: Square | None) -> QuerySet[MapCell]:
    """The small squares of a community or in the large one round ``square``, else the city's large ones."""
    if community is not None:
        return MapCell.objects.filter(size=SMALL, unit=community.unit)
    if square is None:
        return MapCell.objects.filter(size=LARGE, unit="")
    west, south, east, north = square.large.edges
    size = DEGREES[SMALL]
    rows = MapCell.objects.filter(size=SMALL, x__gte=floor(west / size), x__lt=floor(east / size))
    return rows.filter(y__gte=floor(south / size), y__lt=floor(north / size))


def shown(cells: QuerySet[MapCell]) -> list[MapCell]:
    """The fullest of ``cells``, as many as a map can carry. One statement."""
    return list(cells.order_by("-going", "-done", "pk")[:AT_MOST])


def sum_of(cells: QuerySet[MapCell]) -> dict[str, int]:
    """How many matters all of ``cells`` hold together. One statement."""
    return cells.aggregate(**{name: Coalesce(Sum(name), 0) for name in COUNTS})


def inside(square: Square) -> Q:
    """The matters of a square."""
    west, south, east, north = square.edges
    return Q(lat__gte=south, lat__lt=north, lon__gte=west, lon__lt=east)


def _counted(now: datetime) -> Iterator[tuple[Key, tuple[int, int, int]]]:
    since = now - timedelta(weeks=number("matters.map_weeks"))
    shown = Q(state__in=OPEN) | Q(state=State.CLOSED, closed_at__gte=since)
    rows = Matter.objects.public().filter(shown, lon__isnull=False, lat__isnull=False)
    for size, degrees in DEGREES.items():
        at: dict[str, Any] = {"x": Floor(F("lon") / degrees), "y": Floor(F("lat") / degrees)}
        by = ("unit", "x", "y") if size == SMALL else ("x", "y")
        counts = {
            "going": Count("pk", filter=Q(state__in=OPEN)),
            "late": Count("pk", filter=Q(state__in=OPEN, colour=Colour.LATE)),
            "done": Count("pk", filter=Q(state=State.CLOSED)),
        }
        for row in rows.annotate(**at).values(*by).annotate(**counts).order_by():
            key = (size, row.get("unit", ""), int(row["x"]), int(row["y"]))
            yield key, (row["going"], row["late"], row["done"])
