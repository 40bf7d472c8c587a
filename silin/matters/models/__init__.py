"""The rows of the engine."""

from silin.matters.models.beside import Pause, Photo, Review, Supervision, TimeRequest
from silin.matters.models.calls import Assignment, WhistleRule
from silin.matters.models.matter import (
    BY_RESIDENTS,
    OF_RAISER,
    OPEN,
    RUNNING,
    Asked,
    Category,
    Colour,
    Matter,
    MatterQuerySet,
    Outcome,
    State,
    flags_of,
    in_hands,
    matter_id,
)
from silin.matters.models.rules import DutyItem, RoutingRule, SignRule, not_over

__all__ = [
    "BY_RESIDENTS",
    "OF_RAISER",
    "OPEN",
    "RUNNING",
    "Asked",
    "Assignment",
    "Category",
    "Colour",
    "DutyItem",
    "Matter",
    "MatterQuerySet",
    "Outcome",
    "Pause",
    "Photo",
    "Review",
    "RoutingRule",
    "SignRule",
    "State",
    "Supervision",
    "TimeRequest",
    "WhistleRule",
    "flags_of",
    "in_hands",
    "matter_id",
    "not_over",
]
