"""One indicator at one place: value, numerator and denominator, trend, places below, the deeds behind."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from silin.assessment.asking import Asked
from silin.assessment.desk_card import held_card
from silin.assessment.desk_league import frame
from silin.assessment.models import Indicator, Scorecard
from silin.assessment.moved import Moved, cards_of, lines_of, moved, sheet_rows
from silin.assessment.periods import Period
from silin.assessment.reading import Figure, bounds_words, value_words
from silin.facts.behind import subjects
from silin.facts.expressions import Passing, terms_in
from silin.kinds.rectification.queries import open_for
from silin.kinds.rectification.raising import link_to
from silin.lib.refusal import NotFound, Refused, Words
from silin.lib.sheets.answering import FORMS, list_answer
from silin.matters.behind import behind as matters_behind
from silin.matters.models import Matter
from silin.matters.showing import lines
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE
from silin.places.levels import Level
from silin.places.models import Place
from silin.places.queries import calendar

PERIODS = 12
BEHIND_AT_MOST = 50
WIDE, HIGH, LEFT, TOP = 640, 180, 44, 12
WHICH: dict[str, Words] = {
    "rest": gettext_lazy("Not in the numerator"),
    "num": gettext_lazy("In the numerator"),
}


@dataclass(frozen=True)
class Point:
    """A period of the trend: its place in the picture (None where there is no value) and its figure."""

    period: Period
    figure: Figure
    x: float
    y: float | None


@for_posts(SEE)
@require_safe
def indicator(request: HttpRequest, code: str, indicator: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the league: one indicator, the matters that they may see."""
    asked = Asked.of(request, viewer(request), code)
    held, card = held_card(asked)
    row = None if held is None else held.catalogue.indicators.filter(code=indicator).first()
    if row is None:
        raise NotFound
    figure, points, cards = Figure.of(row, card), trend(asked, row), cards_of(asked)
    found = moved(asked, row, points[-2].figure, figure, cards)
    if form := request.GET.get("as"):
        return _sheet(asked, found, form)
    headings = {each.code: each for each in row.catalogue.headings.all()}
    context = {
        **frame(asked),
        "measured": held,
        "figure": figure,
        "indicator": row,
        "bounds": bounds_words(row),
        "headings": [headings[each] for each in (row.type, row.task, row.item) if each in headings],
        "task_url": asked.task_url(row.task),
        "points": points,
        "strokes": strokes(points),
        "bands": bands(row, points),
        "below": below(asked, row, cards),
        "moved": found,
        "moved_lines": lines_of(asked, found, found.shown),
        "sheets": [(form.upper(), f"{asked.indicator_url(row.code)}&as={form}") for form in FORMS],
        "crumb": asked.crumb(row.code),
        "tasks": tasks(asked, row),
        **behind(request, asked, row),
    }
    return render(request, "assessment/desk/indicator.html", context)


def tasks(asked: Asked, row: Indicator) -> list[tuple[Matter, str]]:
    """What is set about it here and not struck off yet, of what this person may read, with its address."""
    standing = open_for(row.code, asked.root).values("matter")
    seen = Matter.objects.seen_by(asked.user).filter(pk__in=standing).order_by("-raised_at")
    return [(matter, link_to(matter)) for matter in seen]


def trend(asked: Asked, row: Indicator) -> list[Point]:
    """The last twelve periods of the sort that is asked for, the oldest first. One statement."""
    periods = [asked.period.earlier(by) for by in range(PERIODS - 1, -1, -1)]
    cards = Scorecard.objects.filter(place=asked.root, period__in=[each.name for each in periods])
    by_name = {card.period_id: card for card in cards}
    figures = [Figure.of(row, by_name.get(each.name)) for each in periods]
    low, high = _range(row, [each.value for each in figures if each.value is not None])
    step = (WIDE - LEFT - 20) / (PERIODS - 1)
    return [
        Point(period, figure, round(LEFT + at * step, 1), _y(figure.value, low, high))
        for at, (period, figure) in enumerate(zip(periods, figures, strict=True))
    ]


