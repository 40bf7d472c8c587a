"""Estates with their figures, buildings and entrances, as staff keep them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound
from silin.places.changing import EDIT
from silin.places.desking import by, crumb, found, seen_place, send
from silin.places.estate_actions import (
    Said,
    add_building,
    add_estate,
    add_figure,
    edit_building,
    edit_estate,
    set_entrance,
)
from silin.places.forms import BuildingForm, EntranceForm, EstateForm, FigureForm
from silin.places.levels import Level
from silin.places.models import Building, Estate, EstateFigure, Place
from silin.places.numbers import number
from silin.places.queries import estates_in
from silin.places.running import run_by
from silin.places.stocks import OLD_BEFORE

SIZE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Told:
    """One figure of an estate by its name: the newest row, or None where nobody has said anything."""

    name: EstateFigure.Name
    row: EstateFigure | None


@dataclass(frozen=True)
class Line:
    """An estate in the list, with its figures in the order of their names."""

    estate: Estate
    figures: list[Told]
    is_old: bool


@require_safe
def estates(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.see`` over the place: its estates, what each lacks, and their newest figures."""
    place = seen_place(request, code)
    listed = estates_in(place).annotate(path=F("place__path"), n=Count("buildings")).select_related("place")
    page = page_by_key(listed, ["path", "name"], request.GET.get("after", ""), SIZE)
    context = {
        "place": place,
        "crumb": crumb(place, (_("Estates"), "")),
        "page": page,
        "lines": _lines(page.rows),
        "names": list(EstateFigure.Name),
        "may_add": place.level == Level.COMMUNITY and request.user.has_perm(EDIT, place),
    }
    return render(request, "places/desk/estates.html", context)


def _lines(rows: Sequence[Estate]) -> list[Line]:
    told = _newest(rows)
    return [Line(row, _told(told, row), _is_old(row)) for row in rows]


def _newest(rows: Iterable[Estate]) -> dict[tuple[int, str], EstateFigure]:
    newest = EstateFigure.objects.newest(timezone.localdate()).filter(estate__in=[row.pk for row in rows])
    return {(each.estate_id, each.name): each for each in newest.select_related("recorded_by")}


def _told(told: dict[tuple[int, str], EstateFigure], row: Estate) -> list[Told]:
    return [Told(name, told.get((row.pk, name.value))) for name in EstateFigure.Name]


def _is_old(row: Estate) -> bool:
    return row.built_year is not None and row.built_year < number(OLD_BEFORE, row.place.path)


