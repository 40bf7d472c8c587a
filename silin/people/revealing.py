"""Seeing one covered number, one at a time, for a purpose that is said and written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits
from silin.accounts.models import User
from silin.history.actions import record
from silin.history.models import Entry
from silin.lib.personal import PersonalCharField
from silin.lib.refusal import NotAllowed, Refused, Words
from silin.lib.text import clean_words
from silin.people import queries
from silin.people.models import Household, Person
from silin.places.models import Place

REVEAL, TAKE_OUT = "reveal", "take_out"
OTHER = "other"
AN_HOUR = 40
WORDS_AT_MOST = 60
PURPOSES: dict[str, Words] = {
    "call_back": _("calling back about what was reported"),
    "visit": _("arranging a visit"),
    "emergency": _("an emergency"),
    "register": _("putting the register right"),
    OTHER: _("something else"),
}


def reveal(
    row: User | Person | Household,
    field: str,
    *,
    purpose: str,
    words: str = "",
    right: tuple[str, Any],
    actor: User,
    now: datetime,
    client_id: UUID,
) -> str:
    """The whole value of a personal field, once; one line in the history of whom it is about.

    ``right`` is the capability and the row over which it is asked. The same ``client_id`` twice is one look.
    Raises ``NotAllowed``, ``Refused`` (``bad_purpose``, ``missing``, ``too_many``: forty an hour). Not to be
    called in a transaction: every look counts.
    """
    if not actor.has_perm(*right):
        raise NotAllowed
    said = _read_purpose(purpose, words)
    limits.count(f"reveal by {actor.pk}", AN_HOUR, timedelta(hours=1), now)
    with transaction.atomic():
        model: Any = type(row)
        row = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        assert isinstance(row._meta.get_field(field), PersonalCharField)
        if not Entry.objects.filter(subject=subject_of(row), client_id=client_id).exists():
            record(
                subject=subject_of(row),
                action=REVEAL,
                actor=actor,
                post=post_of(actor, right[0], now),
                now=now,
                words=said,
                fields={"field": field, "purpose": purpose},
                client_id=client_id,
            )
    return str(getattr(row, field))


def note_opening(row: Household, *, actor: User, now: datetime) -> None:
    """Write down that somebody opened the page of a home."""
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=row.pk)
        post = post_of(actor, "households.see", now)
        record(subject=row.subject, action="open", actor=actor, post=post, now=now)


def note_taking_out(place: Place, sheet: str, rows: int, *, actor: User | None, now: datetime) -> None:
    """Write down that somebody took a list of people of ``place`` out; ``actor`` None is the installer.

    One line under the place: everybody who lives there reads it among who looked.
    """
    with transaction.atomic():
        Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
        post = post_of(actor, "households.edit", now) if actor else ""
        fields = {"sheet": sheet, "rows": rows}
        record(subject=place.subject, action=TAKE_OUT, actor=actor, post=post, now=now, fields=fields)


def subject_of(row: User | Person | Household) -> str:
    """The name of somebody, or of a home, in the books."""
    return f"user:{row.pk}" if isinstance(row, User) else row.subject


def post_of(actor: User, capability: str, now: datetime) -> str:
    """The kind of the post by which somebody looks."""
    held = (each.post.kind_id for each in queries.holdings_of(actor, now) if _may(each.post, capability))
    return next(held, "")


def _may(post: Any, capability: str) -> bool:
    return capability in post.kind.capabilities


def _read_purpose(purpose: str, words: str) -> str:
    if purpose not in PURPOSES:
        raise Refused("bad_purpose", _("Please say what you need the number for."), field="purpose")
    at_least = 2 if purpose == OTHER else 0
    return clean_words(words, field="words", at_least=at_least, at_most=WORDS_AT_MOST)
