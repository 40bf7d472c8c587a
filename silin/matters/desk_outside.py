"""Outside systems at the desk: which there are, what is said of each, how their sheets are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.history import queries as history
from silin.history.rows import line_of, mark
from silin.lib.mending import mend, set_values
from silin.lib.refusal import Changed, Refused, Words
from silin.matters.models import Category, OutsideSystem
from silin.matters.outside import KIND, set_system, systems_on
from silin.matters.outside_forms import (
    SheetForm,
    SystemForm,
    columns_form,
    columns_of_sheet,
    columns_said,
    system_form,
)
from silin.people.doors import for_posts, viewer

if TYPE_CHECKING:
    from django.forms.formsets import BaseFormSet

    from silin.matters.outside_forms import ColumnForm

TRIAGE, SET_UP = "matters.triage", "city.set_up"
SHOWN = 20
DEEDS: dict[str, Words] = {
    "add": gettext_lazy("written down"),
    "change": gettext_lazy("changed"),
    "type": gettext_lazy("what a sort of matter is here"),
}


@for_posts(TRIAGE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Staff with ``matters.triage``: the systems of today, their sheets, and the way in for the hotline's."""
    counting = systems_on(timezone.now())
    context = {
        "rows": [(row, True) for row in counting],
        "may_work": True,
        "set_up": reverse("matters:desk_outside_all") if viewer(request).has_perm(SET_UP) else "",
        "hotline": next((row for row in counting if row.is_hotline), None),
    }
    return render(request, "matters/desk/outside.html", context)


@for_posts(SET_UP)
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Staff with ``city.set_up``: all outside systems, also those that ended, to be changed."""
    counting = systems_on(timezone.now())
    rows = OutsideSystem.objects.select_related("client__user").order_by("kind", "code")
    context = {"rows": [(row, row in counting) for row in rows], "may_set_up": True}
    return render(request, "matters/desk/outside.html", context)


@for_posts(SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, system: str = "") -> HttpResponseBase:
    """Staff with ``city.set_up``: one outside system, how its sheet is laid out, what was changed in it."""
    row = get_object_or_404(OutsideSystem, pk=system) if system else None
    before = row.columns if row is not None else []
    if request.method != "POST":
        return _page(request, row, system_form()(instance=row), columns_form(columns=before))
    form, columns = system_form()(request.POST, instance=row), columns_form(request.POST)
    if request.POST.get("do") == "read":
        return _read(request, row, form)
    if not all([form.is_valid(), columns.is_valid()]):
        return _page(request, row, form, columns, status=400)
    try:
        kept = _keep(form, columns, viewer(request))
    except Refused as refusal:
        return _refused(request, system, form, columns, refusal)
    messages.success(request, _("Noted."))
    return redirect("matters:desk_outside_system", kept.pk)


def _keep(form: SystemForm, columns: BaseFormSet[ColumnForm], user: User) -> OutsideSystem:
    row: OutsideSystem = form.instance
    row.columns = columns_said(columns)
    return set_system(row, actor=user, now=timezone.now(), seen=form.cleaned_data["seen"])


def _read(request: HttpRequest, row: OutsideSystem | None, form: SystemForm) -> HttpResponse:
    """The headings of a sheet that was sent take the place of the columns; nothing is kept yet."""
    sheet, before = SheetForm(request.POST, request.FILES), row.columns if row is not None else []
    typed = columns_form(request.POST)
    said = columns_said(typed) if typed.is_valid() else before
    columns = columns_form(columns=said)
    if sheet.is_valid():
        try:
            columns = columns_form(columns=columns_of_sheet(sheet.cleaned_data["file"].read(), said))
        except Refused as refusal:
            sheet.add_error("file", str(refusal.message))
    return _page(request, row, form, columns, sheet, status=400 if sheet.errors else 200)


def _refused(
    request: HttpRequest,
    code: str,
    form: SystemForm,
    columns: BaseFormSet[ColumnForm],
    refusal: Refused,
) -> HttpResponse:
    """Who came second is told; saving once more is then done knowingly."""
    row = OutsideSystem.objects.filter(pk=code).first() if code else None
    mend(form, refusal)
    if isinstance(refusal, Changed) and row is not None:
        set_values(form, seen=mark(row))
    return _page(request, row, form, columns, status=refusal.status)


def _page(
    request: HttpRequest,
    row: OutsideSystem | None,
    form: SystemForm,
    columns: BaseFormSet[ColumnForm],
    sheet: SheetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = history.of(line_of(KIND, row)).select_related("actor")[:SHOWN] if row is not None else []
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "columns": columns,
        "sheet": sheet or SheetForm(),
        "types": row.types.select_related("category") if row is not None else [],
        "counts": row is not None and row.counts_on(localdate()),
        "lines": [(line, DEEDS.get(line.action, line.action), _said(line.fields)) for line in lines],
    }
    return render(request, "matters/desk/outside_system.html", context, status=status)


def _said(fields: dict[str, Any]) -> str:
    """What a line of the history says of a type; a change of the system itself says who and when."""
    if "name" not in fields:
        return ""
    names = {row.pk: str(row) for row in Category.objects.filter(pk__in=[fields["before"], fields["after"]])}
    return f"{fields['name']} → {names.get(fields['after'], '–')}"
