"""A community's page for everybody: who is who, what is near, where is my grid."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.lib.datum import Datum
from silin.lib.http import wants_json
from silin.lib.refusal import Refused
from silin.people.community import (
    MyGrid,
    by_grid,
    community_of,
    facilities_of,
    grid_by_point,
    grids_anywhere,
    grids_by_address,
    public_posts,
    public_teams,
)


@require_http_methods(["GET", "HEAD", "POST"])
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone: who is who in a community, its facilities and teams, the grid of an address or a position.

    A position comes by POST, so that it stands in no address and no log; it is kept nowhere.
    """
    place, now = community_of(code), timezone.now()
    who, asked = public_posts(place, now), request.GET.get("q", "").strip()
    office, cells = by_grid(who)
    context: dict[str, Any] = {
        "place": place,
        "above": place.ancestors()[-1:],
        "office": office,
        "cells": cells,
        "facilities": facilities_of(place, now),
        "teams": public_teams(place, now),
        "asked": asked,
        "grids": grids_by_address(asked, place, who) if asked else [],
        "elsewhere": "",
        "refusal": None,
    }
    status = 200
    if request.method == "POST":
        try:
            mine = _by_point(request, now)
            context["grids"] = [mine]
            context["elsewhere"] = "" if place.contains(mine.grid.path) else mine.grid.unit
        except Refused as refusal:
            if wants_json(request):
                raise
            context["refusal"], status = refusal, refusal.status
    return render(request, "people/open/community.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest) -> HttpResponse:
    """Everyone: the grid of an address or a position anywhere in the city, and whom to call there.

    A position comes by POST, as on a community's page.
    """
    now, asked = timezone.now(), request.GET.get("q", "").strip()
    context: dict[str, Any] = {"asked": asked, "grids": grids_anywhere(asked, now), "refusal": None}
    status = 200
    if request.method == "POST":
        try:
            context["grids"] = [_by_point(request, now)]
        except Refused as refusal:
            if wants_json(request):
                raise
            context["refusal"], status = refusal, refusal.status
    return render(request, "people/open/grid.html", context, status=status)


def _by_point(request: HttpRequest, now: datetime) -> MyGrid:
    try:
        lon, lat = float(request.POST.get("lon", "")), float(request.POST.get("lat", ""))
    except ValueError:
        lon = lat = math.nan
    if not math.isfinite(lon + lat):
        raise Refused("bad_point", _("Your phone has not said where it is. Write the building instead."))
    return grid_by_point(lon, lat, Datum.WGS84, now)
