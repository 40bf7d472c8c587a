"""For how many days what is kept: read, tried out, and changed by the security administrator."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.people import retaining
from silin.people.doors import for_posts, viewer
from silin.people.register_forms import DaysForm

LINES_SHOWN = 20


@for_posts(retaining.EDIT)
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``rights.edit``: each personal field, why it is there, its days, what went last night."""
    found = retaining.rules(timezone.now())
    groups = [(str(room), list(rows)) for room, rows in groupby(found, key=lambda each: str(each.room))]
    context = {"groups": groups, "last": sum(each.last for each in found)}
    return render(request, "people/desk/retention.html", context)


@for_posts(retaining.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, field: str) -> HttpResponseBase:
    """Staff with ``rights.edit``: the days of one field; what a change would take out is said first."""
    now = timezone.now()
    rule = next((each for each in retaining.rules(now) if each.field == field), None)
    if rule is None or not rule.ends:
        raise NotFound
    form = DaysForm(request.POST if request.method == "POST" else None, initial={"days": rule.days})
    context: dict[str, Any] = {
        "rule": rule,
        "form": form,
        "tonight": retaining.would_go(field, rule.days, now),
    }
    status = 200
    if request.method == "POST":
        status = 200 if form.is_valid() else 400
        if form.is_valid() and request.POST.get("do") == "set":
            try:
                retaining.set_days(field, form.cleaned_data["days"], actor=viewer(request), now=now)
            except Refused as refusal:
                if wants_json(request):
                    raise
                mend(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Noted."))
                return redirect("people:desk_retention_one", field)
        elif form.is_valid():
            context["would"] = retaining.would_go(field, form.cleaned_data["days"], now)
    context["lines"] = retaining.changes_of(field, LINES_SHOWN)
    return render(request, "people/desk/retention_one.html", context, status=status)
