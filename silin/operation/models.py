"""What is known about the installation: since when it is open, how its jobs went, when it was backed up."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from silin.places.models import Place

SUBJECT = "operation"
"""What the installation is called in the history."""


class SettingUp(models.Model):
    """A city that is being set up, from when to when; ``opened_at`` says since when residents use it."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="setting_up")
    begun_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager[SettingUp]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.place} {self.opened_at or ''}".strip()


class JobRun(models.Model):
    """How a job of the clock went the last time it went well, and the last time it failed."""

    name = models.CharField(max_length=60, primary_key=True)
    good_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[JobRun]] = models.Manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        """Whether the last turn failed."""
        return self.failed_at is not None and (self.good_at is None or self.failed_at > self.good_at)


class Backup(models.Model):
    """A backup that was taken: when, how large, and what it is known again by. The file lies elsewhere."""

    taken_at = models.DateTimeField()
    file = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    with_keys = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Backup]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.taken_at} {self.file}"
