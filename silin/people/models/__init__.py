"""Who holds which post where, and who lives where. Rights follow from posts (see ``rights.py``)."""

from silin.people.models.organisation import Organisation
from silin.people.models.post import Holding, HoldingQuerySet, Post, PostKind, PostQuerySet, today
from silin.people.models.resident import Resident

__all__ = [
    "Holding",
    "HoldingQuerySet",
    "Organisation",
    "Post",
    "PostKind",
    "PostQuerySet",
    "Resident",
    "today",
]
