"""What was answered already."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from silin.accounts.models import User
from silin.receipts.models import Receipt


def answered_before(client_ids: Iterable[str], actor: User) -> set[str]:
    """Those of ``client_ids``, as they were sent, that ``actor`` got an answer to. One statement."""
    sent: dict[UUID, str] = {}
    for text in client_ids:
        with suppress(ValueError):
            sent[UUID(text)] = text
    known = Receipt.objects.filter(pk__in=list(sent), actor=actor).values_list("pk", flat=True)
    return {sent[key] for key in known}
