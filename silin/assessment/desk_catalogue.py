"""The catalogue as desks read it: its versions, the one in force, what a draft changes, the publishing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from silin.assessment.asking import asked_period
from silin.assessment.catalogue_forms import PublishForm
from silin.assessment.desk_league import MARKS, rounded
from silin.assessment.differences import LABELS, Difference, differences, fields_of, words_of
from silin.assessment.drafting import EDIT, earliest, open_draft, publish, throw_away
from silin.assessment.linting import problems
from silin.assessment.models import Catalogue, Heading, Indicator
from silin.assessment.periods import Period
from silin.assessment.reading import bounds_words
from silin.assessment.trying import Trial, try_out
from silin.lib.mending import mend, set_values
from silin.lib.refusal import Changed, Refused, Words
from silin.lib.sheets.answering import FORMS, list_answer
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE

SORTS: dict[str, Words] = {
    "indicator": gettext_lazy("A new indicator"),
    "item": gettext_lazy("A new item"),
    "task": gettext_lazy("A new task"),
}
SORT_WORDS = {
    "new": pgettext_lazy("row", "new"),
    "gone": pgettext_lazy("row", "gone"),
}


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``league.see``: to the version in force, or to the newest."""
    rows = Catalogue.objects
    found = rows.in_force(Period.holding(localdate())) or rows.newest()
    if found is None:
        return render(request, "assessment/desk/no_catalogue.html")
    return redirect("assessment:catalogue", found.number)


@for_posts(SEE)
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponseBase:
    """Staff with ``league.see``: one version with every row of it, as a page or a spreadsheet."""
    catalogue = get_object_or_404(Catalogue, number=number)
    headings, indicators = rows_of(catalogue)
    if form := request.GET.get("as"):
        name = f"silin-catalogue-{number}"
        heads = [str(words) for words in LABELS.values()]
        lines = [*map(_cells, headings), *map(_cells, indicators)]
        return list_answer(form, name, str(number), heads, lines)
    held = changed(catalogue, headings, indicators)
    marks = {each.code: each.sort for each in held}
    context = {
        **frame(request, catalogue),
        "rows": [*_rows(headings, indicators, marks)],
        "gone": [each for each in held if each.sort == "gone"],
        "differences": held,
        "sorts": SORTS.items(),
    }
    return render(request, "assessment/desk/catalogue.html", context)


