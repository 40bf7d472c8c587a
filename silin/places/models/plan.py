"""Changes of grids that are to happen on a later day."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silin.places.models.place import Place


class PlannedChangeQuerySet(models.QuerySet["PlannedChange"]):
    def waiting(self) -> PlannedChangeQuerySet:
        """Those that have neither been carried out nor given up."""
        return self.filter(done_at=None, given_up_at=None)

    def due(self, day: date) -> PlannedChangeQuerySet:
        """Those to be carried out by ``day``, in the order in which they were asked for."""
        return self.waiting().filter(day__lte=day).order_by("day", "pk")


class PlannedChange(models.Model):
    """What somebody asked the grid editor for, with the day from which it is to hold."""

    class Verb(models.TextChoices):
        DRAW = "draw", _("draw a new grid")
        REDRAW = "redraw", _("draw a grid anew")
        SPLIT = "split", _("split a grid in two")
        MERGE = "merge", _("make two grids one")
        MOVE = "move", _("put under another parent")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="planned_changes")
    verb = models.CharField(max_length=10, choices=Verb)
    said = models.JSONField()
    day = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=200, blank=True)

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.day}"

    @property
    def placed_path(self) -> str:
        """The path of the community whose grids are to change."""
        return self.place.path
