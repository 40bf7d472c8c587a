"""What became of a home, so that it can be taken back; and which two rows are not one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from silin.lib.ids import new_id
from silin.people.models.household import Household, Merge


class Move(models.Model):
    """People left a home, for another or for good, or how it is lived in changed.

    ``closed`` and ``opened`` hold keys of memberships; nothing here says who that was.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="moves")
    into = models.ForeignKey(Household, on_delete=models.CASCADE, null=True, related_name="+")
    closed: models.JSONField[Any, Any] = models.JSONField(default=list)
    opened: models.JSONField[Any, Any] = models.JSONField(default=list)
    state_before = models.CharField(max_length=5, choices=Household.State)
    state_after = models.CharField(max_length=5, choices=Household.State)
    since_before = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.household_id} {self.at:%Y-%m-%d}"


class Apart(models.Model):
    """Two rows that seem to be one, and somebody said that they are two; ``one`` is the lower key."""

    kind = models.CharField(max_length=9, choices=Merge.Kind)
    one = models.UUIDField()
    other = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="people_apart_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.one} ≠ {self.other}"
