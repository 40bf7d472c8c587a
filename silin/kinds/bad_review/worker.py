"""What those graded see of a bad review: what is to be put right, and nothing of who said so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.kinds.bad_review import queries
from silin.kinds.bad_review.forms import OF_GRADED
from silin.kinds.bad_review.models import BadReview
from silin.lib.http import wants_json
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound
from silin.matters.forms import ActForm
from silin.matters.opening import SeeOther
from silin.matters.showing import clock_of
from silin.matters.table import allowed
from silin.matters.timeline import steps
from silin.people.doors import for_posts, viewer
from silin.places.queries import calendar

HANDLE = "matters.handle"
OF_BOTH_SIDES = ("order", "put_right", "appeal", "decide")
"""What those graded read of the story: nothing that the reviewer said or that was said to them."""
SIZE = 20


@for_posts(HANDLE)
@require_safe
def graded(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.handle``: what they are to put right after bad reviews, the newest first."""
    user, now, days = viewer(request), timezone.now(), calendar()
    page = page_by_key(queries.told_to(user, now), ("-ordered_at",), request.GET.get("after", ""), SIZE)
    lines = [(row, clock_of(row.matter, now, days)) for row in page.rows]
    return render(request, "bad_review/graded.html", {"lines": lines, "page": page})


@for_posts(HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: str) -> HttpResponseBase:
    """Whoever holds the post that was graded: what to put right, and the way to appeal."""
    user, now = viewer(request), timezone.now()
    row, tried = queries.fetch_told(user, number, now), None
    if request.method == "POST":
        tried = _tried(request, row, user, now)
        if tried.refusal is None:
            messages.success(request, str(tried.thanks))
            return SeeOther(reverse("bad_review:one", args=[number]))
        row = queries.fetch_told(user, number, now)
    context = _page(row, user, now, tried)
    return render(request, "bad_review/one.html", context, status=tried.status if tried else 200)


def _tried(request: HttpRequest, row: BadReview, user: User, now: datetime) -> ActForm:
    form_class = OF_GRADED.get(request.POST.get("do", ""))
    if form_class is None:
        raise NotFound
    form = form_class(row.matter, request.POST, request.FILES)
    form.submit(row.matter, user, now)
    if form.refusal is not None and wants_json(request):
        raise form.refusal
    return form


def _page(row: BadReview, user: User, now: datetime, tried: ActForm | None) -> dict[str, Any]:
    matter = row.matter
    forms = {name: OF_GRADED[name](matter) for name in allowed(matter, user, now) if name in OF_GRADED}
    if tried is not None and tried.do in forms:
        tried.look_again(matter)
        forms[tried.do] = tried
    return {
        "row": row,
        "matter": matter,
        "clock": clock_of(matter, now, calendar()),
        "steps": [step for step in steps(matter, user) if step.action in OF_BOTH_SIDES],
        "forms": forms,
        "form": tried,
        "lost_words": str(tried.data.get("words", "")) if tried and tried.do not in forms else "",
    }
