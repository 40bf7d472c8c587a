"""Disputes at a desk: the live list, a new one, the agreement to print."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.kinds.dispute import queries
from silin.kinds.dispute.models import Dispute
from silin.kinds.dispute.office import put_down
from silin.kinds.dispute.table import of
from silin.lib.clockview import ClockView
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound
from silin.matters.models import Matter
from silin.matters.opening import fetch
from silin.matters.showing import clock_of
from silin.matters.table import holder, level_above
from silin.people.doors import for_posts, viewer
from silin.places.queries import calendar

TRIAGE = "matters.triage"
SIZE = 30


@dataclass(frozen=True)
class Line:
    """One dispute in the list."""

    matter: Matter
    clock: ClockView | None

    @property
    def row(self) -> Dispute:
        return of(self.matter)


@for_posts(TRIAGE)
@require_safe
def disputes(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: the disputes of their place, the gravest first, or those that ended."""
    user, now, days = viewer(request), timezone.now(), calendar()
    ended = request.GET.get("tab") == "ended"
    rows = queries.in_sight(user, ended=ended)
    page = page_by_key(rows, ("gravest", "-raised_at"), request.GET.get("after", ""), SIZE)
    lines = [Line(row, clock_of(row, now, days)) for row in page.rows]
    context = {"lines": lines, "page": page, "ended": ended, "tally": queries.tally(user)}
    return render(request, "dispute/disputes.html", context)


@for_posts(TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: put a dispute down that they hear of."""
    return put_down(request, shell="silin/desk.html", there="matters:desk_matter")


@for_posts(TRIAGE)
@require_safe
def agreement(request: HttpRequest, number: str) -> HttpResponseBase:
    """Staff with ``matters.triage`` who may see the matter, have it or sit above: the agreement, to print."""
    user, now = viewer(request), timezone.now()
    found = fetch(user, number)
    row = Dispute.objects.filter(matter=found).first()
    knows = holder(found, user, now) or level_above(found, user, now)
    if row is None or not row.terms or not knows:
        raise NotFound
    meeting = found.meetings.filter(outcome="agreed").prefetch_related("mediators__kind").last()
    return render(request, "dispute/agreement.html", {"matter": found, "row": row, "meeting": meeting})
