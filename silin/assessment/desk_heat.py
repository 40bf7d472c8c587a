"""The heat table: items down, places across, each cell the share of its points that was reached."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.assessment.asking import Asked, levels_below
from silin.assessment.desk_league import frame
from silin.assessment.models import AssessedPeriod, Heading, Indicator, Scorecard
from silin.lib.sheets.answering import FORMS, list_answer
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE

ACROSS_AT_MOST = 60
STEPS = 5


@dataclass(frozen=True)
class Cell:
    """What a place reached in an item: points earned of those that count, and its lights."""

    earned: float
    out_of: float
    red: int
    yellow: int
    green: int

    @property
    def percent(self) -> int | None:
        """The share of the points that count; None where none does."""
        return round(100 * self.earned / self.out_of) if self.out_of else None

    @property
    def step(self) -> int:
        """1 (least) to 5 (all), for the colour; 0 where nothing counts."""
        percent = self.percent
        return 0 if percent is None else min(STEPS, percent * STEPS // 100 + 1)


@for_posts(SEE)
@require_safe
def heat(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the league: items by places, as a page or a spreadsheet."""
    asked = Asked.of(request, viewer(request), code)
    held = AssessedPeriod.objects.select_related("catalogue").filter(pk=asked.period.name).first()
    cards = list(_cards(asked)) if held is not None else []
    rows = table(held, cards) if held is not None else []
    if form := request.GET.get("as"):
        heads = [_("Code"), _("Item"), *(card.place.short_name for card in cards)]
        body = ([item.code, item.title, *(cell.percent for cell in cells)] for item, cells in rows)
        return list_answer(
            form, f"silin-heat-{code}-{asked.level}-{asked.period.name}", asked.period.name, heads, body
        )
    context = {
        **frame(asked),
        "measured": held,
        "cards": [(card, asked.url("card", code=card.place.code)) for card in cards[:ACROSS_AT_MOST]],
        "rows": [(item, cells[:ACROSS_AT_MOST]) for item, cells in rows],
        "cut": len(cards) - ACROSS_AT_MOST if len(cards) > ACROSS_AT_MOST else 0,
        "levels": [
            (level, level.label, asked.url("heat", level=level)) for level in levels_below(asked.root)
        ],
        "crumb": asked.crumb(_("Items by place")),
        "sheets": [(form.upper(), f"{asked.url('heat', level=asked.level)}&as={form}") for form in FORMS],
    }
    return render(request, "assessment/desk/heat.html", context)


def _cards(asked: Asked) -> list[Scorecard]:
    cards = Scorecard.objects.of(asked.period, asked.level).under(asked.root).filter(set_up=True)
    return list(cards.select_related("place").order_by("placed_path"))


def table(held: AssessedPeriod, cards: list[Scorecard]) -> list[tuple[Heading, list[Cell]]]:
    """For each item of the catalogue one cell a card."""
    items = list(held.catalogue.headings.filter(level=Heading.Level.ITEM))
    return rows_of(items, list(held.catalogue.indicators.all()), cards)


def rows_of(
    items: list[Heading], indicators: list[Indicator], cards: list[Scorecard]
) -> list[tuple[Heading, list[Cell]]]:
    """For each of ``items`` one cell a card."""
    under: dict[str, list[Indicator]] = {}
    for row in indicators:
        under.setdefault(row.item, []).append(row)
    return [(item, [cell(under.get(item.code, []), card) for card in cards]) for item in items]


def cell(indicators: list[Indicator], card: Scorecard) -> Cell:
    """What a card reached in some indicators: those of an item, or of a whole task."""
    figures = [(each.points, card.figures[each.code]) for each in indicators if each.code in card.figures]
    counted = [(out_of, figure[3]) for out_of, figure in figures if figure[3] is not None]
    lights = [figure[4] for _points, figure in figures]
    return Cell(
        sum(earned for _points, earned in counted),
        sum(points for points, _earned in counted),
        *(lights.count(light) for light in ("red", "yellow", "green")),
    )
