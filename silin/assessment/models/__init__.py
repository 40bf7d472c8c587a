"""The catalogue by which communities are assessed, what was measured, and what was decided about it."""

from silin.assessment.models.cards import AssessedPeriod, Scorecard
from silin.assessment.models.catalogue import Catalogue, Heading, Indicator
from silin.assessment.models.groups import PeerGroup
from silin.assessment.models.vetoes import Veto

__all__ = ["AssessedPeriod", "Catalogue", "Heading", "Indicator", "PeerGroup", "Scorecard", "Veto"]
