"""Whom a community is compared with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language


class PeerGroup(models.Model):
    """Communities that may fairly be compared, by size and by how old their estates are.

    A community belongs to the first group, in ``order``, whose bounds hold: households from
    ``households_from`` to under ``households_to`` (None: no bound), and a share of old estates of at least
    ``old_from`` percent.
    """

    code = models.SlugField(max_length=20, primary_key=True)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    households_from = models.PositiveIntegerField(default=0)
    households_to = models.PositiveIntegerField(null=True, blank=True)
    old_from = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        english = self.name_en and (get_language() or "").startswith("en")
        return self.name_en if english else self.name

    def holds(self, households: int, old_share: float) -> bool:
        """Whether a community of that size and age belongs to it."""
        fits = self.households_to is None or households < self.households_to
        return fits and households >= self.households_from and old_share >= self.old_from
