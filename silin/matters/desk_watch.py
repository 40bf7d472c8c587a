"""The watch list at the desk: by colour and place, narrowed by colour and reason; and as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.lib.dates import exact_words
from silin.lib.paging import page_by_key
from silin.lib.refusal import Refused
from silin.lib.sheets.answering import FORMS, list_answer
from silin.matters import watching
from silin.matters.day import Line
from silin.matters.desk_day import Cell, Row
from silin.matters.models import WatchEntry
from silin.matters.showing import Line as Shown
from silin.matters.showing import clock_of
from silin.people import queries as people
from silin.people.doors import crumb_to, for_posts, place_at, viewer
from silin.places.models import Place
from silin.places.queries import calendar

SEE = "league.see"
SIZE = 50
CHUNK = 500


@dataclass(frozen=True)
class Entry:
    """A row of the list: why it is on it, and the matter with its clock."""

    entry: WatchEntry
    line: Shown


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``league.see``: to the watch list of their own place."""
    own = people.places_where(viewer(request), SEE, timezone.now())[0]
    return redirect("matters:desk_watch", own.code)


@for_posts(SEE)
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place: what is on the watch list there, of that they may read."""
    root, now, user = place_at(request, code, SEE), timezone.now(), viewer(request)
    days = calendar()
    colour, reason = _asked(request)
    parts, whole = watching.lines_of(root, user, now)
    found = watching.entries_of(root, user, now, colour=colour, reason=reason)
    page = page_by_key(found, ("-at",), request.GET.get("after", ""), SIZE)
    there = [line for line in parts if any(line.counts.values())]
    context = {
        "place": root,
        "now": now,
        "crumb": crumb_to(request, root, SEE, _url),
        "heads": watching.COLOURS.values(),
        "rows": [] if [line.place for line in there] == [root] else [_row(line) for line in there],
        "whole": _row(whole),
        "reasons": [("", _("Every reason")), *WatchEntry.Reason.choices],
        "colours": [("", _("Every colour")), *watching.COLOURS.items()],
        "colour": colour,
        "reason": reason,
        "entries": [Entry(row, Shown(row.matter, clock_of(row.matter, now, days))) for row in page.rows],
        "page": page,
        "sheets": [(form.upper(), _sheet_url(root, form, colour, reason)) for form in FORMS],
        "task": not user.has_perm("matters.triage", root),
    }
    return render(request, "matters/desk/watch.html", context)


@for_posts(SEE)
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place: the same list as a spreadsheet, xlsx or csv."""
    root, now = place_at(request, code, SEE), timezone.now()
    colour, reason = _asked(request)
    found = watching.entries_of(root, viewer(request), now, colour=colour, reason=reason)
    rows = _cells(found.order_by("-at", "-pk").iterator(chunk_size=CHUNK), now)
    name, heads = f"silin-watch-{root.code}-{timezone.localdate(now):%Y%m%d}", _heads()
    return list_answer(form, name, _("Watch list"), heads, rows)


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The colour and the reason that the address names, each may be left open."""
    colour, reason = request.GET.get("colour", ""), request.GET.get("reason", "")
    if (colour and colour not in watching.COLOURS) or (reason and reason not in WatchEntry.Reason.values):
        raise Refused("bad_filter", _("There is no such colour or reason."), status=404)
    return colour, reason


def _row(line: Line) -> Row:
    url, names = _url(line.place), watching.COLOURS
    there = {name: f"{url}?colour={name}" if n else "" for name, n in line.counts.items()}
    cells = [Cell(n, there[name], name, names[name]) for name, n in line.counts.items()]
    return Row(line.place, cells, url)


def _url(place: Place) -> str:
    return reverse("matters:desk_watch", args=[place.code])


def _sheet_url(place: Place, form: str, colour: str, reason: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: said for name, said in (("colour", colour), ("reason", reason)) if said})
    address = reverse("matters:desk_watch_sheet", args=[place.code, form])
    return f"{address}?{query.urlencode()}" if query else address


def _heads() -> list[str]:
    return [
        _("Number"),
        _("Matter"),
        _("Category"),
        _("Community"),
        _("Place"),
        _("State"),
        _("Colour"),
        _("Due"),
        _("With"),
        _("Why"),
        _("In words"),
        _("Put on by"),
        _("On it since"),
    ]


def _cells(rows: Iterable[WatchEntry], now: datetime) -> Iterator[list[object]]:
    for row in rows:
        matter = row.matter
        yield [
            matter.shown_number,
            matter.title,
            matter.category,
            matter.place.parent or "",
            Shown(matter, None).spot or matter.place.short_name,
            matter.get_state_display(),
            watching.COLOURS[watching.colour_of(matter, now)],
            exact_words(matter.handle_due) if matter.handle_due else "",
            matter.holder or "",
            row.get_reason_display(),
            row.words,
            row.post,
            exact_words(row.at),
        ]
