"""Teams as desks keep them: the list of a place, one with its members, setting up, closing and the undo."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.lib.ids import new_id
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.people import queries
from silin.people.desk_seats import bodies_of
from silin.people.doors import for_posts, place_at, viewer
from silin.people.forms import JoinTeamForm, TeamForm, TriedForm
from silin.people.inviting import person_for
from silin.people.models import Team, TeamMember, today
from silin.people.teams import (
    AboutTeam,
    add_team,
    change_team,
    close_team,
    join_team,
    leave_team,
    reopen_team,
)
from silin.places.models import Place

SEE, EDIT = "people.see", "teams.edit"
SIZE = 60
AT_MOST = 300


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``people.see``: to the teams of their own place."""
    own = queries.places_where(viewer(request), SEE, timezone.now())[0]
    return redirect("people:desk_teams_place", own.code)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: its teams by kind; who may edit teams sets one up."""
    user, now = viewer(request), timezone.now()
    place = place_at(request, code, SEE)
    form = _form(place)
    if request.method == "POST":
        _ask(user, place)
        form = _form(place, data=request.POST)
        made = form.try_to(lambda: add_team(place, _about(form), actor=user, now=now, key=_key(form)))
        if made is not None:
            return HttpResponseRedirect(reverse("people:desk_team", args=[made.pk]), status=303)
    kind, closed = request.GET.get("kind", ""), request.GET.get("closed") == "1"
    rows, kinds = _teams(place, now, closed)
    context = {
        "place": place,
        "kinds": [(value, label, kinds[value]) for value, label in Team.Kind.choices if value in kinds],
        "n": sum(kinds.values()),
        "kind": kind,
        "closed": closed,
        "page": page_by_key(
            rows.filter(kind=kind) if kind else rows, ("kind", "name"), request.GET.get("after", ""), SIZE
        ),
        "form": form if user.has_perm(EDIT, place) else None,
    }
    return render(request, "people/desk/teams.html", context, status=form.status)


def _teams(place: Place, now: datetime, closed: bool) -> tuple[Any, dict[str, int]]:
    """The teams with how many belong to each and their captain, and how many there are of each kind."""
    day = today(now)
    rows = Team.objects.under(place)
    rows = rows.filter(active_until__lte=day) if closed else rows.active(day)
    counted = rows.order_by().values_list("kind").annotate(n=Count("pk"))
    led = TeamMember.objects.current(day).filter(captain=True).select_related("user")
    belongs = Q(members__valid_until=None) | Q(members__valid_until__gt=day)
    listed = rows.select_related("place", "organisation").annotate(size=Count("members", filter=belongs))
    return listed.prefetch_related(Prefetch("members", led, to_attr="captains")), dict(counted)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, team: UUID) -> HttpResponseBase:
    """Staff with ``people.see`` over its place: one team; who may edit teams changes it and its members."""
    user, now = viewer(request), timezone.now()
    row = Team.objects.select_related("place", "organisation").filter(pk=team).first()
    if row is None or not user.has_perm(SEE, row):
        raise NotFound
    forms: dict[str, TriedForm] = {"change": _form(row.place, row), "join": JoinTeamForm(auto_id="join_%s")}
    refusal: Refused | None = None
    if request.method == "POST":
        _ask(user, row.place)
        done, refusal = _act(request, row, user, now, forms)
        if done:
            return HttpResponseRedirect(f"{reverse('people:desk_team', args=[row.pk])}?done=1", status=303)
    context = _context(row, user, now) | {"forms": forms, "refusal": refusal}
    context["done"] = request.GET.get("done") == "1"
    status = refusal.status if refusal else max(each.status for each in forms.values())
    return render(request, "people/desk/team.html", context, status=status)


def _act(
    request: HttpRequest, row: Team, user: User, now: datetime, forms: dict[str, TriedForm]
) -> tuple[bool, Refused | None]:
    """Do what was asked; whether it is done, and what was refused outside a form."""
    do = request.POST.get("do", "")
    if do == "change":
        return _change(request, row, user, now, forms), None
    if do == "join":
        form = forms["join"] = JoinTeamForm(request.POST, auto_id="join_%s")
        return form.try_to(lambda: _join(form, row, user, now)) is not None, None
    calls: dict[str, Callable[[], object]] = {
        "close": lambda: close_team(row, actor=user, now=now),
        "reopen": lambda: reopen_team(row, actor=user, now=now),
        "leave": lambda: leave_team(_member(request, row), actor=user, now=now),
        "lead": lambda: join_team(row, _member(request, row).user, actor=user, now=now, captain=True),
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


def _change(request: HttpRequest, row: Team, user: User, now: datetime, forms: dict[str, TriedForm]) -> bool:
    """Two clerks at one team: the second is told, keeps what was typed, and may send it once more."""
    sent = request.POST.copy()
    form = _form(row.place, row, data=sent)
    asked = AboutTeam.of(row) if sent.get("key") == _mark(row) else None

    def change() -> Team:
        return change_team(row, _about(form), actor=user, now=now, seen=asked or AboutTeam("", ""))

    done = form.try_to(change) is not None
    if form.refusal is not None and form.refusal.code == "changed":
        row.refresh_from_db()
        sent["key"] = _mark(row)
    forms["change"] = form
    return done


@transaction.atomic
def _join(form: TriedForm, row: Team, actor: User, now: datetime) -> TeamMember:
    sent = dict(form.cleaned_data)
    person = person_for(sent.pop("who"), sent.pop("name"), actor=actor, now=now)
    return join_team(row, person, actor=actor, now=now, **sent)


def _member(request: HttpRequest, row: Team) -> TeamMember:
    wanted = request.POST.get("row", "")
    found = row.members.select_related("team", "user").filter(pk=int(wanted) if wanted.isdigit() else 0)
    member = found.first()
    if member is None:
        raise NotFound
    return member


def _form(place: Place, row: Team | None = None, *, data: Any = None) -> TeamForm:
    """For a new team (its key makes it one team when it is sent twice) or one that there is (its mark)."""
    initial: dict[str, Any] = {"key": _mark(row) if row else str(new_id())}
    if row is not None:
        initial |= {each.name: getattr(row, each.name) for each in fields(AboutTeam)}
    return TeamForm(data, initial=initial, bodies=bodies_of(place), auto_id="team_%s")


def _about(form: TeamForm) -> AboutTeam:
    return AboutTeam(**{name: value for name, value in form.cleaned_data.items() if name != "key"})


def _key(form: TeamForm) -> UUID | None:
    try:
        return UUID(form.cleaned_data["key"])
    except ValueError:
        return None


def _mark(row: Team) -> str:
    return json.dumps([str(getattr(row, each.name) or "") for each in fields(AboutTeam)])


def _ask(user: User, place: Place) -> None:
    if not user.has_perm(EDIT, place):
        raise NotAllowed


def _context(row: Team, user: User, now: datetime) -> dict[str, Any]:
    day = today(now)
    members = list(row.members.select_related("user").order_by("-captain", "valid_from", "pk")[: AT_MOST * 2])
    going = [each for each in members if each.valid_until is None or each.valid_until > day]
    return {
        "team": row,
        "going": going[:AT_MOST],
        "past": [each for each in members if each not in going][:AT_MOST],
        "day": day,
        "may": user.has_perm(EDIT, row),
        "edits": user.has_perm(EDIT, row) and row.active_until is None,
        "undo": row.active_until is not None and row.active_until >= day,
    }
