"""How long things are kept, and the nightly work that takes out what is past its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from silin.accounts.models import User
from silin.files.actions import forget as forget_file
from silin.history.actions import record
from silin.history.rows import write_row
from silin.lib.held import Kept, emptied, kept_models
from silin.lib.shredding import shred
from silin.people.erasing import blank, bury, files_of
from silin.people.models import Retention, Tombstone, today

AT_ONCE = 500


def days_kept() -> dict[str, int]:
    """The days a city has set, by ``label.field`` (of whole rows by ``label``)."""
    return dict(Retention.objects.values_list("field", "keep_days"))


def known_fields() -> list[str]:
    """What days can be set for: personal fields as ``label.field``, whole rows by ``label``."""
    return [name for kept in kept_models() for name in _names(kept)]


@transaction.atomic
def set_days(
    field: str, days: int, *, actor: User | None, now: datetime, seen: str | None = None
) -> Retention:
    """From tonight on ``field`` (``people.Person.phone``) is kept for ``days``; 0: as long as its row.

    ``seen`` as in ``write_row``. Raises ``LookupError`` where no model has such a field, ``Refused`` and
    ``Changed``.
    """
    if field not in known_fields():
        raise LookupError(f"no personal field is called {field!r}")
    row = Retention(field=field, keep_days=days)
    write_row(row, "retention", actor=actor, now=now, seen=seen)
    return row


def retain(now: datetime) -> int:
    """Take out what is past its time, in every room; how many rows lost something."""
    days, gone = days_kept(), 0
    for kept in reversed(list(kept_models())):
        if kept.held.ends:
            gone += _retain_whole(kept, days, now) if not kept.fields else _retain_fields(kept, days, now)
    if gone:
        shred()
    return gone


def _names(kept: Kept) -> list[str]:
    return [f"{kept.label}.{field.name}" for field in kept.fields] or [kept.label]


def _retain_fields(kept: Kept, days: dict[str, int], now: datetime) -> int:
    gone = 0
    for field in kept.fields:
        keep = days.get(f"{kept.label}.{field.name}", field.keep_days)
        if keep:
            full = _full(kept, field)
            gone += _in_batches(kept, field.name, _past(kept, keep, now).filter(full), emptied(field), now)
    return gone


def _retain_whole(kept: Kept, days: dict[str, int], now: datetime) -> int:
    keep = days.get(kept.label, kept.held.keep_days)
    return _in_batches(kept, "", _past(kept, keep, now), None, now) if keep else 0


def _past(kept: Kept, keep: int, now: datetime) -> models.QuerySet[Any]:
    """The rows that ended more than ``keep`` days ago."""
    *way, last = kept.held.ends.split("__")
    model: Any = kept.model
    for step in way:
        model = model._meta.get_field(step).related_model
    end: Any = now - timedelta(days=keep)
    if not isinstance(model._meta.get_field(last), models.DateTimeField):
        end = today(now) - timedelta(days=keep)
    return kept.model._default_manager.filter(**{f"{kept.held.ends}__lt": end}, **kept.held.only)


def _full(kept: Kept, field: Any) -> models.Q:
    """Rows in which there is something to take out; an encrypted column cannot be asked, its length can."""
    if field.null:
        return models.Q(**{f"{field.name}__isnull": False})
    left = str(field.left)
    raw = models.functions.Length(models.F(field.name))
    pks = kept.model._default_manager.annotate(raw_length=raw).filter(raw_length__gt=len(left))
    return models.Q(pk__in=pks.values("pk")) if not left else ~models.Q(**{field.name: left})


def _in_batches(
    kept: Kept, name: str, rows: models.QuerySet[Any], columns: dict[str, Any] | None, now: datetime
) -> int:
    """Batch by batch, each with its tombstones and one line of history."""
    gone = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        files = files_of(kept, keys) if columns is None else set()
        with transaction.atomic():
            batch = kept.model._default_manager.filter(pk__in=keys)
            if columns is None:
                batch.delete()
            else:
                blank(kept, keys, columns)
            bury(kept, keys, [name] if name else [], Tombstone.Why.RETENTION, now)
            _line(kept, name, len(keys), now)
        for sha256 in files:
            forget_file(sha256)
        gone += len(keys)
    return gone


def _line(kept: Kept, name: str, n: int, now: datetime) -> None:
    subject = f"retention:{kept.label}.{name}" if name else f"retention:{kept.label}"
    Retention.objects.select_for_update().filter(pk=subject.removeprefix("retention:")).first()
    record(subject=subject, action="forget", actor=None, now=now, fields={"rows": n})
