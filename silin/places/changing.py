"""What the verbs of this room share: who may, what changed, names that are there already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.dates import day_words
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.text import clean_words, plain_digits

EDIT = "places.edit"
NAME_AT_MOST = 60


def may_edit(actor: User | None, row: Any) -> None:
    """``actor`` None is the installer; others need ``places.edit`` over the row. Raises ``NotAllowed``."""
    if actor is not None and not actor.has_perm(EDIT, row):
        raise NotAllowed(_("You cannot change the register here."))


def clean_name(name: str, field: str = "name", at_most: int = NAME_AT_MOST) -> str:
    """A name on one line. Raises ``Refused`` (``missing``, ``too_long``)."""
    return " ".join(clean_words(name, field=field, at_least=1, at_most=at_most).split())


def check_free(others: QuerySet[Any], name: str, row: Model | None, field: str = "name") -> None:
    """Raises ``Refused`` (``name_taken``) where one of ``others`` bears ``name``, however wide it is written.

    ``row`` itself may keep it.
    """
    if any(other.pk != (row.pk if row else None) for other in called(others, name, field)):
        message = _("%(name)s is in the list already.") % {"name": name}
        raise Refused("name_taken", message, field=field)


def called(rows: QuerySet[Any], name: str, field: str = "name") -> list[Any]:
    """Those of ``rows`` whose ``field`` says ``name``, in plain digits and letters or in full-width ones."""
    return [row for row in rows if plain_digits(getattr(row, field)) == plain_digits(name)]


def put(row: Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set and save what differs; gives each changed field with its value before and after, for history."""
    changed = {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    if changed:
        row.save(update_fields=list(changed))
    return {name: [said(each) for each in pair] for name, pair in changed.items()}


def said(value: Any) -> Any:
    """A value as JSON can say it: a row by its key, a day as ISO."""
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def check_end(begun: date | None, until: date) -> None:
    """Raises ``Refused`` (``bad_dates``) where something would end before it began."""
    if begun is not None and until < begun:
        day = day_words(begun, with_year=True)
        message = _("It cannot end before %(day)s, when it began.") % {"day": day}
        raise Refused("bad_dates", message, field="until")
