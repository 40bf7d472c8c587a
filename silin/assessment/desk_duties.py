"""The duty sheet (责任分解表): which bureau leads which indicators, and which of them are red."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.assessment.asking import Asked
from silin.assessment.desk_card import Line, held_card
from silin.assessment.desk_league import frame
from silin.assessment.models import AssessedPeriod, Catalogue, Indicator, Scorecard
from silin.assessment.reading import Figure
from silin.lib.sheets.answering import FORMS, list_answer
from silin.people import queries as people
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE
from silin.people.models import Organisation


@dataclass(frozen=True)
class Duty:
    """What one bureau leads; ``own`` where whoever looks holds a post in it."""

    lead: str
    own: bool
    lines: list[Line]

    @property
    def points(self) -> float:
        """The points that its indicators can bring."""
        return sum(line.figure.indicator.points for line in self.lines)

    @property
    def red(self) -> int:
        """How many of them are red."""
        return sum(line.figure.light == "red" for line in self.lines)


@for_posts(SEE)
@require_safe
def duties(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place, or over a part of the same county: who leads what."""
    asked = Asked.of(request, viewer(request), code)
    held, card = held_card(asked)
    found = duty_sheet(asked, held, card)
    context = {
        **frame(asked),
        "measured": held,
        "duties": found,
        "indicators": sum(len(each.lines) for each in found),
        "crumb": asked.crumb(_("Who leads what")),
        "sheets": [(form.upper(), asked.url("duties_sheet", form=form)) for form in FORMS],
    }
    return render(request, "assessment/desk/duties.html", context)


@for_posts(SEE)
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the page: the duty sheet as a spreadsheet, one line an indicator."""
    asked = Asked.of(request, viewer(request), code)
    heads = [_("Lead"), _("Code"), _("Indicator"), _("out of"), _("Value"), _("Light")]
    rows = (
        [each.lead, row.indicator.code, row.indicator.title, row.indicator.points, row.words, row.light]
        for each in duty_sheet(asked, *held_card(asked))
        for row in (line.figure for line in each.lines)
    )
    return list_answer(form, f"silin-duties-{code}-{asked.period.name}", asked.period.name, heads, rows)


def duty_sheet(asked: Asked, held: AssessedPeriod | None, card: Scorecard | None) -> list[Duty]:
    """What every bureau leads by the catalogue of the period: one's own first, then who leads most."""
    catalogue = held.catalogue if held is not None else Catalogue.objects.in_force(asked.period)
    if catalogue is None:
        return []
    own = own_bureaus(asked)
    rows = sorted(catalogue.indicators.all(), key=_lead)
    found = [
        Duty(
            lead,
            lead in own,
            [Line(Figure.of(each, card), asked.indicator_url(each.code)) for each in led],
        )
        for lead, led in groupby(rows, key=_lead)
    ]
    return sorted(found, key=lambda each: (not each.own, -len(each.lines), each.lead))


def own_bureaus(asked: Asked) -> set[str]:
    """The names of the bodies in which whoever looks holds a post today."""
    posts = [each.post for each in people.holdings_of(asked.user, timezone.now())]
    bodies = {post.organisation_id for post in posts if post.organisation_id}
    return set(Organisation.objects.filter(pk__in=bodies).values_list("name", flat=True))


def _lead(indicator: Indicator) -> str:
    return indicator.lead
