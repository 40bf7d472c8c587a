"""Writing one row of a table that a city changes, with the line that says what stood there before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.canonical import digest
from silin.lib.refusal import Changed, Refused


def said(row: models.Model) -> dict[str, Any]:
    """What a row says, by column; its key is what it is called by and says nothing."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields}


def mark(row: models.Model) -> str:
    """By what somebody who looked at a row knows later that nobody has changed it."""
    return digest(said(row))


def line_of(kind: str, row: models.Model) -> str:
    """The subject of a row in the book of deeds."""
    return f"{kind}:{row.pk}"


@transaction.atomic
def write_row(
    row: models.Model, kind: str, *, actor: User | None, now: datetime, seen: str | None = None
) -> bool:
    """Let the table hold ``row``; gives whether anything was different.

    ``seen`` is the ``mark`` of what the actor looked at, empty for a row that is to be new, None for whoever
    does not mind. Raises ``Changed`` where somebody was quicker and ``Refused`` (``taken``) where a new row
    is there already.
    """
    table = type(row)._default_manager
    old = table.select_for_update().filter(pk=row.pk).first() if row.pk is not None else None
    if old is None:
        if seen:
            raise Changed()
        _add(row)
        before: dict[str, Any] = {}
    else:
        if seen == "":
            raise _taken()
        if seen is not None and seen != mark(old):
            raise Changed()
        before = said(old)
    after = said(row)
    names = [name for name in after if old is None or before[name] != after[name]]
    if old is not None:
        if not names:
            return False
        row.save(force_update=True)
    words = {"before": {name: before[name] for name in names if name in before}}
    fields = {**words, "after": {name: after[name] for name in names}}
    action = "change" if old is not None else "add"
    record(subject=line_of(kind, row), action=action, actor=actor, now=now, fields=fields)
    return True


def _add(row: models.Model) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _taken() from error


def _taken() -> Refused:
    return Refused("taken", _("There is such a row already."), status=409)
