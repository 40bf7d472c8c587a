"""The report card of one place: four types, every item, the points that are nearest to be won."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.assessment.asking import Asked
from silin.assessment.desk_league import MARKS, TypeCell, frame, rounded
from silin.assessment.league import caps, grade, is_on, uncapped, weighted
from silin.assessment.models import AssessedPeriod, Heading, Indicator, Scorecard
from silin.assessment.reading import Figure
from silin.lib.sheets.answering import FORMS, list_answer
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE

NEAREST = 8


@dataclass(frozen=True)
class Line:
    """A figure with the way to its page."""

    figure: Figure
    url: str


@dataclass(frozen=True)
class Group:
    """An item with its lines, under a task of a type."""

    item: Heading
    task: Heading
    lines: list[Line]


@dataclass(frozen=True)
class Task:
    """What a task came to: points earned and to be earned, red lights; with the way to its page."""

    heading: Heading
    url: str
    earned: float
    out_of: float
    red: int


@for_posts(SEE)
@require_safe
def card(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place, or over a part of the same county: its card of a period."""
    asked = Asked.of(request, viewer(request), code)
    held, own = held_card(asked)
    lines = _lines(asked, held, own)
    types = [] if held is None or own is None else list(held.catalogue.headings.all())
    veto = caps(asked.period, asked.root).get(asked.root.pk)
    context = {
        **frame(asked),
        "measured": held,
        "card": own,
        "crumb": asked.crumb() if own is None else asked.crumb(_("Report card")),
        "types": [
            TypeCell(MARKS.get(each.code, ""), each.title, each.weight, weighted(own, each))
            for each in types
            if own is not None and each.level == Heading.Level.TYPE
        ],
        "groups": _groups(types, lines),
        "tasks": _tasks(asked, types, lines),
        "grade": grade(own, veto) if own is not None else None,
        "uncapped": uncapped(own, veto) if own is not None else None,
        "veto": veto,
        "vetoes_url": asked.url("vetoes") if veto is not None or is_on(asked.root) else "",
        "nearest": nearest(lines),
        "reds": [line for line in lines if line.figure.light == "red"],
        "league_url": asked.url("league"),
        "sheets": [(form.upper(), asked.url("card_sheet", form=form)) for form in FORMS],
    }
    return render(request, "assessment/desk/card.html", context)


@for_posts(SEE)
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the page: the card as a spreadsheet, one line an indicator."""
    asked = Asked.of(request, viewer(request), code)
    held, own = held_card(asked)
    heads = [
        *(_("Code"), _("Indicator"), _("Numerator"), _("Denominator"), _("Value"), _("Light"), _("Points")),
        *(_("out of"), _("Why"), _("Lead"), _("Definition")),
    ]
    rows = (
        [
            *(each.indicator.code, each.indicator.title, each.num, each.den, rounded(each.value), each.light),
            *(rounded(each.points), each.indicator.points, each.why or each.words),
            *(each.indicator.lead, each.indicator.digest),
        ]
        for each in (line.figure for line in _lines(asked, held, own))
    )
    return list_answer(form, f"silin-card-{code}-{asked.period.name}", asked.period.name, heads, rows)


def held_card(asked: Asked) -> tuple[AssessedPeriod | None, Scorecard | None]:
    """The period that is asked for and the card of the place in it, where they were measured."""
    held = AssessedPeriod.objects.select_related("catalogue").filter(pk=asked.period.name).first()
    card = held.cards.filter(place=asked.root).first() if held is not None else None
    return held, card


def nearest(lines: list[Line]) -> list[Line]:
    """The points that are nearest to be won: what has a value and lost the most, those in cases first."""
    lost = [line for line in lines if line.figure.value is not None and line.figure.lost > 0]
    return sorted(
        lost, key=lambda line: (not line.figure.to_go, -line.figure.lost, line.figure.indicator.code)
    )[:NEAREST]


def _lines(asked: Asked, held: AssessedPeriod | None, card: Scorecard | None) -> list[Line]:
    if held is None or card is None:
        return []
    indicators: list[Indicator] = list(held.catalogue.indicators.all())
    return [Line(Figure.of(each, card), asked.indicator_url(each.code)) for each in indicators]


def _tasks(asked: Asked, headings: list[Heading], lines: list[Line]) -> list[Task]:
    tasks = []
    for heading in headings:
        own = [line.figure for line in lines if line.figure.indicator.task == heading.code]
        counted = [(each.points, each.indicator.points) for each in own if each.points is not None]
        earned, out_of = (sum(column) for column in zip(*counted, strict=True)) if counted else (0.0, 0.0)
        if heading.level == Heading.Level.TASK:
            url = asked.task_url(heading.code)
            tasks.append(Task(heading, url, earned, out_of, sum(each.light == "red" for each in own)))
    return tasks


def _groups(headings: list[Heading], lines: list[Line]) -> list[Group]:
    tasks = {each.code: each for each in headings if each.level == Heading.Level.TASK}
    return [
        Group(
            item,
            tasks[item.code.partition(".")[0]],
            [line for line in lines if line.figure.indicator.item == item.code],
        )
        for item in headings
        if item.level == Heading.Level.ITEM
    ]
