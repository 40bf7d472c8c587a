"""What is near home: blocks of shops, and facilities of every kind with their hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from silin.lib.search import Searched, SearchedQuerySet, SearchKey, key_index
from silin.places.models.estate import Building
from silin.places.models.place import Place


class Block(models.Model):
    """A stretch of street with its shops and organisations, in one community."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="blocks")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="places_block_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def placed_path(self) -> str:
        """The path of its community."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"places:block:{self.pk}"


class FacilityKind(models.Model):
    """What sort of facility: canteen, clinic, bus stop … A row, so that a city adds its own."""

    code = models.CharField(max_length=24, primary_key=True)
    title = models.CharField(max_length=30)
    title_en = models.CharField(max_length=60)
    serial = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["serial", "code"]

    def __str__(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title


def no_hours() -> list[list[list[int]]]:
    """A week of which no hours are known."""
    return []


class FacilityQuerySet(SearchedQuerySet["Facility"]):
    def active(self, on: date) -> FacilityQuerySet:
        """Facilities that are there on a day."""
        begun = Q(active_from=None) | Q(active_from__lte=on)
        return self.filter(begun, Q(active_until=None) | Q(active_until__gt=on))

    def under(self, place: Place) -> FacilityQuerySet:
        """Facilities in ``place`` and whatever lies in it."""
        return self.filter(place__path__gte=place.path, place__path__lt=f"{place.path}a")


class Facility(Searched):
    """A shop, a clinic, a bus stop …: anything one walks to. A shop is a facility that stands in a block.

    ``place`` is the finest place that is known, ``lon`` and ``lat`` are CGCS2000. ``hours`` is the week from
    Monday: for each day spans of minutes since midnight, the end beyond 1440 where it closes after midnight;
    empty where the hours are not known. Yes-or-no fields are None where nobody has looked.
    """

    kind = models.ForeignKey(FacilityKind, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="facilities")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.SET_NULL)
    block = models.ForeignKey(
        Block, null=True, blank=True, on_delete=models.SET_NULL, related_name="facilities"
    )
    spot = models.CharField(max_length=60, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    hours: models.JSONField[Any, list[list[list[int]]]] = models.JSONField(default=no_hours, blank=True)
    closed_on_days_off = models.BooleanField(default=False)
    telephone = models.CharField(max_length=30, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    step_free = models.BooleanField(null=True, blank=True)
    accessible_toilet = models.BooleanField(null=True, blank=True)
    accessible_parking = models.BooleanField(null=True, blank=True)
    active_from = models.DateField(null=True, blank=True)
    active_until = models.DateField(null=True, blank=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place", "kind", "name"], name="places_facility_listed")]

    def __str__(self) -> str:
        return self.name

    @property
    def placed_path(self) -> str:
        """The path of the place where it stands."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"places:facility:{self.pk}"


class FacilityKey(SearchKey):
    """A key of a facility's name."""

    row = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="search_keys")

    class Meta:
        indexes = [key_index("places_facility_key")]
