"""Who lives where."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from silin.places.models import Building, Place


class Resident(models.Model):
    """Where a person with an account lives: the grid, and the building if they said so."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="resident")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="residents")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user)
