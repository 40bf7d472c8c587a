"""How long things are kept, and the nightly work that takes out what is past its time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.files.actions import forget as forget_file
from silin.history.actions import record
from silin.history.models import Entry
from silin.history.rows import write_row
from silin.lib.held import Kept, emptied, kept_models
from silin.lib.refusal import NotAllowed, Refused, Words
from silin.lib.shredding import shred
from silin.people.erasing import blank, bury, files_of
from silin.people.models import Retention, Tombstone, today

EDIT = "rights.edit"
AT_ONCE = 500
DAYS_AT_MOST = 36500
A_NIGHT = timedelta(hours=24)


def days_kept() -> dict[str, int]:
    """The days a city has set, by ``label.field`` (of whole rows by ``label``)."""
    return dict(Retention.objects.values_list("field", "keep_days"))


def known_fields() -> list[str]:
    """What days can be set for: personal fields as ``label.field``, whole rows by ``label``."""
    return [name for kept in kept_models() for name, _each in _kept_parts(kept)]


@transaction.atomic
def set_days(
    field: str, days: int, *, actor: User | None, now: datetime, seen: str | None = None
) -> Retention:
    """From tonight on ``field`` (``people.Person.phone``) is kept for ``days``; 0: as long as its row.

    ``actor`` None is the installer; others need ``rights.edit``. ``seen`` as in ``write_row``. Raises
    ``NotAllowed``, ``Refused`` (``bad_days``), ``Changed``, or ``LookupError`` for an unknown field.
    """
    if actor is not None and not actor.has_perm(EDIT):
        raise NotAllowed
    if not 0 <= days <= DAYS_AT_MOST:
        raise Refused("bad_days", _("A number of days, up to 36500 (a hundred years)."), field="days")
    if field not in known_fields():
        raise LookupError(f"no personal field is called {field!r}")
    row = Retention(field=field, keep_days=days)
    write_row(row, "retention", actor=actor, now=now, seen=seen)
    return row


@dataclass(frozen=True)
class Rule:
    """How long one field is kept, why it is there, and how many rows lost it when the work was done last."""

    field: str
    room: Words
    title: Words
    purpose: str
    basis: str
    days: int
    own_days: int
    ends: bool
    last: int


def rules(now: datetime) -> list[Rule]:
    """Every personal field of every room with its days; what went within the last day and night."""
    days, gone = days_kept(), _gone_since(now - A_NIGHT)
    found = []
    for kept in kept_models():
        for name, each in _kept_parts(kept):
            own = each.keep_days
            kept_for, title = days.get(name, own), getattr(each, "title", "") or name
            ends, last = bool(kept.held.ends), gone.get(name, 0)
            found.append(
                Rule(name, kept.held.title, title, each.purpose, each.basis, kept_for, own, ends, last)
            )
    return found


def would_go(field: str, days: int, now: datetime) -> int:
    """How many rows would lose ``field`` tonight if it were kept for ``days``. Nothing is changed."""
    for kept in kept_models():
        for name, each in _kept_parts(kept):
            if name == field and days and kept.held.ends:
                rows = _past(kept, days, now)
                return (rows.filter(_full(kept, each)) if kept.fields else rows).count()
    return 0


def changes_of(field: str, at_most: int) -> list[Entry]:
    """Who set the days of a field and when the work took something out, newest first."""
    rows = Entry.objects.filter(subject=f"retention:{field}").select_related("actor")
    return list(rows.order_by("-seq")[:at_most])


def _kept_parts(kept: Kept) -> list[tuple[str, Any]]:
    """Each field with its name; the declaration itself for rows that go as a whole."""
    return [(f"{kept.label}.{field.name}", field) for field in kept.fields] or [(kept.label, kept.held)]


def _gone_since(moment: datetime) -> dict[str, int]:
    found: Counter[str] = Counter()
    for entry in Entry.objects.filter(subject__startswith="retention:", action="forget", at__gt=moment):
        found[entry.subject.removeprefix("retention:")] += int(entry.fields.get("rows", 0))
    return found


def retain(now: datetime) -> int:
    """Take out what is past its time, in every room; how many rows lost something."""
    days, gone = days_kept(), 0
    for kept in reversed(list(kept_models())):
        if kept.held.ends:
            gone += _retain_whole(kept, days, now) if not kept.fields else _retain_fields(kept, days, now)
    if gone:
        shred()
    return gone


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
    return kept.model._default_manager.filter(kept.held.only, **{f"{kept.held.ends}__lt": end})


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
