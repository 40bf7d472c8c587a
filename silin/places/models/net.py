"""What a grid carries: a party branch or group, and the older nets that were merged into it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from silin.places.models.place import Place


class GridParty(models.Model):
    """The party branch or group of a grid, from a day to another; one at a time."""

    class Kind(models.TextChoices):
        BRANCH = "branch", _("party branch")
        GROUP = "group", _("party group")

    grid = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="parties")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grid"], condition=Q(valid_until=None), name="places_grid_party_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.name


class NetKind(models.Model):
    """What an older net was for: party work, public safety, city management … A row, so that a city adds."""

    code = models.CharField(max_length=24, primary_key=True)
    title = models.CharField(max_length=30)
    title_en = models.CharField(max_length=60)
    serial = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["serial", "code"]

    def __str__(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title


class OldNet(models.Model):
    """A cell of an older net that is part of a grid since ``merged_on``; the grid keeps its ``duty``.

    When the grid closes, the duty goes on in the grid after it, and this row has an end. ``came_from`` is the
    grid that had the duty before.
    """

    kind = models.ForeignKey(NetKind, on_delete=models.PROTECT)
    grid = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="old_nets")
    name = models.CharField(max_length=60)
    duty = models.CharField(max_length=200)
    merged_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    came_from = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "kind", "name"], condition=Q(valid_until=None), name="places_old_net_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
