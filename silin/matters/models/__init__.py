"""The rows of the engine."""

from silin.matters.models.beside import (
    FollowUp,
    Pause,
    Photo,
    Review,
    ReviewTag,
    Supervision,
    TimeRequest,
    VoiceNote,
)
from silin.matters.models.calls import Assignment, WhistleRule
from silin.matters.models.category import SAID, Category, CategoryTerms
from silin.matters.models.handover import Handover
from silin.matters.models.matter import Matter, MatterQuerySet, flags_of, in_hands, matter_id, within_paths
from silin.matters.models.outside import TICKET_AT_MOST, OutsideSystem, OutsideType, Ticket
from silin.matters.models.public import MapCell, WatchedWord
from silin.matters.models.rules import DutyItem, RoutingRule, SignRule, not_over
from silin.matters.models.saved import QUERY_AT_MOST, SavedView
from silin.matters.models.states import BY_RESIDENTS, OF_RAISER, OPEN, RUNNING, Asked, Colour, Outcome, State
from silin.matters.models.together import Follower, Link
from silin.matters.models.watching import WatchEntry

__all__ = [
    "BY_RESIDENTS",
    "OF_RAISER",
    "OPEN",
    "QUERY_AT_MOST",
    "RUNNING",
    "SAID",
    "TICKET_AT_MOST",
    "Asked",
    "Assignment",
    "Category",
    "CategoryTerms",
    "Colour",
    "DutyItem",
    "FollowUp",
    "Follower",
    "Handover",
    "Link",
    "MapCell",
    "Matter",
    "MatterQuerySet",
    "Outcome",
    "OutsideSystem",
    "OutsideType",
    "Pause",
    "Photo",
    "Review",
    "ReviewTag",
    "RoutingRule",
    "SavedView",
    "SignRule",
    "State",
    "Supervision",
    "Ticket",
    "TimeRequest",
    "VoiceNote",
    "WatchEntry",
    "WatchedWord",
    "WhistleRule",
    "flags_of",
    "in_hands",
    "matter_id",
    "not_over",
    "within_paths",
]
