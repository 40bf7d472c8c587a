"""Who runs an estate, a block or a shop, and who did before: looked at, begun and ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.lib.refusal import NotAllowed, NotFound
from silin.people.doors import for_posts, viewer
from silin.people.forms import EndRunForm, RunnerForm
from silin.people.models import Organisation, Running, today
from silin.people.organisations import ROLES_OF, start_running, stop_running
from silin.places.models import Block, Estate, Facility
from silin.places.running import RunBy, Runner

SEE, EDIT = "people.see", "people.edit"
METHODS = ["GET", "HEAD", "POST"]
What = Estate | Block | Facility


def who_runs(what: What, user: User, now: datetime) -> RunBy:
    """What the pages of the territory show of it (``silin.places.running``). One statement."""
    sees = user.has_perm(SEE, what)
    runners = [
        Runner(
            row.organisation.name,
            row.get_role_display(),
            row.valid_from,
            reverse("people:desk_organisation", args=[row.organisation_id])
            if user.has_perm(SEE, row.organisation)
            else "",
        )
        for row in what.run_by.current(today(now)).select_related("organisation__place").order_by("role")
    ]
    return RunBy(runners, _url(what) if sees else "")


@for_posts(SEE)
@require_http_methods(METHODS)
def estate(request: HttpRequest, estate: int) -> HttpResponseBase:
    """Staff with ``people.see`` over its community: who runs an estate and ran it; who may edit changes."""
    return _page(request, Estate.objects.select_related("place").filter(pk=estate).first())


@for_posts(SEE)
@require_http_methods(METHODS)
def block(request: HttpRequest, block: int) -> HttpResponseBase:
    """Staff with ``people.see`` over its community: who runs a block and ran it; who may edit changes."""
    return _page(request, Block.objects.select_related("place").filter(pk=block).first())


@for_posts(SEE)
@require_http_methods(METHODS)
def facility(request: HttpRequest, facility: int) -> HttpResponseBase:
    """Staff with ``people.see`` over its place: who runs a shop and ran it; who may edit changes it."""
    return _page(request, Facility.objects.select_related("place").filter(pk=facility).first())


def _page(request: HttpRequest, what: What | None) -> HttpResponseBase:
    user, now = viewer(request), timezone.now()
    if what is None or not user.has_perm(SEE, what):
        raise NotFound
    form, ending = _runner_form(what), EndRunForm()
    if request.method == "POST":
        if not user.has_perm(EDIT, what):
            raise NotAllowed
        done = False
        if request.POST.get("do") == "stop":
            ending = EndRunForm(request.POST)
            done = _stop(request, what, ending, user, now)
        else:
            form = _runner_form(what, request.POST)
            done = _start(what, form, user, now)
        if done:
            return HttpResponseRedirect(f"{_url(what)}?done=1", status=303)
    context = _context(what, now) | {"form": form, "ending": ending, "edits": user.has_perm(EDIT, what)}
    context |= {"done": request.GET.get("done") == "1", "row": request.POST.get("row", "")}
    return render(request, "people/desk/runs.html", context, status=max(form.status, ending.status))


def _start(what: What, form: RunnerForm, user: User, now: datetime) -> bool:
    def call() -> Running:
        sent = form.cleaned_data
        return start_running(
            sent["organisation"], what, sent["role"], actor=user, now=now, since=sent["since"]
        )

    return form.try_to(call) is not None


def _stop(request: HttpRequest, what: What, form: EndRunForm, user: User, now: datetime) -> bool:
    try:
        row = what.run_by.filter(pk=request.POST.get("row", "")).first()
    except (ValueError, ValidationError) as error:
        raise NotFound from error
    if row is None:
        raise NotFound
    return form.try_to(lambda: stop_running(row, actor=user, now=now, on=form.cleaned_data["on"])) is not None


def _runner_form(what: What, data: Any = None) -> RunnerForm:
    """With the organisations of the places round it, and the roles that fit."""
    around = Organisation.objects.filter(place__in=what.place.path_ids, active_until=None).order_by("name")
    return RunnerForm(data, among=around, roles=ROLES_OF[_name(what)], auto_id="run_%s")


def _context(what: What, now: datetime) -> dict[str, Any]:
    rows = list(what.run_by.select_related("organisation").order_by("-valid_from", "pk"))
    day = today(now)
    going = [each for each in rows if each.valid_until is None or each.valid_until > day]
    return {"what": what, "going": going, "past": [each for each in rows if each not in going], "day": day}


def _url(what: What) -> str:
    return reverse(f"people:desk_{_name(what)}_runs", args=[what.pk])


def _name(what: What) -> str:
    return type(what).__name__.lower()