@require_http_methods(FORM_METHODS)
def new_estate(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.edit`` over the community: write down an estate."""
    place = seen_place(request, code, edit=True)
    if place.level != Level.COMMUNITY:
        raise NotFound
    form = EstateForm(request.POST or None)
    made: list[Estate] = []
    if form.is_bound and send(
        request, form, lambda values: made.append(add_estate(place, values, **by(request)))
    ):
        return redirect("places:desk_estate", code, made[0].pk)
    context = {
        "form": form,
        "title": _("A new estate"),
        "crumb": crumb(place, (_("Estates"), reverse("places:desk_estates", args=[code]))),
    }
    return render(request, "places/desk/form.html", context)


@require_safe
def estate(request: HttpRequest, code: str, estate: int) -> HttpResponse:
    """Staff with ``places.see`` over a place where it stands: one estate, its figures and its buildings."""
    place, row = _estate(request, code, estate)
    buildings = Building.objects.select_related("grid").prefetch_related("doors").filter(estate=row)
    context = {
        "place": place,
        "estate": row,
        "crumb": _crumb(place, row)[:-1],
        "is_old": _is_old(row),
        "figures": _told(_newest([row]), row),
        "buildings": sorted(buildings, key=lambda each: each.order),
        "may_edit": request.user.has_perm(EDIT, row),
        "run_by": run_by(row, **by(request)),
    }
    return render(request, "places/desk/estate.html", context)


def _estate(request: HttpRequest, code: str, key: int, *, edit: bool = False) -> tuple[Place, Estate]:
    place = seen_place(request, code)
    row = found(estates_in(place).select_related("place").filter(pk=key).first())
    if edit and not request.user.has_perm(EDIT, row):
        raise NotFound
    return place, row


def _crumb(place: Place, row: Estate) -> list[tuple[str, str]]:
    up = (_("Estates"), reverse("places:desk_estates", args=[place.code]))
    return crumb(place, up, (row, reverse("places:desk_estate", args=[place.code, row.pk])))


@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, code: str, estate: int) -> HttpResponse:
    """Staff with ``places.edit`` over the community: change what is written down about an estate."""
    place, row = _estate(request, code, estate, edit=True)
    form = EstateForm(request.POST or None, initial=EstateForm.of(row))
    if form.is_bound and send(request, form, lambda values: edit_estate(row, values, **by(request))):
        return redirect("places:desk_estate", code, row.pk)
    context = {"form": form, "title": row.name, "crumb": _crumb(place, row)}
    return render(request, "places/desk/form.html", context)


@require_http_methods(FORM_METHODS)
def figure(request: HttpRequest, code: str, estate: int, figure: str) -> HttpResponse:
    """Staff with ``places.see`` over a place where it stands: every value of one figure of an estate."""
    editing = request.method == "POST"
    place, row = _estate(request, code, estate, edit=editing)
    if figure not in EstateFigure.Name:
        raise NotFound
    now = timezone.now()
    form = FigureForm(figure, request.POST if editing else None, initial={"as_of": timezone.localdate(now)})
    if editing and send(
        request,
        form,
        lambda values: add_figure(row, Said(figure, **values), **by(request)),
    ):
        return redirect("places:desk_figure", code, row.pk, figure)
    said = EstateFigure.objects.filter(estate=row, name=figure).select_related("recorded_by")
    context = {
        "place": place,
        "estate": row,
        "crumb": _crumb(place, row),
        "title": EstateFigure.Name(figure).label,
        "page": page_by_key(said, ["-as_of", "-pk"], request.GET.get("after", ""), SIZE),
        "form": form if request.user.has_perm(EDIT, row) else None,
    }
    return render(request, "places/desk/figure.html", context)


@require_http_methods(FORM_METHODS)
def new_building(request: HttpRequest, code: str, estate: int) -> HttpResponse:
    """Staff with ``places.edit`` over the community: write down a building of an estate."""
    place, row = _estate(request, code, estate, edit=True)
    form = BuildingForm(row, request.POST or None, initial={"entrances": 1, "floors": 1})
    if form.is_bound and send(request, form, lambda values: add_building(row, values, **by(request))):
        return redirect("places:desk_estate", code, row.pk)
    context = {"form": form, "title": _("A new building"), "crumb": _crumb(place, row)}
    return render(request, "places/desk/form.html", context)


@require_http_methods(FORM_METHODS)
def building(request: HttpRequest, code: str, estate: int, building: int) -> HttpResponse:
    """Staff with ``places.edit`` over the community: one building, and what is known about its entrances."""
    place, row = _estate(request, code, estate, edit=True)
    house = found(Building.objects.select_related("estate", "grid").filter(estate=row, pk=building).first())
    of_door = "door" in request.POST
    doors = EntranceForm(request.POST if of_door else None)
    form = BuildingForm(
        row,
        request.POST if request.POST and not of_door else None,
        initial=BuildingForm.of(house),
    )
    form.opens_at = (house.lon, house.lat) if house.lon is not None and house.lat is not None else None
    if form.is_bound and send(request, form, lambda values: edit_building(house, values, **by(request))):
        return redirect("places:desk_building", code, row.pk, house.pk)
    if doors.is_bound and send(
        request, doors, lambda values: set_entrance(house, values.pop("number"), values, **by(request))
    ):
        return redirect("places:desk_building", code, row.pk, house.pk)
    context = {"form": form, "doors": doors, "building": house, "crumb": _crumb(place, row)}
    return render(request, "places/desk/building.html", context)
