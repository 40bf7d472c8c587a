"""The day on one page at the desk: by community, each number open to its matters, printable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.lib.dates import day_words, weekday_words
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused, Words
from silin.matters import day as days
from silin.matters.handover import SEAT, seat_of
from silin.matters.models import Matter
from silin.matters.showing import lines
from silin.people.doors import for_posts, place_at, viewer
from silin.places.models import Place
from silin.places.queries import calendar

SIZE = 50
ONE = timedelta(days=1)
TITLES: dict[str, Words] = {**days.COLUMNS, **days.NOW}


@dataclass(frozen=True)
class Cell:
    """A number, where it opens, and what it counts: on a phone that stands above it."""

    n: int
    url: str
    name: str
    title: Words


@dataclass(frozen=True)
class Row:
    """A part of the place with its numbers; ``url`` leads to its own page."""

    place: Place
    cells: list[Cell]
    url: str = ""


@for_posts(SEAT)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: to the day of their own desk."""
    seat = seat_of(viewer(request), timezone.now())
    if seat is None:
        raise NotFound
    return redirect("matters:desk_day", seat.place.code)


@for_posts(SEAT)
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``matters.triage`` over the place: what happened there on a day."""
    root, now = place_at(request, code, SEAT), timezone.now()
    day, today = _day(request), localdate(now)
    parts, whole = days.lines_of(root, day, now)
    names = list(whole.counts)
    context = {
        "place": root,
        "day": day,
        "title": f"{day_words(day, with_year=True)} {weekday_words(day)}",
        "titles": [TITLES[name] for name in names],
        "rows": [_row(line, day) for line in parts if not line.is_quiet],
        "quiet": [line.place for line in parts if line.is_quiet],
        "whole": _row(whole, day),
        "before": day - ONE,
        "after": day + ONE if day < today else None,
        "now": now if day == today else None,
    }
    return render(request, "matters/desk/day.html", context)


@for_posts(SEAT)
@require_safe
def matters(request: HttpRequest, code: str, which: str) -> HttpResponseBase:
    """Staff with ``matters.triage`` over the place: the matters behind a number of the day."""
    root, now = place_at(request, code, SEAT), timezone.now()
    if which not in days.COLUMNS:
        raise Refused("bad_number", _("There is no such number on this page."), status=404)
    day = _day(request)
    seen = Matter.objects.seen_by(viewer(request))
    found = days.matters_behind(root, day, which).filter(pk__in=seen.values("pk"))
    page = page_by_key(found, ("-raised_at",), request.GET.get("after", ""), SIZE)
    context = {
        "place": root,
        "title": days.COLUMNS[which],
        "day_words": day_words(day, with_year=True),
        "lines": lines(page.rows, now, calendar()),
        "page": page,
        "back": f"{reverse('matters:desk_day', args=[root.code])}?day={day}",
    }
    return render(request, "matters/desk/day_matters.html", context)


def _row(line: days.Line, day: date) -> Row:
    cells = []
    for name, n in line.counts.items():
        url = ""
        if n and name in days.COLUMNS:
            url = f"{reverse('matters:desk_day_matters', args=[line.place.code, name])}?day={day}"
        cells.append(Cell(n, url, name, TITLES[name]))
    return Row(line.place, cells, f"{reverse('matters:desk_day', args=[line.place.code])}?day={day}")


def _day(request: HttpRequest) -> date:
    """The day that the address asks for, today without one. Raises ``Refused`` (``bad_day``)."""
    today, said = timezone.localdate(), request.GET.get("day", "")
    try:
        day = date.fromisoformat(said) if said else today
    except ValueError as error:
        raise Refused("bad_day", _("Please give a day like 2026-10-19."), field="day") from error
    if day > today:
        raise Refused("bad_day", _("That day has still to come."), field="day")
    return day
