"""Setting a seat up from the desk: the kinds that a place and its grids have, in groups."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.lib.refusal import Words
from silin.people.actions import add_post
from silin.people.doors import for_posts, place_at, viewer
from silin.people.forms import SeatForm
from silin.people.models import Organisation, OrganisationQuerySet, Post, PostKind, today
from silin.places.levels import Level
from silin.places.models import Building, Place, PlaceQuerySet

EDIT = "people.edit"
Group = tuple[Words, list[tuple[str, str]]]


@for_posts(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_seat(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.edit`` over the place: set up a seat there, or in one of its grids or buildings."""
    place = place_at(request, code, EDIT)
    form = seat_form(place, request.POST or None, initial={name: request.GET.get(name) for name in ASKED})
    if form.is_bound:
        user = viewer(request)
        made = form.try_to(lambda: _made(form, user))
        if made is not None:
            return HttpResponseRedirect(reverse("people:desk_post", args=[made.pk]), status=303)
    context = {"place": place, "form": form}
    context["list_url"] = reverse("people:desk_posts_place", args=[place.code])
    return render(request, "people/desk/new_seat.html", context, status=form.status)


ASKED = ("kind", "place", "building")
"""What a page that links here may fill in: it knows what is missing."""


def seat_form(place: Place, data: Any = None, initial: dict[str, Any] | None = None) -> SeatForm:
    """The form for a seat of ``place``; a community has those of its grids and buildings with it."""
    places = places_of(place)
    known = {name: value for name, value in (initial or {}).items() if value}
    return SeatForm(
        data,
        initial={"place": place.pk, **known},
        kinds=_kinds({*places.values_list("level", flat=True)}, place),
        places=places,
        buildings=_buildings(place),
        bodies=bodies_of(place),
    )


def places_of(place: Place) -> PlaceQuerySet:
    """Where a seat may be set up from the page of ``place``."""
    if Level(place.level).depth >= Level.COMMUNITY.depth:
        return Place.objects.under(place).active(today(timezone.now())).order_by("path")
    return Place.objects.filter(pk=place.pk)


def bodies_of(place: Place) -> OrganisationQuerySet:
    """The organisations that a seat of ``place`` may belong to: of the place and of those above."""
    return Organisation.objects.filter(place__in=place.path_ids, active_until=None).order_by("name")


def _kinds(levels: set[str], place: Place) -> list[Group]:
    if Level(place.level).depth >= Level.COMMUNITY.depth:
        levels = {*levels, Level.MICRO_GRID}
    rows = PostKind.objects.filter(level__in=levels).order_by("family", "-rank", "code")
    found = {family: [(each.pk, str(each)) for each in kinds] for family, kinds in groupby(rows, _family)}
    return [(label, found[value]) for value, label in PostKind.Family.choices if value in found]


def _family(kind: PostKind) -> str:
    return kind.family


def _buildings(place: Place) -> Any:
    rows = Building.objects.filter(grid__path__gte=place.path, grid__path__lt=place.path + "a")
    if Level(place.level).depth < Level.COMMUNITY.depth:
        rows = rows.none()
    return rows.select_related("estate").order_by("estate__name", "number", "pk")


def _made(form: SeatForm, user: User) -> Post:
    sent = dict(form.cleaned_data)
    building, place = sent["building"], sent.pop("place")
    where = building.grid if building is not None else place
    return add_post(sent.pop("kind"), where, actor=user, now=timezone.now(), serial=None, **sent)
