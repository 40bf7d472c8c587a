"""The league of the assessment as desks and offices see it: by county, street, community."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.assessment.asking import Asked, levels_below, measured_periods
from silin.assessment.league import (
    STANDARD,
    STANDARD_GRADE,
    League,
    Row,
    is_on,
    league,
    most_red,
    weighted,
)
from silin.assessment.models import Heading, Indicator, PeerGroup, Veto
from silin.lib.sheets.answering import FORMS, list_answer
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE, home_league, own_rows
from silin.places.levels import Level
from silin.places.numbers import number

MARKS = {"S": "safe", "C": "easy", "B": "fair", "H": "happy"}
STEP, LOWEST = 5, 40
SORTS = ("month", "quarter", "year")


@dataclass(frozen=True)
class TypeCell:
    """What a type brought a place: points out of its weight; ``points`` is None where nothing counts."""

    mark: str
    title: str
    weight: float
    points: float | None


@dataclass(frozen=True)
class Shown:
    """A row as the page shows it."""

    row: Row
    types: list[TypeCell]
    url: str
    above: str

    @property
    def fell(self) -> int:
        return -(self.row.moved or 0)


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``league.see``: to the league of their own place; a community's desk to its county's."""
    return redirect("assessment:league", home_league(viewer(request)).code)


@for_posts(SEE)
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place, or over a part of the same county: its league of a period."""
    asked = Asked.of(request, viewer(request), code)
    group = _group(request)
    found = league(asked.root, asked.level, asked.period, group)
    rows = [shown(row, asked, found.types) for row in found.rows]
    context = {
        **frame(asked),
        "found": found,
        "rows": [each for each in rows if each.row.card.set_up],
        "heat_url": asked.url("heat", level=asked.level),
        "sources_url": asked.url("sources"),
        "left_out": [each for each in rows if not each.row.card.set_up],
        "own": own_rows(asked.user, asked.root),
        "crumb": asked.crumb(),
        "levels": [
            (level, level.label, asked.url("league", level=level)) for level in levels_below(asked.root)
        ],
        "group": group,
        "groups": list(PeerGroup.objects.all()) if asked.level == Level.COMMUNITY else [],
        "standard": int(number(STANDARD)),
        "reached": sum((each.row.grade or 0) >= STANDARD_GRADE for each in rows),
        "worst": worst(asked),
        "duties_url": asked.url("duties"),
        "vetoes_url": asked.url("vetoes") if has_vetoes(asked) else "",
        "spread": spread(found),
        "types": [type_cell(found, heading) for heading in found.types],
        "tasks_menu": tasks_menu(asked, _headings(found)),
        "sheets": [
            (form.upper(), asked.url("league_sheet", form=form, level=asked.level, group=group))
            for form in FORMS
        ],
    }
    return render(request, "assessment/desk/league.html", context)


@for_posts(SEE)
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the page: the league as a spreadsheet."""
    asked = Asked.of(request, viewer(request), code)
    found = league(asked.root, asked.level, asked.period, _group(request))
    heads = [
        *(_("Rank"), _("to the period before"), _("Code"), _("Place"), _("Total"), _("Countable of 100")),
        *(f"{heading.title} {heading.weight:g}" for heading in found.types),
        *(_("Red"), _("Yellow"), _("Green"), _("Grade reached"), _("Capped by"), _("Capped up to")),
    ]
    name = f"silin-assessment-{code}-{asked.level}-{asked.period.name}"
    return list_answer(form, name, asked.period.name, heads, _lines(found))


def _headings(found: League) -> list[Heading]:
    """The types and tasks of the catalogue that a league is measured by."""
    if found.period is None:
        return []
    return list(found.period.catalogue.headings.exclude(level=Heading.Level.ITEM))


