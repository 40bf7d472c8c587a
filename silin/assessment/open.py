"""The card of one's own community for everybody: bands and plain words, no ranks, nothing of others."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from silin.assessment.desk_league import MARKS
from silin.assessment.falling_short import last_final_month
from silin.assessment.league import caps, grade, types_of, uncapped
from silin.assessment.models import Heading, Indicator, Scorecard
from silin.assessment.reading import Figure
from silin.people.community import community_of

SAID = 3
GOOD, FAIR = 85, 70


@dataclass(frozen=True)
class Type:
    """A type of community with the share of its points that was reached; None where nothing counts."""

    mark: str
    title: str
    percent: int | None

    @property
    def band(self) -> str:
        """``good``, ``fair`` or ``poor``; nothing where nothing counts."""
        if self.percent is None:
            return ""
        return "good" if self.percent >= GOOD else "fair" if self.percent >= FAIR else "poor"


@require_safe
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone: how a community did in the last month that is final, in bands; ranks are for posts."""
    place, row = community_of(code), last_final_month()
    own = row.cards.filter(place=place, set_up=True).first() if row is not None else None
    figures: list[Figure] = []
    if row is not None and own is not None:
        indicators: list[Indicator] = list(row.catalogue.indicators.all())
        figures = [Figure.of(each, own) for each in indicators]
    veto = caps(row.period, place).get(place.pk) if row is not None else None
    context = {
        "place": place,
        "measured": row,
        "card": own,
        "grade": grade(own, veto) if own is not None else None,
        "capped_by": veto if own is not None and uncapped(own, veto) is not None else None,
        "types": _types(own, [] if row is None else types_of(row.catalogue)),
        "well": _well(figures),
        "short": _short(figures),
        "counted": sum(figure.value is not None for figure in figures),
        "all": len(figures),
    }
    return render(request, "assessment/open/card.html", context)


def _types(card: Scorecard | None, types: list[Heading]) -> list[Type]:
    found = []
    for heading in types:
        earned, out_of = card.types.get(heading.code, (0, 0)) if card is not None else (0, 0)
        percent = round(100 * earned / out_of) if out_of else None
        found.append(Type(MARKS.get(heading.code, ""), heading.title, percent))
    return found


def _well(figures: list[Figure]) -> list[Figure]:
    """What goes well: green, with all or most of its points, the weightiest first."""
    green = [each for each in figures if each.light == "green" and each.value is not None]
    return sorted(green, key=lambda each: (each.lost, -(each.points or 0), each.indicator.code))[:SAID]


def _short(figures: list[Figure]) -> list[Figure]:
    """What falls short: red before yellow, what lost the most points first."""
    lit = [each for each in figures if each.light in ("red", "yellow") and each.value is not None]
    return sorted(lit, key=lambda each: (each.light != "red", -each.lost, each.indicator.code))[:SAID]
