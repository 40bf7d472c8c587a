"""Where each figure comes from, and how much anybody types for the assessment alone (burden)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from silin.assessment.asking import Asked
from silin.assessment.desk_card import held_card
from silin.assessment.desk_league import frame
from silin.assessment.models import Indicator, Scorecard
from silin.assessment.reading import Figure
from silin.facts.models import Cell
from silin.facts.vocabulary import find
from silin.lib.refusal import Words
from silin.lib.sheets.answering import FORMS, list_answer
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE
from silin.places.levels import DIGITS, Level

TYPED: dict[str, Words] = {
    Indicator.Source.OUTSIDE: gettext_lazy("a bureau hands in its own figure"),
    Indicator.Source.SURVEY: gettext_lazy("residents answer a survey"),
    Indicator.Source.EVIDENCE: gettext_lazy("somebody hands in a proof, once"),
}
"""What is typed for an indicator alone, by its source; the others take nothing but daily work."""


@dataclass(frozen=True)
class Line:
    """An indicator with the words it reads, the rooms that write them, and what is typed for it."""

    figure: Figure
    words: list[str]
    rooms: list[str]
    typed: str
    url: str

    def cells(self) -> list[str]:
        """It as a line of a spreadsheet."""
        row = self.figure.indicator
        come = (str(row.get_source_display()), ", ".join(self.rooms), ", ".join(self.words))
        return [row.code, row.title, *come, self.typed, self.figure.words]


@for_posts(SEE)
@require_safe
def sources(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the league: the source of each figure, as a page or a spreadsheet."""
    asked = Asked.of(request, viewer(request), code)
    held, card = held_card(asked)
    rows: list[Indicator] = [] if held is None else list(held.catalogue.indicators.all())
    shown = [line(asked, row, card) for row in rows]
    if form := request.GET.get("as"):
        heads = [
            *(_("Code"), _("Indicator"), _("Source"), _("Written by"), _("Words of the book")),
            *(_("Typed for it"), _("Value")),
        ]
        body = (each.cells() for each in shown)
        return list_answer(form, f"silin-sources-{code}-{asked.period.name}", asked.period.name, heads, body)
    communities = _communities(asked)
    fields = typed_fields(asked)
    context = {
        **frame(asked),
        "measured": held,
        "lines": shown,
        "free": sum(not each.typed for each in shown),
        "valued": sum(each.figure.value is not None for each in shown),
        "fields": fields,
        "each": round(fields / communities, 1) if communities else 0,
        "communities": communities,
        "crumb": asked.crumb(_("Where it comes from")),
        "sheets": [(form.upper(), f"{asked.url('sources')}&as={form}") for form in FORMS],
    }
    return render(request, "assessment/desk/sources.html", context)


def line(asked: Asked, row: Indicator, card: Scorecard | None) -> Line:
    """One indicator as the page shows it."""
    words = sorted({term.name for term in row.terms})
    rooms = sorted({word.room for name in words if (word := find(name)) is not None})
    typed = str(TYPED.get(row.source, ""))
    return Line(Figure.of(row, card), words, rooms, typed, asked.indicator_url(row.code))


def typed_fields(asked: Asked) -> int:
    """How many fields were typed for the assessment alone in the months of the period, under the place."""
    alone = Q(name__startswith="outside.") | Q(name__startswith="survey.") | Q(name__startswith="evidence.")
    unit = asked.root.code[: DIGITS[Level(asked.root.level)]]
    cells = Cell.objects.filter(alone, ym__in=asked.period.months(), unit__startswith=unit)
    return int(cells.aggregate(n=Sum("n"))["n"] or 0)


def _communities(asked: Asked) -> int:
    return Scorecard.objects.of(asked.period, Level.COMMUNITY).under(asked.root).filter(set_up=True).count()
