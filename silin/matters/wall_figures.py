"""The figures of a wall: counts and colours by grid, drawn on the place's own outlines. No personal data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import shapely
from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.utils.timezone import localdate, localtime
from shapely.geometry import MultiPolygon, Polygon

from silin.lib.dates import midnight
from silin.matters.models import OPEN, Colour, Matter, State
from silin.places import queries as places
from silin.places.levels import Level
from silin.places.models import STEP, Place

WEEK = timedelta(days=7)
WIDE, HIGH, EDGE = 900.0, 800.0, 24.0
DECIMALS = 1
SHADES = 4
BARS_HIGH = 70.0
HOUR_WIDE = 24
Shape = Polygon | MultiPolygon
Moved = tuple[datetime, datetime | None]


@dataclass
class Part:
    """A grid (or a wider part) of the place: how many are late, soon due and in time, and how busy it was.

    ``outline`` is an SVG path, ``x`` and ``y`` a point inside it, ``shade`` 0 to 4 by the last seven days.
    """

    place: Place
    late: int = 0
    warn: int = 0
    ok: int = 0
    week: int = 0
    shade: int = 0
    outline: str = ""
    x: float = 0.0
    y: float = 0.0

    @property
    def signs(self) -> list[tuple[str, int, float]]:
        """What is drawn on it: colour, how many, and how far from the middle; nothing that is zero."""
        shown = [(name, n) for name, n in (("late", self.late), ("warn", self.warn), ("ok", self.ok)) if n]
        return [(name, n, (at - (len(shown) - 1) / 2) * 66) for at, (name, n) in enumerate(shown)]


@dataclass(frozen=True)
class Bar:
    """One hour of the day: how many were raised and done in it, as the heights of two bars."""

    hour: int
    counts: tuple[int, int]
    x: int
    raised: float
    done: float
    raised_y: float
    done_y: float

    @property
    def words(self) -> str:
        """``8:00 3/1``: what came in and what was done; nothing for an hour in which nothing happened."""
        return f"{self.hour}:00 {self.counts[0]}/{self.counts[1]}" if any(self.counts) else ""

    @property
    def done_x(self) -> int:
        return self.x + HOUR_WIDE // 2 - 2


def parts_of(place: Place, now: datetime) -> list[Part]:
    """The parts of ``place`` (itself where it has none), the worst first. Three statements."""
    inside = list(Place.objects.active().filter(parent=place)) or [place]
    parts = {each.path: Part(each) for each in [*inside, place]}
    step = len(place.path) + (STEP if inside != [place] else 0)
    under = Matter.objects.under(place).annotate(part=Substr("placed_path", 1, step))
    fresh = Count("pk", filter=Q(raised_at__gte=now - WEEK))
    still = Count("pk", filter=Q(state__in=OPEN))
    rows = under.filter(Q(state__in=OPEN) | Q(raised_at__gte=now - WEEK)).order_by()
    for path, colour, n, week in (
        rows.values("part", "colour").annotate(n=still, week=fresh).values_list("part", "colour", "n", "week")
    ):
        if path in parts:
            setattr(parts[path], colour, n)
            parts[path].week += week
    found = [part for part in parts.values() if part.place != place or part.signs or inside == [place]]
    found.sort(key=lambda each: (-each.late, -each.warn, -each.ok, each.place.code))
    most = max((each.week for each in found), default=0)
    for each in found:
        each.shade = math.ceil(each.week / most * SHADES) if most else 0
    _draw(place, found)
    return found


def today_of(place: Place, now: datetime) -> list[Moved]:
    """When what moved today was raised and answered. One statement."""
    start = midnight(localdate(now))
    moved = Q(raised_at__gte=start) | Q(answered_at__gte=start)
    return list(Matter.objects.under(place).filter(moved).values_list("raised_at", "answered_at"))


def since_midnight(moments: Iterable[datetime | None], now: datetime) -> list[datetime]:
    """Those of today, in local time."""
    start = midnight(localdate(now))
    return [localtime(moment) for moment in moments if moment is not None and moment >= start]


def bars_of(moved: Sequence[Moved], now: datetime) -> list[Bar]:
    """What came in and what was done, hour by hour of today."""
    raised = Counter(each.hour for each in since_midnight((row[0] for row in moved), now))
    done = Counter(each.hour for each in since_midnight((row[1] for row in moved), now))
    most = max([*raised.values(), *done.values(), 1])
    bars = []
    for hour in range(24):
        highs = [round(count[hour] / most * BARS_HIGH, 1) for count in (raised, done)]
        x = hour * HOUR_WIDE + 2
        both = (raised[hour], done[hour])
        bars.append(Bar(hour, both, x, *highs, *(BARS_HIGH + 14 - high for high in highs)))
    return bars


def watched_of(place: Place, most: int) -> list[Matter]:
    """What is late or soon due, the most urgent first. One statement."""
    rows = Matter.objects.told_to_all().under(place).filter(state__in=OPEN).exclude(state=State.ANSWERED)
    rows = rows.filter(colour__in=(Colour.LATE, Colour.WARN)).with_names().defer("words", "title", "search")
    return list(rows.order_by("handle_due", "pk")[:most])


def just_done(place: Place, now: datetime, most: int) -> list[Matter]:
    """What was answered last today, the latest first. One statement."""
    start = midnight(localdate(now))
    rows = Matter.objects.told_to_all().under(place).filter(answered_at__gte=start).with_names()
    return list(rows.defer("words", "title", "search").order_by("-answered_at", "pk")[:most])


def grid_of(matter: Matter) -> str:
    """The grid that a matter lies in (or the wider place), never finer."""
    place = matter.place
    if place.level == Level.MICRO_GRID and place.parent is not None:
        place = place.parent
    return place.short_name


def _draw(place: Place, parts: Sequence[Part]) -> None:
    """Give each part its outline in the picture, whose north is up and whose scale is one."""
    by_code = {part.place.code: part for part in parts}
    shapes: dict[str, Any] = {
        feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"])
        for feature in places.outlines(place)["features"]
        if feature["properties"]["code"] in by_code
    }
    if not shapes:
        return
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min((WIDE - 2 * EDGE) / ((east - west) * narrow or 1), (HIGH - 2 * EDGE) / (north - south or 1))
    left = (WIDE - (east - west) * narrow * scale) / 2
    top = (HIGH - (north - south) * scale) / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        x, y = left + (lon - west) * narrow * scale, top + (north - lat) * scale
        return round(x, DECIMALS), round(y, DECIMALS)

    for code, shape in shapes.items():
        part, inside = by_code[code], shape.representative_point()
        part.outline = _path(shape, at)
        part.x, part.y = at(inside.x, inside.y)


def _path(shape: Shape, at: Callable[[float, float], tuple[float, float]]) -> str:
    polygons = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    drawn = ("L".join(f"{x} {y}" for x, y in (at(*point[:2]) for point in ring.coords)) for ring in rings)
    return " ".join(f"M{line}Z" for line in drawn)
