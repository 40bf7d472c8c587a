"""The page on which some people of a home, or all, move into another one: at a desk and on a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import Refused
from silin.people import queries, register
from silin.people.doors import for_posts, viewer
from silin.people.models import Household, Person
from silin.people.moving import move_people
from silin.people.register import EDIT
from silin.people.register_forms import MoveForm
from silin.people.register_pages import fetch, living_in
from silin.places.models import Building, Place, natural

BUILDINGS_AT_MOST = 400

pages = require_http_methods(["GET", "HEAD", "POST"])


@for_posts(EDIT)
@pages
def desk(request: HttpRequest, household: UUID) -> HttpResponseBase:
    """Staff with ``households.edit`` over the home: who of it moves, and where to."""
    return _page(request, household, "silin/desk.html", "people:desk_household")


@for_posts(EDIT)
@pages
def worker(request: HttpRequest, household: UUID) -> HttpResponseBase:
    """Staff with ``households.edit`` over the home: who of it moves, and where to."""
    return _page(request, household, "silin/worker.html", "people:worker_household")


def buildings_of(place: Place) -> list[tuple[str, str]]:
    """The buildings of a place to choose from, as people count them."""
    rows = Building.objects.filter(grid__path__gte=place.path, grid__path__lt=place.path + "a")
    found = list(rows.select_related("estate")[:BUILDINGS_AT_MOST])
    found.sort(key=lambda each: (each.estate.name, natural(each.number)))
    return [(str(each.pk), each.name) for each in found]


def _page(request: HttpRequest, key: UUID, shell: str, home: str) -> HttpResponse:
    user, now = viewer(request), timezone.now()
    household = fetch(user, key)
    people = {str(each.pk): each for each in living_in(household)}
    form = _form(request, household, people, user, now)
    if form.is_bound and form.is_valid():
        try:
            into = _move(household, people, form.cleaned_data, user, now)
        except Refused as refusal:
            if wants_json(request):
                raise
            mend(form, refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect(home, into.pk)
    back = reverse(home, args=[household.pk])
    context = {"shell": shell, "back": back, "household": household, "form": form, "people": people}
    answer = render(request, "people/register/move.html", context, status=400 if form.is_bound else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _form(
    request: HttpRequest, household: Household, people: dict[str, Person], user: User, now: datetime
) -> MoveForm:
    chosen = [key for key in request.GET.getlist("person") if key in people]
    first = {"people": chosen, "building": str(household.building_id), "entrance": household.entrance}
    form = MoveForm(request.POST) if request.method == "POST" else MoveForm(initial=first)
    fields: Any = form.fields
    fields["people"].choices = [(key, str(person)) for key, person in people.items()]
    found = {
        key: name for place in queries.places_where(user, EDIT, now) for key, name in buildings_of(place)
    }
    fields["building"].choices = list(found.items())
    return form


@transaction.atomic
def _move(
    household: Household, people: dict[str, Person], said: dict[str, Any], user: User, now: datetime
) -> Household:
    """Put the other home down, if nobody has, and move."""
    building = Building.objects.select_related("grid").get(pk=said["building"])
    where = {name: said[name] for name in ("entrance", "door", "tenure")}
    into = register.put_down_household(building, actor=user, now=now, **where)
    move_people(household, [people[key] for key in said["people"]], into, actor=user, now=now)
    return into
