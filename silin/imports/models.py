"""A file on its way in: what it would change, and what became of it."""

from __future__ import annotations

import base64
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silin.lib.geodata import read_file
from silin.lib.keyring import decrypt, encrypt
from silin.lib.personal import ClosedTextField
from silin.lib.sheets.keeping import packed, unpacked
from silin.lib.sheets.reading import Table
from silin.lib.sheets.sheet import Sheet, find_sheets
from silin.places.models import Place

KEEP_DAYS = 30
READ = "table:"
"""Before what was read of a file; without it ``content`` is a file in base64, which knows no colon."""

UNDO_DAYS = "imports.undo_days"
"""The number that says for how many days a batch may be taken back."""


class BatchState(models.TextChoices):
    """Where a batch stands. A file that cannot be read becomes one only where it was too long to wait for."""

    WAITING = "waiting", _("being checked")
    REFUSED = "refused", _("cannot be read")
    CHECKED = "checked", _("checked, nothing written yet")
    BRINGING = "bringing", _("being brought in")
    COMMITTED = "committed", _("brought in")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")
    DROPPED = "dropped", _("dropped")


AT_WORK = (BatchState.WAITING, BatchState.BRINGING, BatchState.UNDOING)
"""What the jobs loop has in hand."""


class Batch(models.Model):
    """One file for one sheet and place. ``by`` is None where the installer brought it in.

    What was read of the file (``content``) and the first rows of what it would change (``preview``) may be
    about many people and belong to none of them: both are encrypted as a whole, and kept only until the batch
    is brought in or dropped. Other sheets, comments and properties of the file are never kept; only one that
    is too long to wait for lies here as it came until the jobs loop has read it. After that ``content`` is
    the error sheet of the lines that were left out, if there were any, and ``written`` what was written, as
    long as it may be taken back. Whoever is deleted meanwhile goes out of all of them (``forgetting``).
    ``sha256`` is the hash of the file as it came, ``digest`` says what was shown, so that nothing else is
    written. ``told`` is why the last thing that was asked did not come to pass, ``taken_at`` when the jobs
    loop took it up.
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
    content = ClosedTextField(blank=True, default="")
    preview = ClosedTextField(blank=True, default="")
    written = ClosedTextField(blank=True, default="")
    told = models.TextField(blank=True, default="")
    good_rows = models.BooleanField(default=False)
    checked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(default=0)

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
    def is_at_work(self) -> bool:
        """Whether the jobs loop has it in hand."""
        return self.state in AT_WORK

    @property
    def writes(self) -> int:
        """How many rows it would write."""
        return self.new + self.changed

    @property
    def declared(self) -> Sheet | None:
        """Its sheet; None when a room does not have it any more."""
        return next((sheet for sheet in find_sheets() if sheet.key == self.sheet), None)

    @property
    def table(self) -> Table:
        """The lines of the file: as they were read, or read now. Raises ``Refused`` as ``read_file`` does."""
        text = decrypt(self.content)
        if text.startswith(READ):
            return unpacked(text.removeprefix(READ))
        return read_file(self.data, self.datum)

    @table.setter
    def table(self, table: Table) -> None:
        self.content = encrypt(READ + packed(table))

    @property
    def data(self) -> bytes:
        """The bytes of a file that was not read yet, or of an error sheet."""
        return base64.b64decode(decrypt(self.content)) if self.content else b""

    @data.setter
    def data(self, data: bytes) -> None:
        self.content = encrypt(base64.b64encode(data).decode())

    @property
    def shown(self) -> dict[str, Any]:
        """What its page shows: ``notes``, ``changes``, ``problems``; ``stayed`` when it was taken back."""
        found: dict[str, Any] = _opened(self.preview) or {}
        return found

    @shown.setter
    def shown(self, what: dict[str, Any]) -> None:
        self.preview = _closed(what)

    @property
    def rows(self) -> list[Any]:
        """What was written, as ``undoing`` notes it down."""
        found: list[Any] = _opened(self.written) or []
        return found

    @rows.setter
    def rows(self, what: list[Any]) -> None:
        self.written = _closed(what) if what else ""


def _opened(text: str) -> Any:
    return json.loads(decrypt(text)) if text else None


def _closed(what: Any) -> str:
    return encrypt(json.dumps(what, ensure_ascii=False))
