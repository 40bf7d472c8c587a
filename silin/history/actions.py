"""Writing the book of deeds."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.db.transaction import TransactionManagementError

from silin.accounts.models import User
from silin.history.models import Entry, Seal, Words
from silin.history.sealing import count


def record(
    *,
    subject: str,
    action: str,
    actor: User | None,
    post: str = "",
    now: datetime,
    before: str = "",
    after: str = "",
    words: str = "",
    fields: Mapping[str, Any] | None = None,
    client_id: UUID | None = None,
    first: bool = False,
) -> Entry:
    """Add one line to the chain of ``subject``; ``actor`` None is the clock.

    The caller holds a lock on the subject's own row in an open transaction, so that no other line slips in.
    ``first`` says that the subject is brand new and spares the look at its last line. ``fields`` holds codes
    and numbers that JSON can say, no personal data: what a person said belongs in ``words``, which can be
    removed. Costs one SELECT (none with ``first``), one INSERT, and one more INSERT when there are words.
    Raises ``TransactionManagementError`` outside a transaction and ``IntegrityError`` when somebody without
    the lock took the next place in the chain.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("record() needs the transaction that holds the subject's row")
    entry = Entry(
        subject=subject,
        at=now,
        actor=actor,
        post=post,
        action=action,
        before=before,
        after=after,
        fields=dict(fields or {}),
        client_id=client_id,
    )
    _append(entry, words, (0, "") if first else _last(subject))
    return entry


def seal(day: date, now: datetime) -> Seal | None:
    """Seal every line that is written by now and not yet sealed; None when ``day`` is sealed already."""
    if Seal.objects.filter(day=day).exists():
        return None
    last = Seal.objects.order_by("-id").first()
    after, prev_digest = (last.up_to, last.digest) if last else (0, "")
    made = Seal(day=day, up_to=max(after, _settled_id()), sealed_at=now, prev_digest=prev_digest)
    counted = count(made, after)
    made.entries, made.heads, made.digest = counted.entries, counted.heads, counted.digest
    Seal.objects.bulk_create([made], ignore_conflicts=True)
    return Seal.objects.get(day=day)


def _append(entry: Entry, words: str, last: tuple[int, str]) -> None:
    said = Words(salt=secrets.token_hex(16), text=words) if words else None
    entry.seq, entry.prev_hash = last[0] + 1, last[1]
    entry.words_hash = said.own_hash() if said else ""
    entry.hash = entry.own_hash()
    entry.save(force_insert=True)
    if said:
        said.entry = entry
        said.save(force_insert=True)


def _last(subject: str) -> tuple[int, str]:
    chain = Entry.objects.filter(subject=subject).order_by("-seq")
    return chain.values_list("seq", "hash").first() or (0, "")


def _settled_id() -> int:
    """The newest id below which no line can appear any more.

    On PostgreSQL a line with a lower id may commit later than one with a higher id: the lock waits for the
    writers of the moment (or gives up after five seconds, and the seal is tried again).
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                cursor.execute("LOCK TABLE history_entry IN SHARE MODE")
        return Entry.objects.aggregate(newest=Max("id"))["newest"] or 0
