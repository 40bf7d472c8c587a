"""A client id is answered once; asked again, it gets the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.canonical import digest
from silin.lib.refusal import Refused
from silin.receipts.models import Receipt


def give(
    client_id: UUID,
    *,
    actor: User | None,
    action: str,
    payload: Mapping[str, Any],
    answer: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Keep ``answer`` as the one to ``client_id`` and return it: the very same object.

    Where the id was answered before, that first answer is returned instead (``is not answer``), and the
    caller must change nothing. Another transaction that is just giving the same id is waited for. Raises
    ``Refused`` (``id_reused``) when the id came with another payload, action or actor. Costs one INSERT, and
    one SELECT for an id that is not new.
    """
    sent = digest(dict(payload))
    receipt = Receipt(
        client_id=client_id, actor=actor, action=action, payload_hash=sent, answer=answer, at=now
    )
    if _insert(receipt):
        return answer
    first = Receipt.objects.get(pk=client_id)
    same = ("actor_id", "action", "payload_hash")
    if any(getattr(first, each) != getattr(receipt, each) for each in same):
        message = _("Something else was sent under the same id already. Please start it afresh.")
        raise Refused("id_reused", message, status=409)
    return dict(first.answer)


def _insert(receipt: Receipt) -> bool:
    """Whether the row was new. By hand, since the ORM does not say how many rows a no-op insert made."""
    fields = Receipt._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(getattr(receipt, field.attname), connection) for field in fields]
    sql = f'INSERT INTO "{Receipt._meta.db_table}" ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING'
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return bool(cursor.rowcount == 1)
