"""The wall of a place: how it stands now, read from across a room. Nobody signs in, and nobody is named."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from silin.history.live import live
from silin.lib.dates import clock_time
from silin.lib.refusal import NotFound
from silin.lib.text import listed
from silin.matters import league
from silin.matters import wall_figures as figures
from silin.matters.models import Matter
from silin.matters.showing import lines
from silin.places import queries as places
from silin.places.models import Place
from silin.places.tallies import tally

WATCHED = 5
TOLD = 3
ROWS = 12


@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Everyone: to the wall of the whole city."""
    root = places.root()
    if root is None:
        raise NotFound
    return redirect("matters:wall_place", root.code)


@live
@require_safe
def wall(request: HttpRequest, code: str) -> HttpResponseBase:
    """Everyone: counts, colours by grid and what to watch, without names, doors or anybody's words."""
    place, now = places.get_place(code), timezone.now()
    if not place.is_active:
        raise NotFound
    parts = figures.parts_of(place, now)
    moved = figures.today_of(place, now)
    month = league.total(place, league.months(1, localtime(now).date())[0])
    bars = figures.bars_of(moved, now)
    below = Place.objects.below(place).active().values_list("level", "kind")
    context = {
        "place": place,
        "now": now,
        "tallies": tally(below.annotate(n=Count("pk")).order_by()),
        "parts": parts,
        "listed": parts[:ROWS],
        "others": len(parts[ROWS:]),
        "sums": {name: sum(getattr(part, name) for part in parts) for name in ("late", "warn", "ok")},
        "going": sum(part.late + part.warn + part.ok for part in parts),
        "raised": len(figures.since_midnight((row[0] for row in moved), now)),
        "done": len(figures.since_midnight((row[1] for row in moved), now)),
        "month": month,
        "rate": f"{(month.rate or 0) * 100:.1f}",
        "watched": [
            {"matter": line.matter, "clock": line.clock, "grid": figures.grid_of(line.matter)}
            for line in lines(figures.watched_of(place, WATCHED), now, places.calendar())
        ],
        "bars": bars,
        "day_words": listed(bar.words for bar in bars if bar.words) or "0",
        "hour_x": localtime(now).hour * figures.HOUR_WIDE + figures.HOUR_WIDE,
        "told": [_told(row) for row in figures.just_done(place, now, TOLD)],
        "as_of": clock_time(localtime(now)),
    }
    return render(request, "matters/wall/wall.html", context)


def _told(row: Matter) -> dict[str, object]:
    """A line of the ticker: when, what sort of matter, in which grid, and how it ended."""
    time = clock_time(localtime(row.answered_at)) if row.answered_at else ""
    ended = row.get_outcome_display() or row.get_state_display()
    return {"time": time, "category": row.category, "place": figures.grid_of(row), "outcome": ended}
