"""Organisations as desks see them: the list of a place, one with its posts, members and what it runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.people import queries
from silin.people.doors import for_posts, place_at, viewer
from silin.people.forms import LinkForm, OrganisationForm, RunForm
from silin.people.models import AllianceMember, Organisation, Running, today
from silin.people.organisations import (
    About,
    add_organisation,
    change_organisation,
    close_organisation,
    join_alliance,
    leave_alliance,
    start_running,
    stop_running,
)
from silin.places.models import Estate, Place

SEE, EDIT = "people.see", "people.edit"
SIZE = 60
AT_MOST = 200


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``people.see``: to the organisations of their own place."""
    own = queries.places_where(viewer(request), SEE, timezone.now())[0]
    return redirect("people:desk_organisations_place", own.code)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: its organisations by kind; who may edit puts one down."""
    user, now = viewer(request), timezone.now()
    place = place_at(request, code, SEE)
    form = _about_form(place)
    if request.method == "POST":
        _ask(user, place)
        form = _about_form(place, request.POST)
        made = form.try_to(lambda: add_organisation(place, _about(form), actor=user, now=now))
        if made is not None:
            return HttpResponseRedirect(reverse("people:desk_organisation", args=[made.pk]), status=303)
    rows, kind = (
        Organisation.objects.under(place).select_related("place", "parent"),
        request.GET.get("kind", ""),
    )
    if request.GET.get("closed") != "1":
        rows = rows.active(today(now))
    if kind in Organisation.Kind.values:
        rows = rows.filter(kind=kind)
    context = {
        "place": place,
        "page": page_by_key(rows, ("kind", "name"), request.GET.get("after", ""), SIZE),
        "kinds": Organisation.Kind.choices,
        "kind": kind,
        "form": form if user.has_perm(EDIT, place) else None,
    }
    return render(request, "people/desk/organisations.html", context, status=form.status)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """Staff with ``people.see`` over its place: one organisation; who may edit changes and closes it."""
    user, now = viewer(request), timezone.now()
    row = Organisation.objects.select_related("place", "parent").filter(pk=organisation).first()
    if row is None or not user.has_perm(SEE, row):
        raise NotFound
    forms, refusal = _forms(row), None
    if request.method == "POST":
        _ask(user, row.place)
        done, refusal = _act(request, row, user, now, forms)
        if done:
            return HttpResponseRedirect(
                f"{reverse('people:desk_organisation', args=[row.pk])}?done=1", status=303
            )
    context = _context(row, user, now) | {"forms": forms, "refusal": refusal}
    context["done"] = request.GET.get("done") == "1"
    status = refusal.status if refusal else max(each.status for each in forms.values())
    return render(request, "people/desk/organisation.html", context, status=status)


def _forms(row: Organisation) -> dict[str, Any]:
    """A form for each thing that may be done, by the name that the page sends with it."""
    found: dict[str, Any] = {"change": _about_form(row.place, row=row), "run": _run_form(row)}
    if row.is_alliance:
        found["join"] = _join_form(row)
    return found


def _act(
    request: HttpRequest, row: Organisation, user: User, now: datetime, forms: dict[str, Any]
) -> tuple[bool, Refused | None]:
    """Do what was asked; whether it is done, and what was refused outside a form."""
    do = request.POST.get("do", "")
    if do in forms:
        return _act_by_form(request, row, user, now, forms, do), None
    calls: dict[str, Callable[[], object]] = {
        "close": lambda: close_organisation(row, actor=user, now=now),
        "leave": lambda: leave_alliance(_one(AllianceMember, request, alliance=row), actor=user, now=now),
        "stop": lambda: stop_running(_one(Running, request, organisation=row), actor=user, now=now),
    }
    if do not in calls:
        raise NotFound
    try:
        calls[do]()
    except NotFound:
        raise
    except Refused as refusal:
        return False, refusal
    return True, None


def _act_by_form(
    request: HttpRequest, row: Organisation, user: User, now: datetime, forms: dict[str, Any], do: str
) -> bool:
    builders: dict[str, Callable[[Any], Any]] = {
        "change": lambda data: _about_form(row.place, data),
        "join": lambda data: _join_form(row, data),
        "run": lambda data: _run_form(row, data),
    }
    form = forms[do] = builders[do](request.POST)
    sent: dict[str, Any] = {}

    def call() -> object:
        sent.update(form.cleaned_data)
        if do == "change":
            return change_organisation(row, _about(form), actor=user, now=now)
        if do == "join":
            return join_alliance(row, sent["organisation"], actor=user, now=now, since=sent["since"])
        return start_running(row, sent["estate"], sent["role"], actor=user, now=now, since=sent["since"])

    return form.try_to(call) is not None


def _one(model: Any, request: HttpRequest, **of: Any) -> Any:
    try:
        row = model.objects.filter(pk=request.POST.get("row", ""), **of).first()
    except (ValueError, ValidationError) as error:
        raise NotFound from error
    if row is None:
        raise NotFound
    return row


def _about_form(place: Place, data: Any = None, row: Organisation | None = None) -> OrganisationForm:
    names = ("name", "kind", "parent", "telephone", "address", "active_from")
    initial = {name: getattr(row, name) for name in names} if row else None
    around = Organisation.objects.filter(place__in=place.path_ids, active_until=None).order_by("name")
    parents = around.exclude(pk=row.pk) if row else around
    return OrganisationForm(data, initial=initial, parents=parents, auto_id="about_%s")


def _about(form: OrganisationForm) -> About:
    return About(**form.cleaned_data)


def _run_form(row: Organisation, data: Any = None) -> RunForm:
    path = row.place.path
    estates = Estate.objects.filter(place__path__gte=path, place__path__lt=path + "a").order_by("name")
    return RunForm(data, estates=estates, auto_id="run_%s")


def _join_form(row: Organisation, data: Any = None) -> LinkForm:
    among = Organisation.objects.under(row.place).filter(active_until=None).exclude(pk=row.pk)
    return LinkForm(data, among=among.order_by("name"), auto_id="join_%s")


def _ask(user: User, place: Place) -> None:
    if not user.has_perm(EDIT, place):
        raise NotAllowed


def _context(row: Organisation, user: User, now: datetime) -> dict[str, Any]:
    day = today(now)
    runs = row.runs.filter(valid_from__lte=day).select_related("estate", "facility", "block")
    posts = row.posts.filter(closed_on=None).select_related("kind", "place")
    return {
        "organisation": row,
        "runs": runs.order_by("-valid_from")[:AT_MOST],
        "members": row.members.select_related("member").order_by("member__name")[:AT_MOST],
        "alliances": row.alliances.filter(valid_until=None).select_related("alliance"),
        "posts": posts.order_by("-kind__rank", "serial")[:AT_MOST],
        "day": day,
        "edits": user.has_perm(EDIT, row) and row.active_until is None,
    }
