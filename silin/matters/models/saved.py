"""What somebody at a desk keeps for themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

QUERY_AT_MOST = 300


class SavedView(models.Model):
    """A tab of the inbox, narrowed, under a name of its owner's; ``query`` is how the address says it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=20)
    query = models.CharField(max_length=QUERY_AT_MOST)
    saved_at = models.DateTimeField()

    objects: ClassVar[models.Manager[SavedView]] = models.Manager()

    class Meta:
        ordering = ["saved_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "title"], name="matters_saved_view_once")]

    def __str__(self) -> str:
        return self.title
