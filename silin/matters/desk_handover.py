"""The shift hand-over at the desk: write it, read it, take it over, print it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from silin.history import queries as history
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.matters import handover as shifts
from silin.matters.forms import words_field
from silin.matters.models import Handover, Matter
from silin.matters.opening import SeeOther
from silin.people.doors import for_posts, viewer

SHIFT = timedelta(hours=12)
SIZE = 20
LOCAL = "%Y-%m-%dT%H:%M"  # what a browser's own field for a time says
pages = require_http_methods(["GET", "HEAD", "POST"])


class HandoverForm(forms.Form):
    """Until when the next shift goes, and what its people have to know."""

    use_required_attribute = False
    client_id = forms.UUIDField(widget=forms.HiddenInput())
    until = forms.DateTimeField(
        label=gettext_lazy("The next shift ends"),
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        error_messages={"invalid": gettext_lazy("Please give a day and a time.")},
    )
    notes = words_field(
        gettext_lazy("What does whoever comes have to know?"),
        gettext_lazy("Whom you called, what was promised, what comes first. The lists below go with it."),
        rows=5,
    )

    def __init__(self, data: Any, now: datetime) -> None:
        until = localtime(now + SHIFT).replace(minute=0, second=0, microsecond=0)
        super().__init__(data, auto_id="handover_%s", initial={"client_id": uuid4(), "until": until})


class TakeForm(forms.Form):
    """That one has read it, and a word back if one likes."""

    seen = forms.CharField(widget=forms.HiddenInput())
    words = words_field(gettext_lazy("A word back"), required=False, rows=2)


@dataclass(frozen=True)
class Then:
    """A matter as the record names it: when it was due then, and as it stands now."""

    matter: Matter
    due: datetime
    post: str = ""
    came: bool = False


@for_posts(shifts.SEAT)
@pages
def handovers(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: pass their own desk on, and what was passed on before."""
    user, now = viewer(request), timezone.now()
    seat = shifts.seat_of(user, now)
    if seat is None:
        raise NotFound
    form, status = HandoverForm(request.POST or None, now), 200
    if request.method == "POST":
        status = 400
        try:
            if form.is_valid():
                row = shifts.hand_over(seat.place, actor=user, now=now, **form.cleaned_data)
                messages.success(request, _("Passed on. Whoever comes has been told."))
                return SeeOther(reverse("matters:desk_handover", args=[row.pk]))
        except Refused as refusal:
            if wants_json(request):
                raise
            mend(form, refusal)
            status = refusal.status
    until = form.cleaned_data.get("until") if form.is_bound else form.initial["until"]
    past = Handover.objects.filter(place=seat.place).exclude(taken_at=None)
    page = page_by_key(
        past.select_related("given_by", "taken_by"), ("-given_at",), request.GET.get("after", ""), SIZE
    )
    context = {
        "place": seat.place,
        "form": form,
        "waits": shifts.waiting(seat.place),
        "found": shifts.gather(seat.place, now, until or now + SHIFT),
        "until": until or now + SHIFT,
        "colleagues": [each for each in shifts.colleagues_of(seat.place, now) if each.pk != user.pk],
        "page": page,
        "viewer_pk": user.pk,
    }
    return render(request, "matters/desk/handovers.html", context, status=status)


@for_posts(shifts.SEAT)
@pages
def handover(request: HttpRequest, handover: UUID) -> HttpResponseBase:
    """Staff with ``matters.triage`` over the place: one record; whoever comes takes it over, once."""
    user, now = viewer(request), timezone.now()
    row = Handover.objects.select_related("place", "given_by", "taken_by").filter(pk=handover).first()
    if row is None or not user.has_perm(shifts.SEAT, row):
        raise NotFound
    form, status = TakeForm(request.POST or None, initial={"seen": row.given_at.isoformat()}), 200
    if request.method == "POST" and form.is_valid():
        try:
            seen = datetime.fromisoformat(form.cleaned_data["seen"])
            shifts.take_over(row, words=form.cleaned_data["words"], actor=user, now=now, seen=seen)
            messages.success(request, _("You have it now."))
            return SeeOther(reverse("matters:desk_handover", args=[row.pk]))
        except (Refused, ValueError) as problem:
            refusal = problem if isinstance(problem, Refused) else NotFound()
            if wants_json(request):
                raise refusal from problem
            row.refresh_from_db()
            form = TakeForm({**request.POST.dict(), "seen": row.given_at.isoformat()})
            mend(form, refusal)
            status = refusal.status
    mine = row.taken_at is None and row.given_by_id != user.pk
    context = {
        "row": row,
        "form": form if mine and shifts.sits_at(row.place, user, now) else None,
        "problem": form if form.errors else None,
        "mine": row.taken_at is None and row.given_by_id == user.pk,
        "lists": _lists(row),
        "counts": row.said["counts"],
        "lines": history.of(row.subject),
        "now": now,
    }
    return render(request, "matters/desk/handover.html", context, status=status)


def _lists(row: Handover) -> dict[str, list[Then]]:
    """The matters of the record, as they stand now. One statement."""
    names = ("late", "due", "replies", "called")
    numbers = {each[0] for name in names for each in row.said[name]}
    rows = Matter.objects.under(row.place).filter(number__in=numbers).with_names()
    found = {matter.number: matter for matter in rows}
    lists: dict[str, list[Then]] = {}
    for name in names:
        lists[name] = [_then(found[each[0]], each[1:]) for each in row.said[name] if each[0] in found]
    return lists


def _then(matter: Matter, said: list[Any]) -> Then:
    if len(said) == 1:
        return Then(matter, datetime.fromisoformat(said[0]))
    post, due, came = said
    return Then(matter, datetime.fromisoformat(due), post, came)
