"""Who holds which post where, and who lives where. Rights follow from posts (see ``rights.py``)."""

from silin.people.models.household import (
    Household,
    HouseholdQuerySet,
    Membership,
    Merge,
    Person,
    PersonKey,
    PersonQuerySet,
)
from silin.people.models.organisation import Organisation, OrganisationKey
from silin.people.models.post import Holding, HoldingQuerySet, Post, PostKind, PostQuerySet, today
from silin.people.models.resident import Resident
from silin.people.models.retention import Retention, Tombstone

__all__ = [
    "Holding",
    "HoldingQuerySet",
    "Household",
    "HouseholdQuerySet",
    "Membership",
    "Merge",
    "Organisation",
    "OrganisationKey",
    "Person",
    "PersonKey",
    "PersonQuerySet",
    "Post",
    "PostKind",
    "PostQuerySet",
    "Resident",
    "Retention",
    "Tombstone",
    "today",
]
