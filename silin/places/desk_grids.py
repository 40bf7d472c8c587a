"""The grid editor, for staff who may change the register of a place."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Protocol

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from silin.accounts.models import User
from silin.lib.dates import day_words
from silin.lib.http import wants_json
from silin.lib.paging import page_by_key
from silin.lib.refusal import Changed, NotFound, Refused
from silin.places import coverage, editing, looking, queries
from silin.places.editing import Said
from silin.places.ground import Ground, Outcome, version
from silin.places.levels import Level
from silin.places.models import Place, PlannedChange
from silin.places.regridding import EDIT, Wish

SHOWN = 40  # findings of one sort on the page; the rest comes up once these are mended
SIZE = 60


class View(Protocol):
    """A page about one place, as ``for_editors`` lets people in."""

    def __call__(self, request: HttpRequest, place: Place) -> HttpResponse: ...


def for_editors(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """A door that opens to staff with ``places.edit`` over the place; anybody else learns nothing."""

    @wraps(view)
    def door(request: HttpRequest, code: str) -> HttpResponse:
        place = queries.get_place(code)
        if not request.user.has_perm(EDIT, place):
            raise NotFound
        return view(request, place)

    return door


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Staff with ``places.edit`` anywhere: the communities whose grids they may draw."""
    tops = looking.tops(request.user, EDIT) if request.user.has_perm(EDIT) else []
    if not tops:
        raise NotFound
    if len(tops) == 1 and tops[0].level == Level.COMMUNITY:
        return redirect("places:grids", tops[0].code)
    return _choose(request, tops)


@for_editors
@require_safe
def editor(request: HttpRequest, place: Place) -> HttpResponse:
    """Staff with ``places.edit`` over the place: a community's grids on a map, and what is wrong with them.

    Of a wider place its communities, to choose one.
    """
    if Level(place.level).depth < Level.COMMUNITY.depth:
        return _choose(request, [place])
    return _editor(request, _community(place), Said.of(request.GET))


