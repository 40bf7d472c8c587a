"""A file on its way in: what it would change, and what became of it."""

from __future__ import annotations

import base64
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silin.lib.keyring import decrypt, encrypt
from silin.lib.sheets.sheet import Sheet, find_sheets
from silin.places.models import Place

KEEP_DAYS = 30


class BatchState(models.TextChoices):
    """Where a batch stands. A file that cannot be read never becomes one."""

    CHECKED = "checked", _("checked, nothing written yet")
    COMMITTED = "committed", _("brought in")
    DROPPED = "dropped", _("dropped")


class Batch(models.Model):
    """One file for one sheet and place. ``by`` is None where the installer brought it in.

    The file itself (``content``) and the first rows of what it would change (``preview``) may be about many
    people and belong to none of them: both are encrypted as a whole, and kept only until the batch is brought
    in or dropped. After that ``content`` is the error sheet of the lines that were left out, if there were
    any. ``digest`` says what was shown, so that nothing else is written.
    """

    sheet = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    datum = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.CHECKED)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    content = models.TextField(blank=True, default="")
    preview = models.TextField(blank=True, default="")
    checked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Batch]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["by", "-id"], name="imports_batch_by")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.file_name}"

    @property
    def placed_path(self) -> str:
        """Where rights over it are asked for."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its line in the history is filed under."""
        return f"imports:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody to bring it in or drop it."""
        return self.state == BatchState.CHECKED

    @property
    def writes(self) -> int:
        """How many rows it would write."""
        return self.new + self.changed

    @property
    def declared(self) -> Sheet | None:
        """Its sheet; None when a room does not have it any more."""
        return next((sheet for sheet in find_sheets() if sheet.key == self.sheet), None)

    @property
    def data(self) -> bytes:
        """The bytes that are kept."""
        return base64.b64decode(decrypt(self.content)) if self.content else b""

    @data.setter
    def data(self, data: bytes) -> None:
        self.content = encrypt(base64.b64encode(data).decode())

    @property
    def shown(self) -> dict[str, Any]:
        """What the page shows of it: ``notes``, ``changes``, ``problems``."""
        found: dict[str, Any] = json.loads(decrypt(self.preview)) if self.preview else {}
        return found

    @shown.setter
    def shown(self, what: dict[str, Any]) -> None:
        self.preview = encrypt(json.dumps(what, ensure_ascii=False))
