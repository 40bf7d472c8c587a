"""Facilities and blocks as staff keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.places.changing import EDIT
from silin.places.desking import by, community_of, crumb, found, seen_place, send
from silin.places.facilities import ORDER, facilities_of, kinds_of, listed
from silin.places.facility_actions import (
    add_block,
    add_facility,
    close_facility,
    edit_facility,
    rename_block,
    reopen_facility,
)
from silin.places.forms import BlockForm, EndForm, FacilityForm
from silin.places.levels import Level
from silin.places.models import Block, Facility, Place
from silin.places.running import run_by

SIZE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def facilities(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.see`` over the place: its facilities, by kind, closed ones on request."""
    place, now = seen_place(request, code), timezone.now()
    closed, kind = request.GET.get("closed") == "1", request.GET.get("kind", "")
    rows = facilities_of(place, now)
    if closed:
        ended = Facility.objects.under(place).filter(active_until__lte=timezone.localdate(now))
        rows = ended.select_related("kind", "place", "building__estate", "block")
    kinds = kinds_of(rows)
    page = page_by_key(rows.filter(kind=kind) if kind else rows, ORDER, request.GET.get("after", ""), SIZE)
    context = {
        "place": place,
        "crumb": crumb(place, (_("Facilities"), "")),
        "kinds": kinds,
        "kind": kind,
        "closed": closed,
        "page": page,
        "lines": listed(page.rows, now),
        "may_add": place.level == Level.COMMUNITY and request.user.has_perm(EDIT, place),
    }
    return render(request, "places/desk/facilities.html", context)


@require_http_methods(FORM_METHODS)
def new_facility(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.edit`` over the community: write down a facility."""
    place = seen_place(request, code, edit=True)
    if place.level != Level.COMMUNITY:
        raise NotFound
    form = FacilityForm(place, request.POST or None, initial={"block": request.GET.get("block", "")})
    if form.is_bound and send(
        request, form, lambda values: add_facility(values["place"], values, **by(request))
    ):
        return redirect("places:desk_facilities", code)
    context = {
        "form": form,
        "title": _("A new facility"),
        "crumb": crumb(place, (_("Facilities"), reverse("places:desk_facilities", args=[code]))),
    }
    return render(request, "places/desk/form.html", context)


@require_http_methods(FORM_METHODS)
def facility(request: HttpRequest, code: str, facility: int) -> HttpResponse:
    """Staff with ``places.see`` over the place: one facility; who may edit changes, closes or reopens it."""
    place = seen_place(request, code)
    rows = Facility.objects.under(place).select_related("kind", "place", "block", "building__estate")
    row = found(rows.filter(pk=facility).first())
    back = (_("Facilities"), reverse("places:desk_facilities", args=[code]))
    context = {
        "place": place,
        "facility": row,
        "line": listed([row], timezone.now())[0],
        "run_by": run_by(row, **by(request)),
        "may_edit": request.user.has_perm(EDIT, row),
        "crumb": crumb(place, back),
    }
    if context["may_edit"]:
        return _edited(request, code, row, context)
    if request.method == "POST":
        raise NotFound
    return render(request, "places/desk/facility.html", context)


def _edited(request: HttpRequest, code: str, row: Facility, context: dict[str, Any]) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "reopen":
        return _reopen(request, code, row)
    form = FacilityForm(
        community_of(row.place),
        request.POST if request.POST and not do else None,
        initial=FacilityForm.of(row),
    )
    form.opens_at = (row.lon, row.lat) if row.lon is not None and row.lat is not None else None
    ending = EndForm(request.POST if do == "close" else None, initial={"until": timezone.localdate()})
    saved = form.is_bound and send(request, form, lambda values: edit_facility(row, values, **by(request)))
    if saved or (
        ending.is_bound
        and send(
            request,
            ending,
            lambda values: close_facility(row, values["until"], **by(request)),
            _("Closed. You can undo it on its page."),
        )
    ):
        return redirect("places:desk_facility", code, row.pk)
    return render(request, "places/desk/facility.html", context | {"form": form, "ending": ending})


def _reopen(request: HttpRequest, code: str, row: Facility) -> HttpResponse:
    try:
        reopen_facility(row, **by(request))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("It is open again."))
    return redirect("places:desk_facility", code, row.pk)


@require_http_methods(FORM_METHODS)
def blocks(request: HttpRequest, code: str) -> HttpResponse:
    """Staff with ``places.see`` over the community: its blocks; who may edit adds one."""
    editing = request.method == "POST"
    place = seen_place(request, code, edit=editing)
    if place.level != Level.COMMUNITY:
        raise NotFound
    form = BlockForm(request.POST if editing else None)
    if editing and send(request, form, lambda values: add_block(place, values["name"], **by(request))):
        return redirect("places:desk_blocks", code)
    rows = Block.objects.filter(place=place)
    context = {
        "place": place,
        "crumb": crumb(place, (_("Blocks"), "")),
        "page": page_by_key(rows, ["name"], request.GET.get("after", ""), SIZE),
        "form": form if request.user.has_perm(EDIT, place) else None,
    }
    return render(request, "places/desk/blocks.html", context)


@require_http_methods(FORM_METHODS)
def block(request: HttpRequest, code: str, block: int) -> HttpResponse:
    """Staff with ``places.see`` over the community: the shops of one block; who may edit renames it."""
    editing, now = request.method == "POST", timezone.now()
    place = seen_place(request, code, edit=editing)
    row = _block(place, block)
    form = BlockForm(request.POST if editing else None, initial={"name": row.name})
    if editing and send(request, form, lambda values: rename_block(row, values["name"], **by(request))):
        return redirect("places:desk_block", code, row.pk)
    page = page_by_key(facilities_of(place, now).filter(block=row), ORDER, request.GET.get("after", ""), SIZE)
    context = {
        "place": place,
        "stretch": row,
        "crumb": crumb(place, (_("Blocks"), reverse("places:desk_blocks", args=[code]))),
        "page": page,
        "lines": listed(page.rows, now),
        "form": form if request.user.has_perm(EDIT, row) else None,
        "run_by": run_by(row, **by(request)),
    }
    context["may_edit"] = context["form"] is not None
    return render(request, "places/desk/block.html", context)


def _block(place: Place, key: int) -> Block:
    return found(Block.objects.select_related("place").filter(place=place, pk=key).first())
