"""Who lives where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.personal import CONSENT, THE_PERSON, Held
from silin.places.models import Building, Place


class Resident(models.Model):
    """Where a person with an account lives: the grid, and the building if they said so."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="resident")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="residents")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, blank=True)

    held = Held(
        title=_("Where you said you live"),
        about="user",
        whole=True,
        purpose=gettext_noop("finding your grid worker and filling in a report"),
        basis=CONSENT,
        owner=THE_PERSON,
    )

    def __str__(self) -> str:
        return str(self.building or self.place)
