"""Whom a community is compared with, and what caps its grade."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from silin.places.models import Place


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


class Veto(models.Model):
    """A serious event that caps the grade of a place (一票否决): decided by somebody, for a time.

    It is open to appeal and never changes the score, which stays beside it. ``cap`` is the highest grade
    while it holds.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=300)
    basis = models.CharField(max_length=200)
    cap = models.PositiveSmallIntegerField()
    from_day = models.DateField()
    expires_on = models.DateField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField()
    appeal = models.CharField(max_length=500, blank=True)
    appealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    appealed_at = models.DateTimeField(null=True, blank=True)
    ruling = models.CharField(max_length=500, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.place_id} {self.from_day}"

    @property
    def placed_path(self) -> str:
        """Where rights are asked for."""
        return self.place.path

    def holds_on(self, day: date) -> bool:
        """Whether it caps the grade on ``day``."""
        return self.lifted_at is None and self.from_day <= day < self.expires_on
