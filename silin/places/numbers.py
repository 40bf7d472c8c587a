"""Numbers that a city changes, kept in memory; what another process changed is seen within two seconds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.lib.refusal import Refused
from silin.lib.remembering import Remembered
from silin.lib.workdays import SHANGHAI
from silin.places.models import NUMBERS, Number, Revision

_rows = Remembered(lambda: list(Number.objects.all()))


def number(name: str, path: str = "", day: date | None = None) -> float:
    """The value of ``name`` at the place with ``path`` on ``day`` (default today).

    Raises ``LookupError`` where no row says it: a room writes the numbers it asks for in a migration.
    """
    on = day or localdate()
    rows = [
        row
        for row in _rows()
        if row.name == name and path.startswith(row.place_path) and row.valid_from <= on
    ]
    if not rows:
        raise LookupError(f"no number is called {name!r}")
    return max(rows, key=lambda row: (len(row.place_path), row.valid_from)).value


def in_force_since(now: datetime) -> int:
    """When the last of the rows that count at ``now`` began to, in microseconds (0 without any)."""
    today = localdate(now)
    begun = max((row.valid_from for row in _rows() if row.valid_from <= today), default=None)
    return int(datetime.combine(begun, time.min, SHANGHAI).timestamp() * 1_000_000) if begun else 0


@transaction.atomic
def set_number(
    name: str,
    value: float,
    *,
    valid_from: date,
    path: str = "",
    actor: User | None,
    now: datetime,
    seen: str | None = None,
) -> Number:
    """From ``valid_from`` on, ``name`` is ``value`` at the place with ``path`` (empty: everywhere).

    ``seen`` as in ``write_row``. What a person sets counts from today on at the earliest; clocks that run are
    counted anew from that day on. Raises ``Refused`` (``bad_number``, ``past``, ``taken``) and ``Changed``.
    """
    if not math.isfinite(value) or value < 0:
        raise Refused("bad_number", _("Please write a number from 0 on."), field="value")
    if actor is not None and valid_from < localdate(now):
        message = _("A number counts from today on at the earliest. Add a row with a later day.")
        raise Refused("past", message, field="valid_from")
    row = Number.objects.filter(name=name, place_path=path, valid_from=valid_from).first()
    row = row or Number(name=name, place_path=path, valid_from=valid_from)
    row.value = value
    if write_row(row, "number", actor=actor, now=now, seen=seen):
        Revision.objects.bump(NUMBERS)
    _rows.forget()
    return row


def write_first_numbers(apps: Any, numbers: Mapping[str, float]) -> None:
    """Write the numbers a room begins with, for its migration; a number that is there already stays."""
    rows = apps.get_model("places", "Number").objects
    for name, value in numbers.items():
        rows.get_or_create(name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value})
