"""Measuring a period: the cube and the catalogue become one card for every place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from silin.assessment.measuring import (
    FINE,
    NO_FACTS,
    STATES,
    TAKES_PART,
    Ground,
    Measured,
    measure,
    part_takers,
)
from silin.assessment.models import AssessedPeriod, Catalogue, Heading, Indicator, PeerGroup, Scorecard
from silin.assessment.periods import Period
from silin.facts import cube
from silin.facts.expressions import Term
from silin.facts.models import Month
from silin.facts.sums import Sums, sums
from silin.places.levels import Kind, Level
from silin.places.models import Place
from silin.places.numbers import number

ASSESSED = Q(level__in=(Level.CITY, Level.COUNTY, Level.STREET)) | Q(
    level=Level.COMMUNITY, kind=Kind.COMMUNITY
)
SIZE = tuple(Term("last", name) for name in ("stock.households", "stock.estates", "stock.estates_old"))
PULL = "assessment.survey_pull"
BATCH = 500


@dataclass(frozen=True)
class Assessed:
    """A period as it was measured: the catalogue, the places in the order of every array, the figures."""

    catalogue: Catalogue
    places: list[Place]
    measured: list[Measured]
    set_up: list[bool]
    groups: list[str]
    cube_digest: str
    weights: dict[str, float]
    """How many of the hundred points each type brings."""


def assess(period: Period, catalogue: Catalogue | None = None) -> Assessed | None:
    """Measure ``period`` by the catalogue in force, or by another; None without any. Writes nothing.

    Takes about one statement for each word of the catalogue.
    """
    catalogue = catalogue or Catalogue.objects.in_force(period)
    if catalogue is None:
        return None
    return assess_by(catalogue, list(catalogue.headings.all()), list(catalogue.indicators.all()), period)


def assess_by(
    catalogue: Catalogue, headings: Sequence[Heading], indicators: Sequence[Indicator], period: Period
) -> Assessed:
    """Measure ``period`` by rows that need not be written yet, as ``assess`` does by those that are."""
    places = assessed_places()
    ground = ground_of(places)
    months = period.months("year")
    book = book_of(indicators, ground, months)
    measured = measure(indicators, book, ground, period, pull=number(PULL))
    own = ground.up(part_takers(book, period).astype(np.float64)) > 0
    set_up, groups = [bool(each) for each in own], groups_of(places, book, period)
    weights = {each.code: each.weight for each in headings if each.level == Heading.Level.TYPE}
    cube_digest = cube.digest(months_to(period.last))
    return Assessed(catalogue, places, measured, set_up, groups, cube_digest, weights)


def groups_of(places: Sequence[Place], book: Sums, period: Period) -> list[str]:
    """The code of the peer group of each community, nothing for wider places. One statement."""
    month, groups = book.months.index(period.last), list(PeerGroup.objects.all())
    households, estates, old = (book.figures[term][:, month] for term in SIZE)
    found = []
    for at, place in enumerate(places):
        share = 100 * old[at] / estates[at] if estates[at] else 0
        fits = (each.code for each in groups if each.holds(int(households[at]), share))
        found.append(next(fits, "") if place.level == Level.COMMUNITY else "")
    return found


def months_to(last: int) -> list[int]:
    """The months of the cube up to ``last``: figures of a year and what there was at its beginning."""
    return list(Month.objects.filter(ym__lte=last).values_list("ym", flat=True))


def book_of(indicators: Sequence[Indicator], ground: Ground, months: Sequence[int]) -> Sums:
    """The sums that the indicators take, from the cube."""
    terms = [term for indicator in indicators for term in indicator.terms]
    return sums([*terms, TAKES_PART, *SIZE], ground.codes, months)


def assessed_places() -> list[Place]:
    """Communities in use (not villages), and the streets, counties and city above them; widest first."""
    places = list(Place.objects.active().filter(ASSESSED).order_by("path"))
    above = {key for place in places if place.level == Level.COMMUNITY for key in place.path_ids}
    return [place for place in places if place.pk in above]


def ground_of(places: Sequence[Place]) -> Ground:
    """Which of ``places`` lie in which."""
    at = {place.pk: position for position, place in enumerate(places)}
    pairs = [
        (position, at[key]) for position, place in enumerate(places) for key in place.path_ids if key in at
    ]
    inner, outer = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    parents = [at.get(place.parent_id or 0, position) for position, place in enumerate(places)]
    return Ground(
        [place.unit for place in places],
        [place.level for place in places],
        inner,
        outer,
        np.array(parents, dtype=np.intp),
    )


@transaction.atomic
def keep(period: Period, assessed: Assessed, *, now: datetime) -> AssessedPeriod | None:
    """Write the cards of a period in the place of those before; None where it is published: they stay."""
    row, _made = AssessedPeriod.objects.select_for_update().get_or_create(
        name=period.name,
        defaults={
            "last_ym": period.last,
            "catalogue": assessed.catalogue,
            "cube_digest": assessed.cube_digest,
            "begun_at": now,
            "measured_at": now,
        },
    )
    if row.published_at is not None:
        return None
    row.catalogue, row.cube_digest, row.measured_at = assessed.catalogue, assessed.cube_digest, now
    row.save(update_fields=["catalogue", "cube_digest", "measured_at"])
    row.cards.all().delete()
    Scorecard.objects.bulk_create(cards(row, assessed), batch_size=BATCH)
    return row


def cards(row: AssessedPeriod, assessed: Assessed) -> Iterator[Scorecard]:
    """One card a place, not yet written."""
    for at, place in enumerate(assessed.places):
        set_up = assessed.set_up[at]
        figures = {each.indicator.code: figure(each, at, lit=set_up) for each in assessed.measured}
        types = _types(assessed.measured, at, assessed.weights)
        total, counted = composite(types, assessed.weights)
        lights = [entry[4] for entry in figures.values()]
        yield Scorecard(
            period=row,
            place=place,
            level=place.level,
            placed_path=place.path,
            set_up=set_up,
            group=assessed.groups[at],
            total=total if set_up else None,
            counted=counted,
            red=lights.count("red"),
            yellow=lights.count("yellow"),
            green=lights.count("green"),
            types=types,
            figures=figures,
        )


def figure(measured: Measured, at: int, *, lit: bool) -> list[Any]:
    """What a card keeps of one indicator: numerator, denominator, value, points, light if lit, state."""
    known = measured.state[at] != NO_FACTS
    return [
        plain(measured.num[at]) if known else None,
        plain(measured.den[at]) if known else None,
        plain(measured.value[at]),
        plain(measured.points[at]),
        measured.light(at) if lit else "",
        STATES[measured.state[at]],
    ]


def plain(value: float) -> float | int | None:
    """A figure as JSON writes it: whole where it is whole, nothing where it has no value."""
    if np.isnan(value):
        return None
    exact = round(float(value), FINE)
    return int(exact) if exact.is_integer() else exact


def _types(measured: Sequence[Measured], at: int, weights: dict[str, float]) -> dict[str, list[float]]:
    """For each type the points earned and the points that could be: what does not count drops out."""
    sums = {code: [0.0, 0.0] for code in weights}
    for each in measured:
        points = float(each.points[at])
        if not np.isnan(points):
            held = sums[each.indicator.type]
            held[0] += points
            held[1] += each.indicator.points
    return {code: [round(earned, FINE), round(out_of, FINE)] for code, (earned, out_of) in sums.items()}


def composite(types: dict[str, list[float]], weights: dict[str, float]) -> tuple[float | None, float]:
    """The total out of 100 and how much of the 100 could be earned at all.

    A type of which some points do not count is scaled to its weight; a type without any drops out and the
    others are scaled to 100.
    """
    shares = {code: earned / out_of for code, (earned, out_of) in types.items() if out_of > 0}
    carried = sum(weights[code] for code in shares)
    counted = sum(weights[code] * out_of / 100 for code, (_earned, out_of) in types.items())
    if not carried:
        return None, 0.0
    total = sum(weights[code] * share for code, share in shares.items()) * 100 / carried
    return round(total, FINE), round(counted, FINE)
