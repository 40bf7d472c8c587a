"""Rectifications at a desk: problem list, register, what is struck off; one of them; a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.history.live import live
from silin.kinds.rectification import queries, sheet_rows
from silin.kinds.rectification.filters import STATES, Filters, bureaus_of, places_of, references_of
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.queries import LISTS, Listing
from silin.kinds.rectification.raising import KEY
from silin.kinds.rectification.setting import SetForm
from silin.kinds.rectification.table import of
from silin.lib.clockview import ClockView
from silin.lib.http import wants_json
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound
from silin.lib.sheets.answering import FORMS, list_answer
from silin.matters.desk import whole
from silin.matters.models import Matter, MatterQuerySet
from silin.matters.opening import SeeOther, fetch
from silin.matters.showing import clock_of
from silin.people.doors import for_signed_in, viewer
from silin.places.queries import calendar

P = ParamSpec("P")
SIZE, PRINTED, CHUNK = 40, 400, 500
DOORS = (_("Rectifications"), "rectification:lists", "rectification:one")


@dataclass(frozen=True)
class Line:
    """One rectification in a list."""

    matter: Matter
    clock: ClockView | None

    @property
    def row(self) -> Rectification:
        return of(self.matter)

    @property
    def struck_off(self) -> str:
        return sheet_rows.struck_off(self.matter)

    @property
    def progress(self) -> str:
        return sheet_rows.progress(self.matter)

    @property
    def looked(self) -> str:
        return sheet_rows.looked(self.row)

    @property
    def checked(self) -> str:
        return sheet_rows.checked(self.row)


def for_offices(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let in whoever sits at a desk, compares places or works in a bureau; others find nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not queries.works_with(viewer(request), timezone.now()):
            raise NotFound
        return view(request, *args, **kwargs)

    return for_signed_in(guarded)


@for_offices
@require_safe
def lists(request: HttpRequest) -> HttpResponseBase:
    """Whoever sits at a desk, compares places or works in a bureau: one of the lists, as far as they read."""
    user, now, days = viewer(request), timezone.now(), calendar()
    listing, filters = _asked(request)
    seen = queries.seen_by(user)
    rows = filters.narrow(seen, now)
    page = page_by_key(rows.filter(listing.which), listing.order, request.GET.get("after", ""), SIZE)
    query = filters.query(list=listing.key)
    context = {
        "listing": listing,
        "lists": LISTS.values(),
        "tally": queries.tally(rows, now),
        "filters": filters,
        "kept": filters.query(),
        "states": STATES,
        "places": places_of(seen),
        "bureaus": bureaus_of(seen),
        "references": references_of(seen),
        "lines": [Line(row, clock_of(row, now, days)) for row in page.rows],
        "page": page,
        "sheets": [
            (form.upper(), f"{reverse('rectification:sheet', args=[form])}?{query}") for form in FORMS
        ],
        "print_url": f"{reverse('rectification:printed')}?{query}",
    }
    return render(request, "rectification/lists.html", context)


@for_offices
@require_safe
def sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """Whoever may look at the list: all of it as a spreadsheet, xlsx or csv."""
    listing, rows = _rows(request)
    name = f"{listing.title}-{timezone.localdate():%Y%m%d}"
    found = sheet_rows.rows_of(rows.iterator(chunk_size=CHUNK))
    return list_answer(form, name, str(listing.title), sheet_rows.heads(), found)


@for_offices
@require_safe
def printed(request: HttpRequest) -> HttpResponseBase:
    """Whoever may look at the list: its first 400 rows on paper, with room for signatures."""
    listing, rows = _rows(request)
    found = list(rows[: PRINTED + 1])
    context = {
        "listing": listing,
        "heads": sheet_rows.heads(),
        "rows": list(sheet_rows.rows_of(found[:PRINTED])),
        "more": len(found) > PRINTED,
        "at": timezone.now(),
    }
    return render(request, "rectification/printed.html", context)


@for_offices
@live
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: str) -> HttpResponseBase:
    """Whoever set it, answers for it or sits at a desk over the place: its story and what may be done."""
    found = fetch(viewer(request), number)
    if found.kind != KEY:
        raise NotFound
    return whole(request, found, DOORS)


@for_offices
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Whoever sits at a desk, compares places or works in a bureau: set a task in their own territory."""
    form = SetForm(viewer(request), timezone.now(), request.POST or None)
    if request.method == "POST":
        matter = form.submit()
        if matter is not None:
            return SeeOther(reverse("rectification:one", args=[matter.number]))
        if form.refusal is not None and wants_json(request):
            raise form.refusal
    context: dict[str, Any] = {"form": form, "errors": form.errors if form.is_bound else None}
    return render(request, "rectification/new.html", context, status=form.status)


def _asked(request: HttpRequest) -> tuple[Listing, Filters]:
    wanted = request.GET.get("list", "")
    return LISTS.get(wanted) or LISTS["problems"], Filters.read(request.GET)


def _rows(request: HttpRequest) -> tuple[Listing, MatterQuerySet]:
    """The whole list that the address names, in its order."""
    listing, filters = _asked(request)
    rows = filters.narrow(queries.seen_by(viewer(request)), timezone.now()).filter(listing.which)
    return listing, rows.order_by(*listing.order, "pk")
