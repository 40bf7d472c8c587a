"""Functional areas, and what a grid carries, as staff keep them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.lib.refusal import NotFound
from silin.places.area_actions import add_area, add_member, end_area, end_member
from silin.places.changing import EDIT
from silin.places.desking import by, crumb, found, seen_place, send
from silin.places.forms import AreaForm, EndForm, MemberForm, NetForm, PartyForm
from silin.places.levels import Level
from silin.places.models import AreaMember, FunctionalArea, GridParty, OldNet, Place
from silin.places.net_actions import end_party, merge_net, set_party, unmerge_net

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def areas(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.see`` over the city: its functional areas; who may edit sets one up."""
    editing = request.method == "POST"
    place = seen_place(request, code, edit=editing)
    if place.level != Level.CITY:
        raise NotFound
    form = AreaForm(request.POST if editing else None)
    if editing and send(request, form, lambda values: add_area(place, **values, **by(request))):
        return redirect("places:desk_areas", code)
    context = {
        "place": place,
        "crumb": crumb(place, (_("Functional areas"), "")),
        "areas": FunctionalArea.objects.filter(place=place).order_by("code"),
        "form": form if request.user.has_perm(EDIT, place) else None,
    }
    return render(request, "places/desk/areas.html", context)


@require_http_methods(FORM_METHODS)
def area(request: HttpRequest, code: str, area: int) -> HttpResponse:
    """Staff with ``places.see`` over the city: for which places an area acts as county, now and before."""
    editing, do = request.method == "POST", request.POST.get("do", "")
    place = seen_place(request, code, edit=editing)
    row = found(FunctionalArea.objects.select_related("place").filter(place=place, pk=area).first())
    today = {"valid_from": timezone.localdate(), "until": timezone.localdate()}
    form = MemberForm(request.POST if editing and not do else None, initial=today)
    ending = EndForm(request.POST if do == "end" else None, initial=today, prefix="area")
    added = form.is_bound and send(
        request,
        form,
        lambda values: add_member(row, values["place"], values["valid_from"], **by(request)),
    )
    if added or (
        ending.is_bound
        and send(request, ending, lambda values: end_area(row, values["until"], **by(request)))
    ):
        return redirect("places:desk_area", code, row.pk)
    members = AreaMember.objects.filter(area=row).select_related("place__parent")
    context = {
        "place": place,
        "area": row,
        "crumb": crumb(place, (_("Functional areas"), reverse("places:desk_areas", args=[code]))),
        "members": sorted(members, key=lambda each: (each.valid_until is not None, each.place.path)),
        "form": form,
        "ending": ending,
        "may_edit": request.user.has_perm(EDIT, row) and row.active_until is None,
    }
    return render(request, "places/desk/area.html", context)


@require_http_methods(FORM_METHODS)
def member(request: HttpRequest, code: str, area: int, member: int) -> HttpResponse:
    """Staff with ``places.edit`` over the city: say from when on a place has its own county back."""
    place = seen_place(request, code, edit=True)
    rows = AreaMember.objects.select_related("area__place", "place").filter(area__place=place, area=area)
    row = found(rows.filter(pk=member, valid_until=None).first())
    form = EndForm(request.POST or None, initial={"until": timezone.localdate()})
    if form.is_bound and send(request, form, lambda values: end_member(row, values["until"], **by(request))):
        return redirect("places:desk_area", code, area)
    up = (_("Functional areas"), reverse("places:desk_areas", args=[code]))
    context = {
        "form": form,
        "title": _("%(area)s no longer acts as county for %(place)s")
        % {"area": row.area, "place": row.place.short_name},
        "crumb": crumb(place, up, (row.area, reverse("places:desk_area", args=[code, area]))),
    }
    return render(request, "places/desk/form.html", context)


@require_http_methods(FORM_METHODS)
def nets(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.see`` over the grid: its party branch or group, the nets merged into it."""
    editing, do = request.method == "POST", request.POST.get("do", "")
    grid = _grid(request, code, edit=editing)
    now = {"valid_from": timezone.localdate(), "until": timezone.localdate()}
    party = PartyForm(request.POST if do == "party" else None, initial=now, prefix="party")
    ending = EndForm(request.POST if do == "end" else None, initial=now, prefix="end")
    net = NetForm(
        request.POST if do == "net" else None, initial={"merged_on": timezone.localdate()}, prefix="net"
    )
    if do.startswith("out-"):
        _take_out(request, grid, do.removeprefix("out-"))
        return redirect("places:desk_nets", code)
    sent = (
        party.is_bound and send(request, party, lambda values: set_party(grid, **values, **by(request))),
        ending.is_bound and send(request, ending, lambda values: end_party(grid, **values, **by(request))),
        net.is_bound and send(request, net, lambda values: merge_net(grid, **values, **by(request))),
    )
    if any(sent):
        return redirect("places:desk_nets", code)
    context = {
        "place": grid,
        "crumb": crumb(grid, (_("Party and older nets"), "")),
        "parties": GridParty.objects.filter(grid=grid).order_by("-valid_from", "-pk"),
        "nets": OldNet.objects.filter(grid=grid)
        .select_related("kind", "came_from")
        .order_by("-valid_until", "kind__serial", "name"),
        "party": party,
        "ending": ending,
        "net": net,
        "may_edit": request.user.has_perm(EDIT, grid),
    }
    return render(request, "places/desk/nets.html", context)


def _take_out(request: HttpRequest, grid: Place, key: str) -> None:
    """What was written down by mistake; already gone is good enough."""
    net = OldNet.objects.select_related("grid").filter(grid=grid, pk=key if key.isdecimal() else 0).first()
    if net is not None:
        unmerge_net(net, **by(request))


def _grid(request: HttpRequest, code: str, *, edit: bool) -> Place:
    place = seen_place(request, code, edit=edit)
    if place.level != Level.GRID:
        raise NotFound
    return place
