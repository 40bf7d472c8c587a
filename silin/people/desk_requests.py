"""What people asked about their data, as the office that answers sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.people import asking, queries
from silin.people.asking import ANSWER
from silin.people.doors import for_posts, viewer
from silin.people.models import DataRequest, DataRequestQuerySet
from silin.people.register_forms import DecideForm

SIZE = 40


@for_posts(ANSWER)
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``requests.answer``: what was asked in their places, the first due first."""
    user, now, done = viewer(request), timezone.now(), request.GET.get("tab") == "done"
    rows = asked_of(user, now)
    waiting = rows.open()
    shown = rows.exclude(decided_at=None) if done else waiting
    order = ("-asked_at",) if done else ("due_at",)
    page = page_by_key(_with_rows(shown), order, request.GET.get("after", ""), SIZE)
    context = {
        "page": page,
        "done": done,
        "waiting": waiting.count(),
        "late": waiting.filter(due_at__lt=now).count(),
        "now": now,
    }
    return render(request, "people/desk/requests.html", context)


@for_posts(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, ask: UUID) -> HttpResponseBase:
    """Staff with ``requests.answer`` over the community that answers: what was asked, and the answer."""
    user = viewer(request)
    row = _with_rows(DataRequest.objects.filter(pk=ask)).first()
    if row is None or not user.has_perm(ANSWER, row):
        raise NotFound
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            asking.decide(row, **form.cleaned_data, actor=user, now=timezone.now())
        except Refused as refusal:
            if wants_json(request):
                raise
            mend(form, refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect("people:desk_requests")
    home = row.person.memberships.filter(until=None).first() if row.person else None
    context = {"row": row, "home": home, "form": form, "now": timezone.now()}
    answer = render(request, "people/desk/request.html", context, status=400 if form.is_bound else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def asked_of(user: User, now: datetime) -> DataRequestQuerySet:
    """What the places of ``user`` have to answer."""
    within = Q(pk__in=[])
    for path in queries.paths_where(user, ANSWER, now):
        within |= Q(place__path__gte=path, place__path__lt=path + "a")
    return DataRequest.objects.filter(within)


def _with_rows(rows: QuerySet[DataRequest]) -> QuerySet[DataRequest]:
    return rows.select_related("place", "user", "person", "decided_by")
