"""The sheets that leave: some days for an outside system, a matter laid out for it, a hotline's answers."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from silin.imports.flow import scope_of
from silin.lib.how_many import count_each
from silin.lib.refusal import NotFound, Refused
from silin.lib.sheets.answering import FORMS, list_answer, xlsx_answer
from silin.matters.hotline_answers import answered
from silin.matters.models import OutsideSystem
from silin.matters.opening import NAME, fetch
from silin.matters.outside_fields import as_text, headings, is_personal
from silin.matters.outside_forms import RangeForm, SheetForm
from silin.matters.outside_rows import belonging, lines, may_name, note_names, told_of
from silin.people import queries as people
from silin.people.doors import for_posts, viewer
from silin.people.revealing import OTHER, reveal

TRIAGE = "matters.triage"
AT_MOST = 5000
"""Matters that a page counts."""


@for_posts(TRIAGE)
@require_safe
def day(request: HttpRequest, system: str) -> HttpResponseBase:
    """Staff with ``matters.triage``: what stands in the sheet of an outside system for some days."""
    return _page(request, _system(system), SheetForm())


@for_posts(TRIAGE)
@require_safe
def export(request: HttpRequest, system: str, form: str) -> HttpResponseBase:
    """Staff with ``matters.triage``: that sheet, xlsx or csv.

    Names and numbers of raisers stand in it for whoever has ``matters.name`` and asks for them.
    """
    found, user, now = _system(system), viewer(request), timezone.now()
    since, until = RangeForm.read(request.GET, now).days
    rows = belonging(found, user, since, until)
    personal = bool(request.GET.get("names"))
    if personal:
        place = may_name(found, user, now)
        if place is None:
            raise NotFound
        rows = rows.under(place)
        note_names(found, place, rows.count(), user, now)
    name = f"{found}-{since:%Y%m%d}" + (f"-{until:%Y%m%d}" if until != since else "")
    said = lines(found, rows, user, personal=personal)
    return list_answer(form, name, str(found), headings(found), said)


@for_posts(TRIAGE)
@require_POST
def answers(request: HttpRequest, system: str) -> HttpResponseBase:
    """Staff with ``matters.triage``: a sheet of the hotline comes back with what became of each order."""
    found, user, now = _system(system), viewer(request), timezone.now()
    form = SheetForm(request.POST, request.FILES)
    if not found.is_hotline:
        raise NotFound
    if form.is_valid():
        file, place = form.cleaned_data["file"], people.places_where(user, TRIAGE, now)[0]
        try:
            data = answered(found, scope_of(place, user, now), file.read())
        except Refused as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return xlsx_answer(f"{file.name.rpartition('.')[0]}-{_('answers')}", data)
    return _page(request, found, form, status=400)


@for_posts(TRIAGE)
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, number: str, system: str) -> HttpResponseBase:
    """Staff with ``matters.triage`` and ``matters.name`` who may see the matter: with its raiser.

    Whoever loads it again is led back to the matter.
    """
    user, now, found = viewer(request), timezone.now(), _system(system)
    matter = fetch(user, number)
    if not is_personal(found) or matter.name_withheld or not user.has_perm(NAME, matter):
        raise NotFound
    if request.method != "POST":
        return redirect("matters:desk_matter", matter.number)
    if matter.raiser is not None and matter.raiser.phone:
        said: dict[str, Any] = {"purpose": OTHER, "words": _("copied for: %(system)s") % {"system": found}}
        reveal(matter.raiser, "phone", **said, right=(NAME, matter), actor=user, now=now, client_id=uuid4())
    text = as_text(found, told_of(found, matter, user, personal=True))
    answer = render(
        request, "matters/desk/outside_copy.html", {"matter": matter, "system": found, "text": text}
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _system(code: str) -> OutsideSystem:
    """A system that counts today or did. Raises ``NotFound``."""
    found = OutsideSystem.objects.filter(pk=code, valid_from__lte=localdate()).first()
    if found is None:
        raise NotFound
    return found


def _page(
    request: HttpRequest, found: OutsideSystem, sheet: SheetForm, status: int = 200
) -> HttpResponseBase:
    user, now = viewer(request), timezone.now()
    days = RangeForm.read(request.GET, now)
    since, until = days.days
    counted = count_each({"n": belonging(found, user, since, until)}, AT_MOST)["n"]
    place = may_name(found, user, now)
    context = {
        "system": found,
        "days": days,
        "since": since,
        "until": until,
        "n": counted,
        "heads": headings(found),
        "sheets": [(form.upper(), _address(found, form, since, until)) for form in FORMS],
        "named": _address(found, "xlsx", since, until, names=True) if place is not None else "",
        "sheet": sheet,
    }
    return render(request, "matters/desk/outside_day.html", context, status=status)


def _address(system: OutsideSystem, form: str, since: date, until: date, *, names: bool = False) -> str:
    query = QueryDict(mutable=True)
    query.update(
        {"since": since.isoformat(), "until": until.isoformat(), **({"names": "1"} if names else {})}
    )
    return f"{reverse('matters:desk_outside_sheet', args=[system.pk, form])}?{query.urlencode()}"
