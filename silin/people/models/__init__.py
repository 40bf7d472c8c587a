"""Who holds which post where, who runs what, who lives where. Rights follow from posts (``rights.py``)."""

from silin.people.models.asking import DataRequest, DataRequestQuerySet
from silin.people.models.attention import Attention, AttentionKind, AttentionQuerySet
from silin.people.models.household import (
    Household,
    HouseholdQuerySet,
    Membership,
    Merge,
    Person,
    PersonKey,
    PersonQuerySet,
)
from silin.people.models.moving import Apart, Move
from silin.people.models.organisation import (
    AllianceMember,
    AllianceMemberQuerySet,
    Organisation,
    OrganisationKey,
    OrganisationQuerySet,
    Running,
    RunningQuerySet,
)
from silin.people.models.post import Holding, HoldingQuerySet, Post, PostKind, PostQuerySet, today
from silin.people.models.resident import Resident
from silin.people.models.retention import Retention, Tombstone
from silin.people.models.shift import Shift, ShiftQuerySet
from silin.people.models.team import Team, TeamMember, TeamMemberQuerySet, TeamQuerySet

__all__ = [
    "AllianceMember",
    "AllianceMemberQuerySet",
    "Apart",
    "Attention",
    "AttentionKind",
    "AttentionQuerySet",
    "DataRequest",
    "DataRequestQuerySet",
    "Holding",
    "HoldingQuerySet",
    "Household",
    "HouseholdQuerySet",
    "Membership",
    "Merge",
    "Move",
    "Organisation",
    "OrganisationKey",
    "OrganisationQuerySet",
    "Person",
    "PersonKey",
    "PersonQuerySet",
    "Post",
    "PostKind",
    "PostQuerySet",
    "Resident",
    "Retention",
    "Running",
    "RunningQuerySet",
    "Shift",
    "ShiftQuerySet",
    "Team",
    "TeamMember",
    "TeamMemberQuerySet",
    "TeamQuerySet",
    "Tombstone",
    "today",
]
