"""Bringing tables in and taking them out, for whoever may change them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.imports.actions import ask_for, drop, receive
from silin.imports.flow import FIRST, check, get_sheet, scope_of, taken_out
from silin.imports.forms import FileForm, WantedForm
from silin.imports.models import Batch
from silin.imports.progress import how_far
from silin.imports.queries import Line, Wanted, batches_of, may, places_for, senders, sheets_for
from silin.imports.undoing import ask_back, last_day
from silin.lib.jobs import last_heartbeat
from silin.lib.paging import page_by_key
from silin.lib.refusal import Changed, NotFound, Refused
from silin.lib.sheets.answering import lines_answer, xlsx_answer
from silin.lib.sheets.writing import error_sheet, export_csv
from silin.lib.sheets.writing import export as exported
from silin.lib.sheets.writing import template as made_template
from silin.people.doors import for_signed_in, viewer
from silin.places.models import Place

SIZE = 20
REFRESH = 3
"""Seconds until a page on which something is under way asks anew."""

SILENT = timedelta(minutes=2)
"""After that long without a word from the jobs loop, it is said that it does not run."""


@for_signed_in
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff who may change one of the tables: all tables that are theirs, and the files sent for them."""
    lines = sheets_for(viewer(request))
    if not lines:
        raise NotFound
    batches = batches_of(lines)
    form = WantedForm(request.GET, lines=lines, people=senders(batches))
    wanted = form.wanted
    context = {
        "lines": lines,
        "form": form,
        "filtered": wanted != Wanted(),
        "page": page_by_key(wanted.among(batches), ["-pk"], request.GET.get("after", ""), SIZE),
    }
    return render(request, "imports/desk/start.html", context)


@for_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, sheet: str) -> HttpResponseBase:
    """Staff who may change this table somewhere: its columns, the template, and a file to send."""
    line = _mine(request, sheet)
    form = FileForm(request.POST or None, request.FILES or None, line=line)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _sent(request, line, form)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "file", str(refusal.message))
        else:
            return redirect("imports:desk_batch", batch.pk)
    status = 400 if form.errors else 200
    return render(request, "imports/desk/sheet.html", {"line": line, "form": form}, status=status)


@for_signed_in
@require_safe
def template(request: HttpRequest, sheet: str) -> HttpResponseBase:
    """Staff who may change this table somewhere: an empty spreadsheet to fill in."""
    declared = _mine(request, sheet).sheet
    return xlsx_answer(f"{declared.title}", made_template(declared))


@for_signed_in
@require_safe
def export(request: HttpRequest, sheet: str) -> HttpResponseBase:
    """Staff who may change this table at the place: its rows as xlsx, or with ``form=csv`` as CSV."""
    line = _mine(request, sheet)
    place = _place(line, request.GET.get("place", ""))
    rows = taken_out(line.sheet, scope_of(place, viewer(request), timezone.now()))
    name = f"{line.sheet.title}-{place.short_name}-{timezone.localdate()}"
    if request.GET.get("form") != "csv":
        return xlsx_answer(name, exported(line.sheet, rows))
    return lines_answer(name, export_csv(line.sheet, rows))


@for_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch: int) -> HttpResponseBase:
    """Staff who may change its table at its place: what the file would change; bring it in or drop it."""
    found, told = _batch(request, batch), ""
    if request.method == "POST":
        try:
            return _decide(request, found)
        except (Changed, Refused) as refusal:
            told = str(refusal.message)
        found = _batch(request, batch)
    context = {
        "batch": found,
        "sheet": found.declared,
        "told": told or found.told,
        "first": FIRST,
        "undo_until": last_day(found),
        "now": timezone.now(),
        **_work(found),
    }
    return render(request, "imports/desk/batch.html", context, status=409 if told else 200)


def _work(found: Batch) -> dict[str, Any]:
    """How far the jobs loop is with it, and whether there is one."""
    if not found.is_at_work:
        return {}
    beat = last_heartbeat()
    asleep = beat is None or timezone.now() - beat > SILENT
    return {"far": how_far(found), "asleep": asleep, "refresh": REFRESH}


@for_signed_in
@require_safe
def errors(request: HttpRequest, batch: int) -> HttpResponseBase:
    """Staff who may change its table at its place: the file with each bad cell marked and explained."""
    found = _batch(request, batch)
    declared = found.declared
    if not found.content or not found.bad or found.is_at_work or declared is None:
        raise NotFound
    if found.is_open:
        scope = scope_of(found.place, viewer(request), timezone.now())
        data = error_sheet(declared, check(declared, scope, found.table).reading)
    else:
        data = found.data
    return xlsx_answer(f"{declared.title}-{found.pk}", data)


def _mine(request: HttpRequest, key: str) -> Line:
    line = Line(declared := get_sheet(key), places_for(viewer(request), declared))
    if not line.places:
        raise NotFound
    return line


def _place(line: Line, code: str) -> Place:
    """The place that is asked for, or the first of one's own. Raises ``NotFound``."""
    if not code:
        return line.places[0]
    place = Place.objects.filter(code=code).first()
    if place is None or not line.covers(place):
        raise NotFound
    return place


def _sent(request: HttpRequest, line: Line, form: FileForm) -> Batch:
    file = form.cleaned_data["file"]
    return receive(
        line.sheet,
        _place(line, form.cleaned_data["place"]),
        file.read(),
        name=file.name,
        by=viewer(request),
        now=timezone.now(),
        datum=form.cleaned_data.get("datum", ""),
    )


def _batch(request: HttpRequest, key: int) -> Batch:
    found = Batch.objects.select_related("place", "by", "decided_by", "undone_by").filter(pk=key).first()
    if found is None or not may(viewer(request), found):
        raise NotFound
    return found


def _decide(request: HttpRequest, found: Batch) -> HttpResponseBase:
    now = timezone.now()
    if request.POST.get("do") == "drop":
        drop(found, now=now)
        return redirect("imports:desk_sheet", found.sheet)
    if request.POST.get("do") == "undo":
        ask_back(found, by=viewer(request), now=now)
        return redirect("imports:desk_batch", found.pk)
    good_rows = request.POST.get("do") == "good"
    ask_for(found, by=viewer(request), now=now, good_rows=good_rows)
    return redirect("imports:desk_batch", found.pk)