@for_editors
@require_safe
def shapes(request: HttpRequest, place: Place) -> HttpResponse:
    """Staff with ``places.edit`` over the place: its grids as they are, corner for corner, as GeoJSON."""
    if Level(place.level).depth < Level.COMMUNITY.depth:
        return redirect("places:shapes", place.code)
    community = _community(place)
    ground = Ground(community)
    edge = ground.edge()
    features = [
        _feature(shape, code=ground.places[key].code, label=ground.places[key].short_name)
        for key, shape in ground.others().items()
    ]
    features += [_feature(edge, edge=True)] if edge else []
    features += [
        _feature(shapely.Point(row.lon, row.lat), label=row.number, name=row.name)
        for row in ground.buildings
        if row.lon is not None and row.lat is not None
    ]
    answer = JsonResponse(
        {"type": "FeatureCollection", "features": features, "version": version(community)},
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(answer, no_cache=True, private=True)
    return answer


@for_editors
@require_POST
def change(request: HttpRequest, place: Place) -> HttpResponse:
    """Staff with ``places.edit`` over the place: show what a change would do, or carry it out.

    A form, or a JSON object with the same names. ``show`` only looks; ``version`` is what the person saw.
    """
    community, data = _community(place), _data(request)
    said = Said.of(data)
    wish = Wish(_user(request), timezone.now(), str(data.get("version") or ""))
    try:
        if data.get("show"):
            return _shown(request, community, said, editing.preview(community, said, wish))
        return _done(request, community, editing.ask_for(community, said, wish))
    except Refused as refusal:
        if wants_json(request):
            return JsonResponse(refusal.as_json(), status=refusal.status)
        return _editor(request, community, said, refusal=refusal, status=refusal.status)


@for_editors
@require_POST
def give(request: HttpRequest, place: Place) -> HttpResponse:
    """Staff with ``places.edit`` over the place: write buildings under the grid they stand in."""
    community = _community(place)
    keys = [int(key) for key in request.POST.getlist("building") if key.isdecimal()]
    try:
        homes = coverage.give_buildings(community, keys or None, actor=_user(request), now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    else:
        words = ngettext("%(n)s building put right", "%(n)s buildings put right", len(homes))
        messages.success(request, words % {"n": len(homes)})
    return redirect("places:grids", community.code)


@for_editors
@require_POST
def give_up(request: HttpRequest, place: Place) -> HttpResponse:
    """Staff with ``places.edit`` over the place: take back a change that was planned for a later day."""
    community, key = _community(place), request.POST.get("plan", "")
    if not key.isdecimal():
        raise NotFound
    try:
        editing.give_up(editing.find_plan(community, int(key)), actor=_user(request), now=timezone.now())
        messages.success(request, _("The change will not happen."))
    except Changed:
        messages.warning(request, _("That change has been carried out already."))
    return redirect("places:grids", community.code)


def _community(place: Place) -> Place:
    if place.level != Level.COMMUNITY:
        raise NotFound
    return place


def _choose(request: HttpRequest, tops: Sequence[Place]) -> HttpResponse:
    """The communities under ``tops``."""
    rows = Place.objects.none()
    for top in tops:
        rows |= Place.objects.active().of_level(Level.COMMUNITY).under(top)
    page = page_by_key(rows, ["path"], request.GET.get("after", ""), SIZE)
    context = {
        "rows": queries.lines(page.rows),
        "next": looking.turn(page.next),
        "previous": looking.turn(page.previous),
    }
    return render(request, "places/grids_start.html", context)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _data(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        data = json.loads(request.body)
    except ValueError as error:
        raise Refused("bad_json", _("That was no JSON object.")) from error
    if not isinstance(data, dict):
        raise Refused("bad_json", _("That was no JSON object."))
    return data


def _editor(
    request: HttpRequest,
    community: Place,
    said: Said,
    *,
    refusal: Refused | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    found = coverage.check(community)
    places = Ground(community)
    error = {"field": refusal.field, "message": str(refusal.message)} if refusal else None
    context = {
        "place": community,
        "version": version(community),
        "grids": places.grids,
        "micros": places.micros,
        "found": found,
        "findings": found.findings[:SHOWN],
        "homes": found.homes[:SHOWN],
        "more": max(0, len(found.findings) - SHOWN) + max(0, len(found.homes) - SHOWN),
        "verbs": PlannedChange.Verb.choices,
        "said": said,
        "today": timezone.localdate(),
        "plans": PlannedChange.objects.filter(place=community, done_at=None).order_by("-pk")[:SHOWN],
        "refused": error,
        "errors": [(f"grids-{refusal.field}" if refusal.field else "", refusal.message)] if refusal else [],
        "outcome": outcome,
        "crumb": [
            {"label": _("Grids"), "url": reverse("places:grids_start")},
            {"label": community.short_name},
        ],
    }
    return render(request, "places/grids.html", context, status=status)


def _shown(request: HttpRequest, community: Place, said: Said, outcome: Outcome) -> HttpResponse:
    if not wants_json(request):
        return _editor(request, community, said, outcome=outcome)
    html = render(request, "places/parts/outcome.html", {"outcome": outcome}).content.decode()
    return JsonResponse({"html": html, **outcome.as_fields()})


def _done(request: HttpRequest, community: Place, result: Outcome | PlannedChange) -> HttpResponse:
    if isinstance(result, PlannedChange):
        day = day_words(result.day, with_year=True)
        words = _("Kept for %(day)s. It is carried out in the night before.") % {"day": day}
    else:
        words = _("Saved. The grids are drawn anew.")
    messages.success(request, words)
    if wants_json(request):
        return JsonResponse({"next": reverse("places:grids", args=[community.code])}, status=201)
    return redirect("places:grids", community.code)


def _feature(shape: Any, **properties: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": properties, "geometry": geometry}
