"""Numbers that a city changes, kept in memory; what another process changed is seen within two seconds."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.timezone import localdate

from silin.lib.remembering import Remembered
from silin.places.models import Number

_rows = Remembered(lambda: list(Number.objects.all()))


def number(name: str, path: str = "", day: date | None = None) -> float:
    """The value of ``name`` at the place with ``path`` on ``day`` (default today).

    Raises ``LookupError`` where no row says it: the rooms that ask for a number seed it in a migration.
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


@transaction.atomic
def set_number(name: str, value: float, *, valid_from: date, path: str = "") -> Number:
    """From ``valid_from`` on, ``name`` is ``value`` at the place with ``path`` (empty: everywhere)."""
    row, _made = Number.objects.update_or_create(
        name=name, place_path=path, valid_from=valid_from, defaults={"value": value}
    )
    _rows.forget()
    return row
