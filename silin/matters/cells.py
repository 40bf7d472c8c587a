"""How many released matters lie in each square of the public map: counted by the clock, read in one range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Floor

from silin.matters.models import OPEN, Colour, MapCell, Matter, State
from silin.places.models import Place
from silin.places.numbers import number

LARGE, SMALL = 0, 1
DEGREES = {LARGE: 0.02, SMALL: 0.0015}  # about 2 km, about 150 m: never a single door
AT_MOST = 300
COUNTS = ("going", "late", "done")

Square = tuple[int, int]
Key = tuple[int, str, int, int]


@dataclass(frozen=True)
class Sum:
    """What several squares hold together."""

    going: int
    late: int
    done: int


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


def cells_of(community: Place | None, square: Square | None) -> list[MapCell]:
    """The small squares of a community or in a large one, else the large ones of the city. One statement."""
    if community is not None:
        rows = MapCell.objects.filter(size=SMALL, unit=community.unit)
    elif square is not None:
        west, south, east, north = edges(LARGE, square)
        size = DEGREES[SMALL]
        rows = MapCell.objects.filter(size=SMALL, x__gte=floor(west / size), x__lt=floor(east / size))
        rows = rows.filter(y__gte=floor(south / size), y__lt=floor(north / size))
    else:
        rows = MapCell.objects.filter(size=LARGE, unit="")
    return list(rows.order_by("-going", "-done", "pk")[:AT_MOST])


def sum_of(cells: Iterable[MapCell]) -> Sum:
    """What ``cells`` hold together."""
    rows = [(cell.going, cell.late, cell.done) for cell in cells]
    return Sum(*(sum(column) for column in zip(*rows, strict=True))) if rows else Sum(0, 0, 0)


def middle(cell: MapCell) -> tuple[float, float]:
    """The middle of a square: a matter is never shown nearer than that."""
    size = DEGREES[cell.size]
    return (cell.x + 0.5) * size, (cell.y + 0.5) * size


def edges(size: int, square: Square) -> tuple[float, float, float, float]:
    """West, south, east and north of a square."""
    degrees, (x, y) = DEGREES[size], square
    return x * degrees, y * degrees, (x + 1) * degrees, (y + 1) * degrees


def inside(square: Square) -> Q:
    """The matters of a small square."""
    west, south, east, north = edges(SMALL, square)
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