def _lines(found: League) -> Iterator[list[object]]:
    for row in found.rows:
        card = row.card
        types = [weighted(card, heading) for heading in found.types]
        yield [
            *(
                row.rank,
                row.moved,
                card.place.code,
                card.place.short_name,
                rounded(card.total),
                rounded(card.counted),
            ),
            *(rounded(each) for each in types),
            *(card.red, card.yellow, card.green, row.grade_words),
            *((row.veto.event, row.veto.last.name) if row.veto is not None else ("", "")),
        ]


def frame(asked: Asked) -> dict[str, Any]:
    """What every page of the assessment shows: the place, the period and the ways to others."""
    periods = measured_periods(asked.period.sort)
    return {
        "asked": asked,
        "place": asked.root,
        "period": asked.period,
        "periods": periods if asked.period in periods else [asked.period, *periods],
        "sorts": [
            (sort, sort_words(sort), f"?level={asked.level}&period={asked.period.in_its(sort).name}")
            for sort in SORTS
        ],
    }


def tasks_menu(
    asked: Asked, headings: Iterable[Heading]
) -> list[tuple[str, Heading, list[tuple[Heading, str]]]]:
    """The types with their tasks and the address of each: the mark, the type, its tasks."""
    tasks = [each for each in headings if each.level == Heading.Level.TASK]
    return [
        (
            MARKS.get(each.code, ""),
            each,
            [(task, asked.task_url(task.code)) for task in tasks if task.code.startswith(each.code)],
        )
        for each in headings
        if each.level == Heading.Level.TYPE
    ]


def has_vetoes(asked: Asked) -> bool:
    """Whether there is anything to see of vetoes: they are turned on, or were declared before."""
    return is_on(asked.root) or Veto.objects.under(asked.root).exists()


def sort_words(sort: str) -> str:
    """Month, quarter or year, in the language of the page."""
    return str(Indicator.Over(sort).label)


def shown(row: Row, asked: Asked, types: list[Heading]) -> Shown:
    """A row with its ways further down: a community to its card, a wider place to its own league."""
    community = row.place.level == Level.COMMUNITY
    url = asked.url("card" if community else "league", code=row.place.code)
    above = row.place.parent.short_name if row.place.parent and row.place.parent_id != asked.root.pk else ""
    cells = [
        TypeCell(MARKS.get(each.code, ""), each.title, each.weight, weighted(row.card, each))
        for each in types
    ]
    return Shown(row, cells, url, above)


def type_cell(found: League, heading: Heading) -> TypeCell:
    """A type with what the place of the league itself reached in it."""
    points = weighted(found.own, heading) if found.own is not None else None
    return TypeCell(MARKS.get(heading.code, ""), heading.title, heading.weight, points)


def worst(asked: Asked) -> dict[str, Any] | None:
    """The indicator that is red in most places, with its title."""
    found = most_red(asked.root, asked.level, asked.period)
    if found is None:
        return None
    code, n, of = found
    indicator = Indicator.objects.filter(code=code).order_by("-catalogue__number").first()
    return {"indicator": indicator, "n": n, "of": of, "url": asked.url("heat", level=asked.level)}


def spread(found: League) -> list[dict[str, float]]:
    """How many places lie in each five points, for a small picture."""
    counts = dict.fromkeys(range(LOWEST, 100, STEP), 0)
    for row in found.rows:
        if row.card.total is not None:
            counts[min(max(int(row.card.total // STEP) * STEP, LOWEST), 95)] += 1
    most = max([*counts.values(), 1])
    bars = []
    for at, (low, n) in enumerate(counts.items()):
        high, x = round(n / most * 50, 1), at * 20
        bars.append(
            {"from": low, "n": n, "x": x, "y": 66 - high, "high": high, "middle": x + 9, "top": 63 - high}
        )
    return bars


def rounded(value: float | None) -> float | None:
    """A figure as a spreadsheet shows it."""
    return None if value is None else round(value, 2)


def _group(request: HttpRequest) -> str:
    asked = request.GET.get("group", "")
    return asked if PeerGroup.objects.filter(pk=asked).exists() else ""
