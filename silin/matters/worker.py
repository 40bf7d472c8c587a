"""What grid workers, and whoever else has matters in hand, see on their phones."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.history.live import live
from silin.lib.dates import day_words, weekday_words
from silin.lib.paging import page_by_key
from silin.lib.refusal import Words
from silin.matters import queries, searching
from silin.matters.models import Matter, MatterQuerySet
from silin.matters.opening import Opened, SeeOther, act, fetch, opened
from silin.matters.showing import lines
from silin.people import queries as people
from silin.people.doors import for_posts, viewer
from silin.places.queries import calendar

HANDLE = "matters.handle"
SEE = "matters.see"
FIRST = 6  # rows of a list on the page of today
SIZE = 20
LISTS: dict[str, Words] = {
    "mine": _("In my hands"),
    "verify": _("To look at"),
    "done": _("What I did"),
}


@for_posts(HANDLE)
@live
@require_safe
def today(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.handle``: what is theirs by due time, and what waits for their look."""
    user, now, days = viewer(request), timezone.now(), calendar()
    mine = lines(queries.in_hand_of(user, now), now, days)
    waiting = lines(queries.to_verify_by(user, now)[: FIRST + 1], now, days)
    late = [line for line in mine if line.clock and line.clock.colour == "late"]
    context = {
        "mine": mine[:FIRST],
        "first": next(iter(mine), None),
        "n_mine": len(mine),
        "n_late": len(late),
        "accept_id": uuid4(),
        "waiting": waiting[:FIRST],
        "more_waiting": len(waiting) > FIRST,
        "places": people.places_where(user, HANDLE, now),
        "day": day_words(localdate(now)),
        "homes": user.has_perm("households.see"),
        "weekday": weekday_words(localdate(now)),
    }
    return render(request, "matters/worker/today.html", context)


@for_posts(HANDLE)
@live
@require_safe
def tasks(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.handle``: all that is in their hands, to look at, or done by them."""
    user, now = viewer(request), timezone.now()
    chosen = request.GET.get("list", "mine")
    q = request.GET.get("q", "").strip()
    rows, order = _rows(user, now, chosen, q)
    page = page_by_key(rows, order, request.GET.get("after", ""), SIZE)
    context = {
        "lines": lines(page.rows, now, calendar()),
        "page": page,
        "chosen": "" if q else chosen,
        "lists": LISTS,
        "q": q,
    }
    return render(request, "matters/worker/tasks.html", context)


@for_posts(SEE)
@live
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, number: str) -> HttpResponseBase:
    """Staff who may see the matter: where it is, what was said, and what may be done now."""
    user, now = viewer(request), timezone.now()
    matter, tried = fetch(user, number), None
    if request.method == "POST":
        tried = act(request, matter, user, now)
        if tried.refusal is None:
            return _after(user, matter, tried.do)
        matter = fetch(user, number)
    shown = opened(matter, user, now, tried)
    status = tried.status if tried else 200
    return render(request, "matters/worker/task.html", _of_task(request, shown), status=status)


def _after(user: User, matter: Matter, did: str) -> SeeOther:
    """To the matter as it stands now; a department that gave it back reads it no longer."""
    stays = Matter.objects.seen_by(user).filter(pk=matter.pk).exists()
    there = reverse("matters:worker_task", args=[matter.number]) if stays else reverse("matters:worker")
    return SeeOther(f"{there}?done={did}")


def _rows(user: User, now: datetime, chosen: str, q: str) -> tuple[MatterQuerySet, tuple[str, ...]]:
    if q:
        return searching.found(Matter.objects.seen_by(user).with_names(), q, user, now), queries.SEARCH_ORDER
    if chosen == "verify":
        return queries.to_verify_by(user, now), ("verify_due",)
    if chosen == "done":
        mine = Matter.objects.seen_by(user).filter(handler=user)
        return mine.with_names(), ("-answered_at",)
    return queries.in_hand_of(user, now), ("handle_due",)


def _of_task(request: HttpRequest, shown: Opened) -> dict[str, Any]:
    desk = "desk" in settings.SILIN_FRONTS and request.user.has_perm("matters.triage", shown.matter)
    return {
        "desk_url": reverse("matters:desk_matter", args=[shown.matter.number]) if desk else "",
        "shown": shown,
        "matter": shown.matter,
        "forms": shown.forms,
        "errors": shown.tried.errors if shown.tried else None,
        "done": request.GET.get("done", ""),
    }
