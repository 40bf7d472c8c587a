"""What people live in: estates and their buildings."""

from __future__ import annotations

import re
import sys
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from silin.lib.search import Searched, SearchedQuerySet, SearchKey, key_index
from silin.places.models.place import Place


def natural(number: str) -> tuple[int, str]:
    """A key that sorts ``2`` before ``10``, and ``10`` before ``10A``."""
    digits = re.match(r"\d+", number)
    return (int(digits[0]), number[digits.end() :]) if digits else (sys.maxsize, number)


def building_name(estate: str, number: str) -> str:
    """The name of a building as it is written on the wall, in the language of the page."""
    return str(_("%(estate)s, building %(number)s") % {"estate": estate, "number": number})


class Estate(Searched):
    """A housing estate (or a named row of houses) of one community.

    The three that an unmanaged estate lacks (三无), and whether a firm handed it over together with water,
    power, heating and upkeep (三供一业), are None where nobody has said. Figures that change (lifts, parking
    …) are dated rows: ``EstateFigure``.
    """

    class Renewal(models.TextChoices):
        NONE = "none", _("not planned")
        PLANNED = "planned", _("planned")
        UNDER_WAY = "under_way", _("works under way")
        DONE = "done", _("renewed")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="estates")
    name = models.CharField(max_length=60)
    built_year = models.PositiveSmallIntegerField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    no_manager = models.BooleanField(null=True, blank=True)
    no_responsible = models.BooleanField(null=True, blank=True)
    no_guard = models.BooleanField(null=True, blank=True)
    handed_over = models.BooleanField(null=True, blank=True)
    handed_over_by = models.CharField(max_length=60, blank=True)
    renewal = models.CharField(max_length=12, choices=Renewal, blank=True)

    objects = SearchedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="places_estate_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def placed_path(self) -> str:
        """The path of its community."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"places:estate:{self.pk}"

    @property
    def is_unmanaged(self) -> bool:
        """Whether it lacks all three: a property company, a responsible unit and guarding (三无)."""
        return bool(self.no_manager and self.no_responsible and self.no_guard)

    @property
    def placed_estate(self) -> int:
        """Whoever runs it may have a right over it: see the rights of ``people``."""
        return self.pk

    @property
    def numbered(self) -> list[Building]:
        """Its buildings in the order of their numbers; no statement where they were fetched with it."""
        return sorted(self.buildings.all(), key=lambda building: building.order)


class EstateKey(SearchKey):
    """A key of an estate's name."""

    row = models.ForeignKey(Estate, on_delete=models.CASCADE, related_name="search_keys")

    class Meta:
        indexes = [key_index("places_estate_key")]


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

    @property
    def placed_estate(self) -> int:
        """The key of its estate."""
        return self.estate_id

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"places:building:{self.pk}"

    @property
    def order(self) -> tuple[int, str]:
        """Sorts the buildings of an estate by their numbers."""
        return natural(self.number)


class Entrance(models.Model):
    """One entrance of a building (单元), written down only where something is known about it."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="doors")
    number = models.CharField(max_length=12)
    households = models.PositiveSmallIntegerField(null=True, blank=True)
    lift = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "number"], name="places_entrance_number_once")
        ]

    def __str__(self) -> str:
        return self.number


class EstateFigureQuerySet(models.QuerySet["EstateFigure"]):
    def newest(self, on: date | None = None) -> EstateFigureQuerySet:
        """Of each figure of each estate the one that counts: of the latest day, written last; on a day."""
        known = EstateFigure.objects.all() if on is None else EstateFigure.objects.filter(as_of__lte=on)
        later = known.filter(
            Q(as_of__gt=OuterRef("as_of")) | Q(as_of=OuterRef("as_of"), pk__gt=OuterRef("pk")),
            estate=OuterRef("estate"),
            name=OuterRef("name"),
        )
        rows = self if on is None else self.filter(as_of__lte=on)
        return rows.filter(~Exists(later))


class EstateFigure(models.Model):
    """One figure of an estate as it was on a day, and who said so. A later one leaves it where it is."""

    class Name(models.TextChoices):
        LIFTS = "lifts", _("lifts fitted")
        LIFTS_WANTED = "lifts_wanted", _("entrances that want a lift")
        PARKING = "parking", _("parking spaces")
        CAR_CHARGERS = "car_chargers", _("chargers for cars")
        BIKE_CHARGERS = "bike_chargers", _("chargers for e-bikes")
        CAMERA_COVER = "camera_cover", _("public ways seen by cameras")
        SENSOR_COVER = "sensor_cover", _("smoke and gas sensors connected")

    estate = models.ForeignKey(Estate, on_delete=models.CASCADE, related_name="figures")
    name = models.CharField(max_length=16, choices=Name)
    value = models.PositiveIntegerField()
    as_of = models.DateField()
    said_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = EstateFigureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "name", "as_of"], name="places_estate_figure_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.value} {self.as_of}"

    @property
    def is_yes_or_no(self) -> bool:
        """Whether its value is 1 for yes and 0 for no."""
        return self.name in YES_OR_NO


YES_OR_NO = {EstateFigure.Name.CAMERA_COVER, EstateFigure.Name.SENSOR_COVER}
