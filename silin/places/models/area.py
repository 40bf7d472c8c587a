"""Functional areas: development zones that act as the county of places lying elsewhere by law."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from silin.places.models.place import Place, short_name


class FunctionalArea(models.Model):
    """A zone without a division code of its own that acts as a county. ``place`` is the city it lies in."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="functional_areas")
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    active_from = models.DateField()
    active_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return short_name(self.name, self.name_en)

    @property
    def placed_path(self) -> str:
        """The path of its city."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"places:area:{self.pk}"


class AreaMemberQuerySet(models.QuerySet["AreaMember"]):
    def current(self, on: date) -> AreaMemberQuerySet:
        """What belongs to an area on a day."""
        begun = self.filter(valid_from__lte=on, area__active_from__lte=on)
        return begun.filter(
            Q(valid_until=None) | Q(valid_until__gt=on),
            Q(area__active_until=None) | Q(area__active_until__gt=on),
        )


class AreaMember(models.Model):
    """A street, community or grid for which an area acts as county, with all that lies in it; by date.

    Its parent in the table of places stays the official one.
    """

    area = models.ForeignKey(FunctionalArea, on_delete=models.PROTECT, related_name="members")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="area_members")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = AreaMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(valid_until=None), name="places_area_member_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.place}"
