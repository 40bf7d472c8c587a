"""Rows that a city changes: days off, and numbers by place and date."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayOff(models.Model):
    """A day on which the calendar does not follow the week, as the State Council's notice says."""

    class Kind(models.TextChoices):
        DAY_OFF = "day_off", _("day off")
        MAKE_UP_WORKDAY = "make_up_workday", _("make-up workday")

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class Number(models.Model):
    """A number the city may change (a deadline, a share, a threshold), everywhere or for one place, by date.

    ``place_path`` is empty for the whole city; the longest path that covers a place wins, then the latest
    day.
    """

    name = models.CharField(max_length=40)
    place_path = models.CharField(max_length=80, blank=True)
    value = models.FloatField()
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "place_path", "valid_from"], name="places_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class CityText(models.Model):
    """A text of the pages that a city gives itself: the platform's name, the numbers in the footer."""

    name = models.CharField(max_length=24, primary_key=True)
    value = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
