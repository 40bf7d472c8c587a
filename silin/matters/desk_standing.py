"""Oversight at the desk: how a place stands by part, from the city down to the matter."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.lib.paging import page_by_key
from silin.lib.refusal import Refused, Words
from silin.matters import standing
from silin.matters.day import Line
from silin.matters.desk_day import Cell
from silin.matters.models import Matter
from silin.matters.showing import lines
from silin.people import queries as people
from silin.people.doors import crumb_to, for_posts, place_at, viewer
from silin.places.models import Place
from silin.places.queries import calendar

SEE = "league.see"
SIZE = 50


@dataclass(frozen=True)
class Row:
    """A part of the place with some of its numbers."""

    place: Place
    cells: list[Cell]
    url: str

    @classmethod
    def of(cls, line: Line, names: list[str]) -> Row:
        code = line.place.code
        there = {name: reverse("matters:desk_standing_matters", args=[code, name]) for name in names}
        counts = {name: line.counts[name] for name in names}
        cells = [
            Cell(n, there[name] if n else "", name, standing.NUMBERS[name]) for name, n in counts.items()
        ]
        return cls(line.place, cells, _url(line.place))


@dataclass(frozen=True)
class Group:
    """One table of the page: its title, the heads of its columns, and a row for each part."""

    title: Words
    heads: list[Words]
    rows: list[Row]
    whole: Row


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``league.see``: to how their own place stands."""
    own = people.places_where(viewer(request), SEE, timezone.now())[0]
    return redirect("matters:desk_standing", own.code)


@for_posts(SEE)
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place: what is open there, by colour, ladder, age and rework."""
    root, now = place_at(request, code, SEE), timezone.now()
    parts, whole = standing.lines_of(root, now)
    busy = [line for line in parts if line.counts["open"]]
    context = {
        "place": root,
        "now": now,
        "crumb": crumb_to(request, root, SEE, _url),
        "groups": [_group(name, busy, whole) for name in standing.GROUPS],
        "quiet": [line.place for line in parts if not line.counts["open"]],
        "alone": [line.place for line in parts] == [root],
    }
    return render(request, "matters/desk/standing.html", context)


@for_posts(SEE)
@require_safe
def matters(request: HttpRequest, code: str, count: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place: the open matters behind a number, those that they may see."""
    root, user, now = place_at(request, code, SEE), viewer(request), timezone.now()
    if count not in standing.NUMBERS:
        raise Refused("bad_number", _("There is no such number on this page."), status=404)
    seen = Matter.objects.seen_by(user)
    found = standing.matters_behind(root, count, now).filter(pk__in=seen.values("pk"))
    page = page_by_key(found, ("raised_at",), request.GET.get("after", ""), SIZE)
    context = {
        "place": root,
        "title": standing.NUMBERS[count],
        "lines": lines(page.rows, now, calendar()),
        "page": page,
        "back": _url(root),
        "task": not user.has_perm("matters.triage", root),
    }
    return render(request, "matters/desk/standing_matters.html", context)


def _group(name: str, parts: list[Line], whole: Line) -> Group:
    title, columns = standing.GROUPS[name]
    rows = [Row.of(line, list(columns)) for line in parts]
    return Group(title, list(columns.values()), rows, Row.of(whole, list(columns)))


def _url(place: Place) -> str:
    return reverse("matters:desk_standing", args=[place.code])