@for_posts(EDIT)
@require_POST
def draft(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``catalogue.edit``: to the draft; where there is none, it is begun."""
    made = open_draft(actor=viewer(request), now=timezone.now())
    return redirect("assessment:catalogue", made.number)


@for_posts(SEE)
@require_safe
def changes(request: HttpRequest, number: int) -> HttpResponseBase:
    """Staff with ``league.see``: what a version changes, as a spreadsheet too; of a draft what is wrong.

    What would follow is shown to ``catalogue.edit`` alone: it names totals of all communities.
    """
    catalogue = get_object_or_404(Catalogue, number=number)
    if form := request.GET.get("as"):
        lines = [
            [each.code, each.title, *said]
            for each in changed(catalogue, *rows_of(catalogue))
            for said in each.fields or [(str(SORT_WORDS[each.sort]), "", "")]
        ]
        before, after = pgettext("catalogue", "Before"), pgettext("catalogue", "After")
        heads = [_("Code"), _("Indicator"), _("What it changes"), before, after]
        return list_answer(form, f"silin-catalogue-changes-{number}", str(number), heads, lines)
    return _changes(request, catalogue)


@for_posts(EDIT)
@require_safe
def trial(request: HttpRequest, number: int, form: str) -> HttpResponseBase:
    """Staff with ``catalogue.edit``: every community that a draft would move, as a spreadsheet."""
    catalogue = get_object_or_404(Catalogue, number=number, published_at=None)
    tried = trial_of(catalogue)
    lines = [
        [
            move.place.code,
            move.place.short_name,
            *map(rounded, (move.before, move.after, move.by)),
            *move.reds,
        ]
        for move in (tried.moves if tried is not None else [])
    ]
    after = pgettext("catalogue", "After")
    heads = [_("Code"), _("Community"), _("Total before"), after, pgettext("points", "by")]
    heads += [_("Red before"), after]
    return list_answer(form, f"silin-trial-{number}", str(number), heads, lines)


@for_posts(EDIT)
@require_POST
def publishing(request: HttpRequest, number: int) -> HttpResponseBase:
    """Staff with ``catalogue.edit``: bring a draft into force from a month on."""
    catalogue, now = get_object_or_404(Catalogue, number=number), timezone.now()
    form = _publish_form(catalogue, now, request.POST)
    if not form.is_valid():
        return _changes(request, catalogue, form, status=400)
    said = form.cleaned_data
    try:
        publish(
            catalogue,
            effective_from=Period.parse(said["since"]),
            note=said["note"],
            seen=said["seen"],
            actor=viewer(request),
            now=now,
        )
    except Refused as refusal:
        if refusal.code == "published":
            raise
        mend(form, refusal)
        if isinstance(refusal, Changed):
            set_values(form, seen=catalogue.digest_of_rows())
        return _changes(request, catalogue, form, status=refusal.status)
    messages.success(request, _("Published. It is measured by it from the next round on."))
    return redirect("assessment:catalogue", catalogue.number)


@for_posts(EDIT)
@require_POST
def dropping(request: HttpRequest, number: int) -> HttpResponseBase:
    """Staff with ``catalogue.edit``: throw a draft away with all that was changed in it."""
    catalogue = get_object_or_404(Catalogue, number=number)
    throw_away(catalogue, actor=viewer(request), now=timezone.now())
    messages.success(request, _("The draft is thrown away. What is in force has not changed."))
    return redirect("assessment:catalogues")


def rows_of(catalogue: Catalogue) -> tuple[list[Heading], list[Indicator]]:
    """Its rows in their order. Two statements."""
    return list(catalogue.headings.all()), list(catalogue.indicators.all())


def changed(
    catalogue: Catalogue, headings: Sequence[Heading], indicators: Sequence[Indicator]
) -> list[Difference]:
    """What its rows say otherwise than those of the version before; nothing for the first."""
    before = Catalogue.objects.published().filter(number__lt=catalogue.number).order_by("-number").first()
    if before is None:
        return []
    old_headings, old_indicators = rows_of(before)
    return [*differences(old_headings, headings), *differences(old_indicators, indicators)]


def frame(request: HttpRequest, catalogue: Catalogue) -> dict[str, Any]:
    """What every page of the catalogue shows: the versions, which one is in force, who may change it."""
    versions = list(Catalogue.objects.select_related("made_by").order_by("-number"))
    in_force = Catalogue.objects.in_force(Period.holding(localdate()))
    may_edit = request.user.has_perm(EDIT)
    return {
        "catalogue": catalogue,
        "is_draft": catalogue.published_at is None,
        "versions": versions,
        "in_force": in_force,
        "open_draft": next((each for each in versions if each.published_at is None), None),
        "may_edit": may_edit,
        "forms": FORMS,
        "where": f"assessment:catalogue_{'edit' if may_edit and catalogue.published_at is None else 'row'}",
        "crumb": [(_("Assessment"), reverse("assessment:desk")), _("Catalogue")],
    }


def under(above: dict[str, Any], last: str) -> dict[str, Any]:
    """The frame of a page that stands under a version."""
    held: Catalogue = above["catalogue"]
    own = (_("version %(n)s") % {"n": held}, reverse("assessment:catalogue", args=[held.number]))
    return {**above, "crumb": [*above["crumb"][:-1], own, last]}


def trial_of(catalogue: Catalogue) -> Trial | None:
    """What would follow from a draft; None where there is no version that it could be compared with."""
    base = Catalogue.objects.newest()
    return None if base is None else try_out(base, *rows_of(catalogue), asked_period({}))


def _cells(row: Heading | Indicator) -> list[str]:
    """A row as a line of a spreadsheet."""
    said = fields_of(row)
    return ["" if said.get(name) in (None, "") else words_of(name, said[name]) for name in LABELS]


def _rows(
    headings: Sequence[Heading], indicators: Sequence[Indicator], marks: dict[str, str]
) -> list[dict[str, Any]]:
    """Headings, each followed by what stands under it."""
    under: dict[str, list[dict[str, Any]]] = {}
    for row in indicators:
        about = {"row": row, "sort": marks.get(row.code, ""), "bounds": bounds_words(row)}
        under.setdefault(row.item, []).append(about)
    return [
        {
            "row": each,
            "sort": marks.get(each.code, ""),
            "mark": MARKS.get(each.code, ""),
            "indicators": under.pop(each.code, []),
        }
        for each in headings
    ]


def _changes(
    request: HttpRequest, catalogue: Catalogue, form: PublishForm | None = None, status: int = 200
) -> HttpResponse:
    headings, indicators = rows_of(catalogue)
    is_draft = catalogue.published_at is None
    found = problems(headings, indicators) if is_draft else []
    held = changed(catalogue, headings, indicators)
    trial = trial_of(catalogue) if is_draft and held and request.user.has_perm(EDIT) else None
    now = timezone.now()
    context = {
        **under(frame(request, catalogue), _("What it changes")),
        "differences": held,
        "problems": found,
        "trial": trial,
        "form": (form or _publish_form(catalogue, now)) if is_draft else None,
    }
    return render(request, "assessment/desk/changes.html", context, status=status)


def _publish_form(catalogue: Catalogue, now: datetime, data: Any = None) -> PublishForm:
    first = earliest(Catalogue.objects.newest(), now)
    return PublishForm(data, first=first, now=now, initial={"seen": catalogue.digest_of_rows()})
