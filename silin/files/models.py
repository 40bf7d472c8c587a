"""Photos and documents by the SHA-256 of what was sent."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models


class File(models.Model):
    """One photo or document. Who may see it is decided by the room that attaches it.

    ``sha256`` is of the bytes as they were sent, so that a device can ask whether they arrived; what is kept
    is the smaller picture made from them, without metadata. ``taken_at``, ``lon`` and ``lat`` (WGS-84) are
    what the camera noted. A row stands only where its bytes are on the disk already.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    mime = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    kept_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[File]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.mime}"

    @property
    def is_image(self) -> bool:
        """Whether it is a picture (and has a small one beside it)."""
        return self.mime.startswith("image/")

    @property
    def is_sound(self) -> bool:
        """Whether it is a recording."""
        return self.mime.startswith("audio/")

    def path(self, *, thumb: bool = False) -> Path:
        """Where its bytes, or those of its small picture, lie."""
        name = f"{self.sha256}.thumb" if thumb else self.sha256
        return Path(settings.SILIN_HOME) / "files" / self.sha256[:2] / name
