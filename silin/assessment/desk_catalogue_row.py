"""One row of the catalogue: what it says, its story through the versions, and its form in a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from silin.assessment.catalogue_forms import (
    ANSWERED,
    COUNTED,
    JUDGED,
    NAMED,
    heading_form,
    indicator_form,
)
from silin.assessment.desk_catalogue import SORTS, frame, rows_of, under
from silin.assessment.differences import LABELS, differences, fields_of, words_of
from silin.assessment.drafting import EDIT, remove_row, set_row
from silin.assessment.linting import problems
from silin.assessment.models import AssessedPeriod, Catalogue, Heading, Indicator
from silin.assessment.scoring import FIELDS
from silin.facts.vocabulary import WORDS
from silin.history.rows import mark
from silin.lib.mending import mend, set_values
from silin.lib.refusal import Changed, NotFound, Refused, Words
from silin.operation.tables import RowForm
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE, home_league

Row = Heading | Indicator
SECTIONS: list[tuple[Words, tuple[str, ...]]] = [
    (gettext_lazy("What it is called"), tuple(NAMED)),
    (pgettext_lazy("catalogue", "What it counts"), tuple(COUNTED)),
    (gettext_lazy("How it earns points"), FIELDS),
    (gettext_lazy("When it is red"), tuple(JUDGED)),
    (gettext_lazy("Who answers for it"), (*ANSWERED, "aim", "weight")),
]


@for_posts(SEE)
@require_safe
def row(request: HttpRequest, number: int, row: str) -> HttpResponse:
    """Staff with ``league.see``: what a row says, and what it said in other versions."""
    catalogue = get_object_or_404(Catalogue, number=number)
    held = _row(catalogue, row)
    said = fields_of(held)
    context = {
        **under(frame(request, catalogue), held.code),
        "row": held,
        "is_indicator": isinstance(held, Indicator),
        "figures": _figures(request, held),
        "fields": [
            (label, words_of(name, said[name]))
            for name, label in LABELS.items()
            if said.get(name) not in (None, "")
        ],
        "story": _story(held),
    }
    return render(request, "assessment/desk/catalogue_row.html", context)


@for_posts(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int, row: str) -> HttpResponseBase:
    """Staff with ``catalogue.edit``: change a row of the draft."""
    catalogue = _draft(number)
    held = _row(catalogue, row)
    form = _form_of(held)(request.POST or None, instance=held)
    return _written(request, catalogue, form, held)


@for_posts(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, number: int, sort: str) -> HttpResponseBase:
    """Staff with ``catalogue.edit``: a new indicator, item or task of the draft."""
    catalogue = _draft(number)
    if sort not in SORTS:
        raise NotFound
    held: Row
    if sort == "indicator":
        held = Indicator(catalogue=catalogue, order=0)
    else:
        held = Heading(catalogue=catalogue, order=0, level=sort)
    form = _form_of(held)(request.POST or None, instance=held, initial={"code": request.GET.get("code", "")})
    return _written(request, catalogue, form, held, str(SORTS[sort]))


@for_posts(EDIT)
@require_POST
def removing(request: HttpRequest, number: int, row: str) -> HttpResponseBase:
    """Staff with ``catalogue.edit``: take a row out of the draft."""
    catalogue = _draft(number)
    held = _row(catalogue, row)
    try:
        remove_row(held, actor=viewer(request), now=timezone.now(), seen=request.POST.get("seen", ""))
    except Refused as refusal:
        form = _form_of(held)(instance=held)
        return _page(request, catalogue, form, held, refusal=str(refusal.message), status=refusal.status)
    messages.success(request, _("%(code)s is taken out of the draft.") % {"code": held.code})
    return redirect("assessment:catalogue", catalogue.number)


def _written(
    request: HttpRequest, catalogue: Catalogue, form: RowForm, held: Row, title: str = ""
) -> HttpResponseBase:
    """What was sent is written, or comes back with what is wrong at its field."""
    if request.method != "POST":
        return _page(request, catalogue, form, held, title)
    if not form.is_valid():
        return _page(request, catalogue, form, held, title, status=400)
    try:
        written = set_row(
            form.instance, actor=viewer(request), now=timezone.now(), seen=form.cleaned_data["seen"]
        )
    except Refused as refusal:
        mend(form, refusal)
        if isinstance(refusal, Changed):
            set_values(form, seen=mark(_row(catalogue, held.code)))
        return _page(request, catalogue, form, held, title, status=refusal.status)
    messages.success(request, _("Noted in the draft.") if written else _("Nothing was different."))
    return redirect("assessment:catalogue_edit", catalogue.number, form.instance.code)


def _page(
    request: HttpRequest,
    catalogue: Catalogue,
    form: RowForm,
    held: Row,
    title: str = "",
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    found = [] if title else [each for each in problems(*rows_of(catalogue)) if each.indicator == held.code]
    context = {
        **under(frame(request, catalogue), title or held.code),
        "form": form,
        "row": held,
        "title": title or f"{held.code} {held.title}",
        "is_new": bool(title),
        "below": None if title else _below(held),
        "refusal": refusal,
        "sections": [
            (words, [form[name] for name in names if name in form.fields]) for words, names in SECTIONS
        ],
        "is_indicator": isinstance(held, Indicator),
        "words_of_book": [(name, sorted(word.columns)) for name, word in WORDS.items()],
        "problems": found,
        "seen": "" if title else mark(_row(catalogue, held.code)),
    }
    return render(request, "assessment/desk/catalogue_edit.html", context, status=status)


def _draft(number: int) -> Catalogue:
    return get_object_or_404(Catalogue, number=number, published_at=None)


def _row(catalogue: Catalogue, code: str) -> Row:
    found: Row | None = catalogue.indicators.filter(code=code).first()
    found = found or catalogue.headings.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def _form_of(held: Row) -> type[RowForm]:
    return indicator_form() if isinstance(held, Indicator) else heading_form(held.level)


def _below(held: Row) -> tuple[Words, str] | None:
    """What can be put under a heading, with the address of its form and the next free code in it."""
    if isinstance(held, Indicator):
        return None
    sort = {Heading.Level.TYPE: "task", Heading.Level.TASK: "item"}.get(
        Heading.Level(held.level), "indicator"
    )
    begins = held.code if sort == "task" else f"{held.code}."
    table = held.catalogue.indicators if sort == "indicator" else held.catalogue.headings.filter(level=sort)
    codes = table.filter(code__startswith=begins).values_list("code", flat=True)
    last = max((int(code[len(begins) :]) for code in codes), default=0)
    there = reverse("assessment:catalogue_new", args=[held.catalogue.number, sort])
    return SORTS[sort], f"{there}?code={begins}{last + 1}"


def _figures(request: HttpRequest, held: Row) -> str:
    """Where the figures of an indicator in force stand for whoever looks; empty where there are none yet."""
    months = AssessedPeriod.objects.filter(catalogue=held.catalogue, name__regex=r"-\d\d$")
    latest = months.order_by("-last_ym").first()
    if latest is None or isinstance(held, Heading):
        return ""
    there = reverse("assessment:indicator", args=[home_league(viewer(request)).code, held.code])
    return f"{there}?period={latest.name}"


def _story(held: Row) -> list[tuple[Catalogue, list[tuple[str, str, str]]]]:
    """In which versions the row was new or changed, the latest first. One statement."""
    table: Any = type(held)._default_manager
    rows = table.filter(code=held.code, catalogue__number__lte=held.catalogue.number)
    versions: list[Row] = list(rows.select_related("catalogue").order_by("catalogue__number"))
    found: list[tuple[Catalogue, list[tuple[str, str, str]]]] = []
    for at, each in enumerate(versions):
        said = differences(versions[at - 1 : at], [each])
        if said:
            found.insert(0, (each.catalogue, said[0].fields))
    return found
