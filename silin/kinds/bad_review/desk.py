"""Bad reviews at a desk: those it looks into and those it watches."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from silin.kinds.bad_review import queries
from silin.kinds.bad_review.models import BadReview
from silin.kinds.bad_review.table import of
from silin.lib.clockview import ClockView
from silin.lib.paging import page_by_key
from silin.matters.forms import GRADES
from silin.matters.models import Matter
from silin.matters.showing import clock_of
from silin.people.doors import for_posts, viewer
from silin.places.queries import calendar

SIZE = 30


@dataclass(frozen=True)
class Line:
    """One bad review in the list: its clock, and the grade in words."""

    matter: Matter
    clock: ClockView | None

    @property
    def row(self) -> BadReview:
        return of(self.matter)

    @property
    def grade(self) -> str:
        review = getattr(self.matter.about, "review", None)
        return str(dict(GRADES)[review.grade]) if review else ""


@for_posts("matters.triage")
@require_safe
def reviews(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: the bad reviews of work below their desk, open or ended."""
    user, now, days = viewer(request), timezone.now(), calendar()
    ended = request.GET.get("tab") == "ended"
    rows = queries.seen_at_desk(user, ended=ended)
    page = page_by_key(rows, ("-raised_at",), request.GET.get("after", ""), SIZE)
    lines = [Line(row, clock_of(row, now, days)) for row in page.rows]
    context = {"lines": lines, "page": page, "ended": ended}
    return render(request, "bad_review/reviews.html", context)
