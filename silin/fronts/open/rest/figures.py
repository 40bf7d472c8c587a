"""The figures of the assessment for other systems: cards of places, the catalogue. Never a rank."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import Field

from silin.assessment.asking import asked_period
from silin.assessment.league import types_of
from silin.assessment.models import AssessedPeriod, Catalogue, Heading, Indicator, Scorecard
from silin.assessment.models.cards import ScorecardQuerySet
from silin.assessment.reading import Figure
from silin.fronts.open.rest import telling
from silin.fronts.open.rest.door import Asked, Bearer, caller
from silin.fronts.open.rest.figure_shapes import (
    CatalogueTold,
    FigureTold,
    IndicatorTold,
    Measured,
    ScorecardLine,
    ScorecardPage,
    ScorecardTold,
    TypeTold,
)
from silin.fronts.open.rest.saying import FIGURES, PROBLEMS_OF_LIST
from silin.fronts.open.rest.shapes import Said
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.people.queries import paths_where
from silin.places.models import Place

router = Router(tags=["figures"], auth=Bearer(FIGURES))
SEE = "places.see"
When = Annotated[
    str,
    Field(
        max_length=20,
        description="A month, quarter or year, as 2026-06, 2026-Q2 or 2026.",
        examples=["2026-06"],
    ),
]


class OfCards(Said):
    """Which cards: each narrows the list further."""

    period: When = Field("", description="Left empty: the last month that is final.")
    level: Literal["city", "county", "street", "community", ""] = ""
    place: str = Field("", max_length=24, description="The code of a place; what lies beneath counts.")
    after: str = Field("", max_length=2000, description="The ``next`` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class OfCatalogue(Said):
    """By which period's catalogue."""

    period: When = Field("", description="Left empty: the last month that is final.")


@router.get(
    "/scorecards", response={200: ScorecardPage, **PROBLEMS_OF_LIST}, summary="List what places reached"
)
def list_scorecards(request: Asked, asking: Query[OfCards]) -> ScorecardPage:
    """The cards of the places of the key, the wider place before what lies in it, page by page."""
    held = _held(asking.period)
    cards = _cards(request).filter(period=held)
    if asking.place:
        cards = cards.under(_place(cards, asking.place))
    if asking.level:
        cards = cards.filter(level=asking.level)
    rows = cards.defer("figures").select_related("place")
    page = page_by_key(rows, ("placed_path",), asking.after, asking.limit)
    types = types_of(held.catalogue)
    lines = [ScorecardLine(**_line(card, types)) for card in page.rows]
    return ScorecardPage(measured=_measured(held), scorecards=lines, next=page.next)


@router.get(
    "/scorecards/{code}/{period}",
    response={200: ScorecardTold, **PROBLEMS_OF_LIST},
    summary="Read all figures of one place",
)
def read_scorecard(
    request: Asked, code: Annotated[str, Field(max_length=24, description="Of a place.")], period: When
) -> ScorecardTold:
    """Every indicator of the catalogue, with both sums, its points, the rule's reason, its definition."""
    held = _held(period)
    card = _cards(request).filter(period=held, place__code=code).select_related("place").first()
    if card is None:
        raise NotFound
    indicators: list[Indicator] = list(held.catalogue.indicators.all())
    return ScorecardTold(
        **_line(card, types_of(held.catalogue)),
        measured=_measured(held),
        figures=[_figure(Figure.of(each, card)) for each in indicators],
    )


@router.get(
    "/indicators", response={200: CatalogueTold, **PROBLEMS_OF_LIST}, summary="Read the catalogue in force"
)
def list_indicators(request: Asked, asking: Query[OfCatalogue]) -> CatalogueTold:
    """How each indicator is counted and scored in a period, by the version that it is assessed by."""
    period = asked_period({"period": asking.period})
    held = AssessedPeriod.objects.select_related("catalogue").filter(pk=period.name).first()
    catalogue = held.catalogue if held is not None else Catalogue.objects.in_force(period)
    if catalogue is None:
        raise Refused("no_catalogue", _("No catalogue was in force in it."), field="period", status=404)
    return CatalogueTold(
        period=period.name,
        catalogue=catalogue.number,
        catalogue_digest=catalogue.digest,
        sample=catalogue.sample,
        effective_from=catalogue.effective_from,
        indicators=[_indicator(each) for each in catalogue.indicators.all()],
    )


def _cards(request: Asked) -> ScorecardQuerySet:
    """The cards of the places that the post of the key sees. Raises ``NotAllowed`` where it sees none."""
    paths = paths_where(caller(request), SEE, timezone.now())
    if not paths:
        raise NotAllowed
    return Scorecard.objects.within(paths)


def _held(period: str) -> AssessedPeriod:
    """The period of that name as it was measured. Raises ``Refused`` (``bad_period``, ``not_measured``)."""
    asked = asked_period({"period": period})
    found = AssessedPeriod.objects.select_related("catalogue").filter(pk=asked.name).first()
    if found is None:
        raise Refused("not_measured", _("This period was not measured."), field="period", status=404)
    return found


def _place(cards: ScorecardQuerySet, code: str) -> Place:
    """The place of that code. Raises ``NotFound`` where it is none, or none of the key's."""
    place = Place.objects.filter(code=code).first()
    if place is None or not cards.under(place).exists():
        raise NotFound(_("There is no such place here."), field="place")
    return place


def _measured(held: AssessedPeriod) -> Measured:
    return Measured(
        period=held.name,
        final=held.published_at is not None,
        final_since=held.published_at,
        measured_at=held.measured_at,
        catalogue=held.catalogue.number,
        catalogue_digest=held.catalogue.digest,
        sample=held.catalogue.sample,
        cube_digest=held.cube_digest,
    )


def _line(card: Scorecard, types: list[Heading]) -> dict[str, Any]:
    told = []
    for each in types:
        points, out_of = card.types.get(each.code, (0, 0))
        told.append(
            TypeTold(code=each.code, title=each.title, weight=each.weight, points=points, out_of=out_of)
        )
    counts = {name: getattr(card, name) for name in ("set_up", "total", "counted", "red", "yellow", "green")}
    return {"place": telling.place(card.place), "types": told, **counts}


def _figure(figure: Figure) -> FigureTold:
    row = figure.indicator
    return FigureTold(
        code=row.code,
        title=row.title,
        unit=row.unit,
        numerator=figure.num,
        denominator=figure.den,
        value=figure.value,
        points=figure.points,
        out_of=row.points,
        light=figure.light,
        state=figure.state,
        why=figure.why,
        definition=row.digest,
    )


def _indicator(row: Indicator) -> IndicatorTold:
    return IndicatorTold(**row.as_row(), type=row.type, task=row.task, item=row.item, definition=row.digest)
