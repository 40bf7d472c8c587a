"""What the REST API tells of the assessment, field by field."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from silin.fronts.open.rest.shapes import Place

Digest = Annotated[str, Field(description="Beside each figure that is measured by it.")]


class Measured(Schema):
    """How a period was measured: by the catalogue, from which state of the book of facts."""

    period: str = Field(examples=["2026-06"])
    final: bool = Field(description="A period that is final is not measured again.")
    final_since: datetime | None
    measured_at: datetime
    catalogue: int = Field(description="The number of its version.")
    catalogue_digest: str = Field(description="Of all that this version says.")
    sample: bool = Field(description="Whether it is the sample of the product, not the city's own.")
    cube_digest: str = Field(description="Of the sums of the facts that went into it.")


class TypeTold(Schema):
    """One of the types: the points of its own that were earned, of those that count."""

    code: str = Field(examples=["S"])
    title: str
    weight: float = Field(description="What it brings of the hundred points of the whole.")
    points: float
    out_of: float


class ScorecardLine(Schema):
    """What one place reached. There are no ranks here: those are for posts of the city."""

    place: Place
    set_up: bool = Field(description="Whether it takes part yet; without that it has no total.")
    total: float | None = Field(description="Of 100; null where nothing counts.")
    counted: float = Field(description="How many of the 100 points could be earned at all.")
    types: list[TypeTold]
    red: int
    yellow: int
    green: int


class ScorecardPage(Schema):
    measured: Measured
    scorecards: list[ScorecardLine]
    next: str = Field(description="To be given as ``after``; empty on the last page.")


class FigureTold(Schema):
    """One indicator at one place. ``value`` is ``numerator / denominator``, times 100 for a percentage."""

    code: str = Field(examples=["S1.3.1"])
    title: str
    unit: str = Field(examples=["percent"])
    numerator: float | None
    denominator: float | None
    value: float | None = Field(description="Null where it does not count; ``state`` says why.")
    points: float | None
    out_of: float
    light: str = Field(description="red, yellow, green, or empty.")
    state: str = Field(description="Empty, few (cases), none, no_facts, or zero (nothing there: no points).")
    why: str = Field(description="How the value earned its points, in the language of Accept-Language.")
    definition: Digest


class ScorecardTold(ScorecardLine):
    """All the figures of one place."""

    measured: Measured
    figures: list[FigureTold]


class IndicatorTold(Schema):
    """One indicator as the catalogue defines it."""

    code: str = Field(examples=["S1.3.1"])
    title_zh: str
    title_en: str
    type: str
    task: str
    item: str
    unit: str
    better: str = Field(description="up or down.")
    num: str = Field(description="An expression over the book of facts.")
    den: str = Field(description="The same; empty for a share of communities that pass.")
    min_den: int = Field(description="With fewer cases it does not count.")
    missing: str = Field(description="not_applicable or zero: what no case at all means.")
    period: str = Field(description="month, quarter or year: over what it is measured.")
    scoring: dict[str, Any] = Field(description="The points and the rule by which a value earns them.")
    red: float
    yellow: float
    lead: str = Field(description="The bureau that leads it.")
    source: str
    basis: str = Field(description="What it is taken from.")
    definition: Digest


class CatalogueTold(Schema):
    """The version of the catalogue by which a period is assessed."""

    period: str
    catalogue: int
    catalogue_digest: str
    sample: bool
    effective_from: int = Field(description="Its first month, as YYYYMM.", examples=[202601])
    indicators: list[IndicatorTold]
