"""The rows of the engine."""

from silin.matters.models.beside import Pause, Photo, Review, Supervision, TimeRequest, VoiceNote
from silin.matters.models.calls import Assignment, WhistleRule
from silin.matters.models.handover import Handover
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
from silin.matters.models.public import MapCell, WatchedWord
from silin.matters.models.rules import DutyItem, RoutingRule, SignRule, not_over
from silin.matters.models.saved import QUERY_AT_MOST, SavedView
from silin.matters.models.together import Follower, Link

__all__ = [
    "BY_RESIDENTS",
    "OF_RAISER",
    "OPEN",
    "QUERY_AT_MOST",
    "RUNNING",
    "Asked",
    "Assignment",
    "Category",
    "Colour",
    "DutyItem",
    "Follower",
    "Handover",
    "Link",
    "MapCell",
    "Matter",
    "MatterQuerySet",
    "Outcome",
    "Pause",
    "Photo",
    "Review",
    "RoutingRule",
    "SavedView",
    "SignRule",
    "State",
    "Supervision",
    "TimeRequest",
    "VoiceNote",
    "WatchedWord",
    "WhistleRule",
    "flags_of",
    "in_hands",
    "matter_id",
    "not_over",
]
