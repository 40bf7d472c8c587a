"""The views of the inbox that somebody keeps under a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from silin.accounts.models import User
from silin.lib.refusal import Refused
from silin.lib.remembering import Remembered
from silin.matters.filters import NAMES
from silin.matters.models import QUERY_AT_MOST, SavedView

AT_MOST = 12
PARTS = ("tab", "q", *NAMES)
"""What of an address makes up a view."""


def query_of(data: Mapping[str, str]) -> str:
    """The parts of an address that say what the list shows, in one order."""
    kept = QueryDict(mutable=True)
    for name in PARTS:
        if value := str(data.get(name, "")).strip():
            kept[name] = value
    return kept.urlencode()


@transaction.atomic
def save_view(user: User, title: str, query: str, now: datetime) -> SavedView:
    """Keep what the list shows under a name; the same name again means the newer one.

    Raises ``Refused`` (``missing``; ``too_long``; ``too_many``: ``AT_MOST`` stand beside the tabs).
    """
    if not title:
        raise Refused("missing", _("Please give it a name."), field="title")
    if not query:
        raise Refused(
            "missing", _("Please narrow the list first: there is nothing to keep yet."), field="title"
        )
    if len(query) > QUERY_AT_MOST:
        raise Refused(
            "too_long", _("That is too much to keep. Please search for fewer words."), field="title"
        )
    User.objects.select_for_update().get(pk=user.pk)
    mine = SavedView.objects.filter(user=user)
    if mine.exclude(title=title).count() >= AT_MOST:
        message = _("You keep %(n)d views already. Please drop one of them first.")
        raise Refused("too_many", message % {"n": AT_MOST}, field="title")
    row, _new = mine.update_or_create(
        user=user, title=title, defaults={"query": query}, create_defaults={"query": query, "saved_at": now}
    )
    _views.forget()
    return row


def drop_view(user: User, key: int) -> None:
    """Keep it no longer; one that is gone already is gone."""
    SavedView.objects.filter(user=user, pk=key).delete()
    _views.forget()


def views_of(user: User) -> list[SavedView]:
    """What ``user`` keeps, the oldest first."""
    return _views().get(user.pk, [])


def _read() -> dict[object, list[SavedView]]:
    kept: dict[object, list[SavedView]] = {}
    for row in SavedView.objects.all():
        kept.setdefault(row.user_id, []).append(row)
    return kept


_views = Remembered(_read)
