"""The texts a city gives itself, kept in memory; what another process changed is seen within ten seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import NotAllowed, Refused, Words
from silin.lib.remembering import Remembered
from silin.lib.text import clean_words
from silin.places.models import CITY_TEXTS, CityText, Revision

SUBJECT = "places:texts"
EDIT = "settings.edit"
LONGEST = 60
NAMES: dict[str, Words] = {
    "platform_name": _("Name of the platform"),
    "operator": _("Who runs the platform"),
    "office_telephone": _("Telephone of the office"),
    "icp": _("ICP number"),
    "police": _("Number of the police registration"),
    "map_approval": _("Approval number of the map"),
    "open311_contact": _("Open311: whom programmers ask"),
    "open311_keys": _("Open311: who gives keys"),
    "open311_test": _("Open311: address of a test installation"),
}
"""Every text, with its label on the settings page."""

_rows = Remembered(lambda: dict(CityText.objects.values_list("name", "value")), seconds=10)


def texts() -> Mapping[str, str]:
    """What the city has said, by name; what it has not said is missing."""
    return _rows()


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``city_texts``, read where a page shows one."""
    return {"city_texts": SimpleLazyObject(texts)}


@transaction.atomic
def set_texts(values: Mapping[str, str], *, actor: User | None, now: datetime) -> list[str]:
    """Change texts, empty ones are taken away; gives the names of those that changed, one line each.

    ``actor`` None is the installer; others need ``settings.edit``. The same values again change nothing.
    Raises ``NotAllowed``, ``Refused`` (``unknown_text``, ``too_long``).
    """
    if actor is not None and not actor.has_perm(EDIT):
        raise NotAllowed(_("You cannot change the settings of the city."))
    if unknown := sorted(set(values) - set(NAMES)):
        raise Refused("unknown_text", _("There is no such text."), field=unknown[0])
    cleaned = {name: clean_words(value, field=name, at_most=LONGEST) for name, value in values.items()}
    Revision.objects.hold(CITY_TEXTS)
    before = dict(CityText.objects.values_list("name", "value"))
    changed = [name for name, value in cleaned.items() if value != before.get(name, "")]
    for name in changed:
        _write(name, cleaned[name])
        fields = {"name": name, "before": before.get(name, ""), "after": cleaned[name]}
        record(subject=SUBJECT, action="set_text", actor=actor, now=now, fields=fields)
    _rows.forget()
    return changed


def _write(name: str, value: str) -> None:
    if value:
        CityText.objects.update_or_create(name=name, defaults={"value": value})
    else:
        CityText.objects.filter(name=name).delete()
