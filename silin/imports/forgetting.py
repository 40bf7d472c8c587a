"""What is kept of files that were sent says nothing any more of somebody who was deleted."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from silin.accounts.models import User
from silin.imports.models import Batch, BatchState
from silin.lib.masking import stars
from silin.lib.refusal import Refused

UNDECIDED = (BatchState.WAITING, BatchState.CHECKED, BatchState.BRINGING)
BETWEEN = re.compile(r"[\s\-\u2010-\u2015]")


def forget(user: User | None, words: Sequence[str], now: datetime) -> None:
    """Take out of every batch, in the deletion's transaction, what names somebody by any of ``words``.

    Rows that were written go one by one: what they said is not put back any more. A file goes as a whole;
    where it still waits for a decision it is dropped, and its page says why.
    """
    kept = ~Q(content="", preview="", written="", told="")
    for each in words:
        kept |= Q(file_name__contains=each)
    wanted = [plain for each in words if (plain := _plain(each))]
    for key in list(Batch.objects.filter(kept).order_by("pk").values_list("pk", flat=True)):
        batch = Batch.objects.select_for_update().get(pk=key)
        changed = {name for part in (_rows, _page, _file) for name in part(batch, wanted, now)}
        if changed:
            batch.save(update_fields=changed)


def _rows(batch: Batch, words: Sequence[str], now: datetime) -> Iterator[str]:
    rows = batch.rows
    left = [row for row in rows if not _names(row, words)]
    if len(left) < len(rows):
        batch.rows = left
        yield "written"


def _page(batch: Batch, words: Sequence[str], now: datetime) -> Iterator[str]:
    """What the page shows: the name of the file, what was told, the first rows."""
    if _names(batch.file_name, words):
        batch.file_name = stars(batch.file_name)
        yield "file_name"
    if _names(batch.told, words):
        batch.told = ""
        yield "told"
    shown = batch.shown
    left = {name: [each for each in rows if not _names(each, words)] for name, rows in shown.items()}
    if left != shown:
        batch.shown = left
        yield "preview"


def _file(batch: Batch, words: Sequence[str], now: datetime) -> Iterator[str]:
    if batch.state == BatchState.WAITING:
        _read(batch)
        yield from ("content", "state", "told")
    if not batch.content or not _names([line.cells for line in batch.table.lines], words):
        return
    batch.content = ""
    yield "content"
    if batch.state in UNDECIDED:
        batch.state, batch.decided_at, batch.preview = BatchState.DROPPED, now, ""
        with override(settings.LANGUAGE_CODE):
            batch.told = _("It names somebody who was deleted here. Take their line out and send it again.")
        yield from ("state", "decided_at", "preview", "told")


def _read(batch: Batch) -> None:
    """Read a file that waits: nothing is kept any longer of what lies in it beside its table."""
    try:
        batch.table = batch.table
    except Refused as refusal:
        batch.state, batch.told, batch.content = BatchState.REFUSED, str(refusal.message), ""


def _names(what: Any, words: Sequence[str]) -> bool:
    text = _plain(json.dumps(what, ensure_ascii=False))
    return any(word in text for word in words)


def _plain(text: str) -> str:
    """Plain width, without blanks and dashes: as numbers and names are typed in many ways."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text))
