"""What people live in: estates and their buildings."""

from __future__ import annotations

import re
import sys

from django.db import models
from django.utils.translation import gettext_lazy as _

from silin.places.models.place import Place


def natural(number: str) -> tuple[int, str]:
    """A key that sorts ``2`` before ``10``, and ``10`` before ``10A``."""
    digits = re.match(r"\d+", number)
    return (int(digits[0]), number[digits.end() :]) if digits else (sys.maxsize, number)


def building_name(estate: str, number: str) -> str:
    """The name of a building as it is written on the wall, in the language of the page."""
    return str(_("%(estate)s, building %(number)s") % {"estate": estate, "number": number})


class Estate(models.Model):
    """A housing estate (or a named row of houses) of one community."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="estates")
    name = models.CharField(max_length=60)
    built_year = models.PositiveSmallIntegerField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="places_estate_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def placed_path(self) -> str:
        """The path of its community."""
        return self.place.path

    @property
    def numbered(self) -> list[Building]:
        """Its buildings in the order of their numbers; no statement where they were fetched with it."""
        return sorted(self.buildings.all(), key=lambda building: natural(building.number))


class Building(models.Model):
    """One building of an estate; ``grid`` is the grid or micro-grid that answers for it."""

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="buildings")
    grid = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="buildings")
    number = models.CharField(max_length=12)
    entrances = models.PositiveSmallIntegerField(default=1)
    floors = models.PositiveSmallIntegerField(default=1)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="places_building_number_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The estate's name and the number, as it is written on the wall."""
        return building_name(self.estate.name, self.number)

    @property
    def placed_path(self) -> str:
        """The path of its grid."""
        return self.grid.path
