"""How long what is kept, where a city says otherwise than the field; and what is left of what went."""

from __future__ import annotations

from django.db import models

from silin.lib.ids import new_id


class Retention(models.Model):
    """For how many days a field (``people.Person.phone``) is kept, instead of what the field itself says."""

    field = models.CharField(max_length=80, primary_key=True)
    keep_days = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.field} {self.keep_days}"


class Tombstone(models.Model):
    """That personal data of a row went, when and why; nothing of what it said."""

    class Why(models.TextChoices):
        ASKED = "asked"
        RETENTION = "retention"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.CharField(max_length=60)
    row = models.CharField(max_length=40)
    fields = models.JSONField(default=list)
    why = models.CharField(max_length=9, choices=Why)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["model", "row"], name="people_tombstone_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row} {self.why}"