def strokes(points: list[Point]) -> list[str]:
    """The line of the picture in pieces: it breaks where a period has no value."""
    pieces = groupby(points, key=lambda each: each.y is not None)
    return [" ".join(f"{each.x},{each.y}" for each in piece) for drawn, piece in pieces if drawn]


def bands(row: Indicator, points: list[Point]) -> list[dict[str, object]]:
    """The stripes of the picture: where a value is green, yellow, red; with their edges in words."""
    values = [point.figure.value for point in points if point.figure.value is not None]
    low, high = _range(row, values)
    edges = sorted({low, *(each for each in (row.red, row.yellow) if low < each < high), high})
    found = []
    for under, over in pairwise(edges):
        top, bottom = _y(over, low, high) or 0.0, _y(under, low, high) or 0.0
        light = row.light((under + over) / 2)
        found.append(
            {"light": light, "y": top, "high": round(bottom - top, 1), "words": value_words(row, over)}
        )
    return found


def _range(row: Indicator, values: list[float]) -> tuple[float, float]:
    """The lowest and highest value that the picture holds, with some air."""
    low, high = min([*values, row.red, row.yellow]), max([*values, row.red, row.yellow])
    air = (high - low) * 0.15 or 1.0
    percent = row.unit == Indicator.Unit.PERCENT
    return max(0.0, low - air), min(100.0, high + air) if percent and high <= 100 else high + air


def _y(value: float | None, low: float, high: float) -> float | None:
    return None if value is None else round(TOP + (HIGH - TOP) * (high - value) / (high - low), 1)


def below(asked: Asked, row: Indicator, cards: list[Scorecard]) -> list[tuple[Place, Figure, str]]:
    """The places right below that take part with their own figures, the worst light first."""
    cards = [card for card in cards if card.set_up and card.period_id == asked.period.name]
    order = {"red": 0, "yellow": 1, "green": 2, "": 3}
    found = [(card.place, Figure.of(row, card)) for card in cards]
    found.sort(key=lambda each: (order[each[1].light], each[0].path))
    return [(place, figure, asked.indicator_url(row.code, code=place.code)) for place, figure in found]


def _sheet(asked: Asked, found: Moved, form: str) -> HttpResponseBase:
    """What moved it as a spreadsheet: every place below, the place itself last. Raises ``NotFound``."""
    heads = [
        *(_("Code of the place"), _("Place"), _("Numerator before"), _("Denominator before")),
        *(_("Numerator now"), _("Denominator now"), _("Moved it by")),
    ]
    name = f"silin-moved-{found.row.code}-{asked.root.code}-{asked.period.name}"
    return list_answer(form, name, asked.period.name, heads, sheet_rows(asked, found))


def behind(request: HttpRequest, asked: Asked, row: Indicator) -> dict[str, object]:
    """The matters behind the numerator, or those that count and are not in it, for whoever may see them."""
    which = request.GET.get("which", "rest")
    if which not in WHICH:
        raise Refused("bad_number", _("There is no such number here."), field="which")
    about = _about(asked, row, which)
    seen = matters_behind(asked.user, about, at_most=BEHIND_AT_MOST)
    return {
        "which": which,
        "whiches": WHICH.items(),
        "n_behind": len(about),
        "lines": lines(seen.rows, timezone.now(), calendar()),
        "cut": BEHIND_AT_MOST if seen.more else 0,
        "hidden": seen.hidden,
    }


def _about(asked: Asked, row: Indicator, which: str) -> list[str]:
    if isinstance(row.numerator, Passing):
        return []
    codes = Place.objects.under(asked.root).filter(
        level__in=(Level.COMMUNITY, Level.STREET, Level.COUNTY, Level.CITY)
    )
    units, months = list(codes.values_list("code", flat=True)), asked.period.months(row.period)
    upper = subjects(terms_in(row.numerator), units, months)
    if which == "num" or row.denominator is None:
        return upper
    held = set(upper)
    return [each for each in subjects(terms_in(row.denominator), units, months) if each not in held]
