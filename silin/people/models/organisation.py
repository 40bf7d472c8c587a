"""Bodies that posts may belong to."""

from __future__ import annotations

from django.db import models

from silin.lib.ids import new_id
from silin.lib.search import Searched, SearchedQuerySet, SearchKey, key_index
from silin.places.models import Place


class Organisation(Searched):
    """A body that posts may belong to: a committee, a bureau, a property company."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "residents' committee"
        CENTRE = "centre", "street centre"
        BUREAU = "bureau", "bureau"
        PROPERTY = "property", "property company"
        PARTNER = "partner", "partner organisation"
        SOCIAL = "social", "social organisation"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="organisations")

    objects = SearchedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="people_organisation_name")]

    def __str__(self) -> str:
        return self.name


class OrganisationKey(SearchKey):
    """A key of an organisation's name."""

    row = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="search_keys")

    class Meta:
        indexes = [key_index("people_organisation_key")]
