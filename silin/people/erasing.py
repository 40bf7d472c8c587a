"""An account that goes: everything that is about its person, in every room, and what is left in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import OneTimeToken, User
from silin.files.actions import forget as forget_file
from silin.files.models import File
from silin.history.actions import record
from silin.history.models import Words
from silin.lib.held import Kept, emptied, kept_models
from silin.lib.refusal import Refused
from silin.lib.search import Searched
from silin.lib.shredding import shred
from silin.people import queries
from silin.people.models import Household, Membership, Person, Tombstone

NAMED = 2  # a name of one character stands in too many sentences


def erase(user: User, *, now: datetime) -> None:
    """Delete what is held about ``user``; an empty account and tombstones are left.

    Raises ``Refused`` (``has_post``): who works here gives up the post first. Not to be called in a
    transaction: files and the database's own traces go after the commit.
    """
    files = _erase_rows(user, now)
    for sha256 in sorted(files):
        forget_file(sha256)
    _end_sessions(user)
    shred()


@transaction.atomic
def _erase_rows(user: User, now: datetime) -> set[str]:
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a merge may point at it meanwhile
    if queries.holdings_of(user, now):
        message = _("You hold a post. Please give it up first: ask whoever gives posts in your place.")
        raise Refused("has_post", message, status=409)
    record(subject=f"user:{user.pk}", action="erase", actor=user, now=now)
    people = entries_of(user)
    names = {user.name, *(person.name for person in people)}
    phones = {user.phone, *(person.phone for person in people)}
    forget_words(_subjects(user, people), phones)
    forget_elsewhere(user, names | phones, now)
    empty_homes(people)
    files: set[str] = set()
    for kept in reversed(list(kept_models())):
        files |= _erase_kept(kept, user, now)
    erase_rows([person for person in people if person.user_id != user.pk], now)
    User.objects.filter(pk=user.pk).update(is_active=False, is_guest=True, password="!")
    OneTimeToken.objects.filter(subject__in=_subjects(user, people)).delete()
    return files


def entries_of(user: User) -> list[Person]:
    """Their entries in the register with those merged into them, locked; none comes while we look."""
    while True:
        keys = _keys_of(user)
        people = list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        if _keys_of(user) == keys:
            return people


def _keys_of(user: User) -> set[UUID]:
    return with_merged(Person.objects.filter(user=user).values_list("pk", flat=True))


def with_merged(keys: Iterable[UUID]) -> set[UUID]:
    """The entries and all that was merged into them; merges may lie upon merges."""
    found = set(keys)
    while more := set(Person.objects.filter(merged_into__in=found).values_list("pk", flat=True)) - found:
        found |= more
    return found


def erase_rows(people: Sequence[Person], now: datetime) -> None:
    """Empty entries of the register; what was merged into another kept its own words until now."""
    kept = next(each for each in kept_models() if each.model is Person)
    keys = [person.pk for person in people]
    blank(kept, keys, {name: value for field in kept.fields for name, value in emptied(field).items()})
    bury(kept, keys, [field.name for field in kept.fields], Tombstone.Why.ASKED, now)


def _erase_kept(kept: Kept, user: User, now: datetime) -> set[str]:
    """Empty or delete the rows of one model about ``user``; the files they pointed at."""
    if kept.held.shared:
        return set()
    keys = list(kept.rows(user.pk).values_list("pk", flat=True))
    rows = kept.model._default_manager.filter(pk__in=keys)
    names = [field.name for field in kept.fields]
    files: set[str] = set()
    if kept.held.whole:
        files = files_of(kept, keys)
        rows.delete()
    elif keys:
        columns: dict[str, Any] = {}
        for field in kept.fields:
            columns |= emptied(field)
        blank(kept, keys, columns)
    bury(kept, keys, names, Tombstone.Why.ASKED, now)
    return files


def blank(kept: Kept, keys: list[Any], columns: dict[str, Any]) -> None:
    """Write ``columns`` into the rows, and take away the keys by which a search found them."""
    model: Any = kept.model
    model._default_manager.filter(pk__in=keys).update(**columns)
    if issubclass(model, Searched):
        found_by: Any = model._meta.get_field("search_keys").related_model
        found_by._default_manager.filter(row__in=keys).delete()


def files_of(kept: Kept, keys: list[Any]) -> set[str]:
    """The files that rows of the model point at."""
    found: set[str] = set()
    for field in kept.model._meta.concrete_fields:
        if field.related_model is File:
            rows = kept.model._default_manager.filter(pk__in=keys)
            found |= set(rows.values_list(field.attname, flat=True)) - {None}
    return found


def bury(kept: Kept, keys: list[Any], fields: list[str], why: str, now: datetime) -> None:
    """Leave a tombstone for each row: which, when and why, nothing of what it said."""
    stones = [Tombstone(model=kept.label, row=str(key), fields=fields, why=why, at=now) for key in keys]
    Tombstone.objects.bulk_create(stones, batch_size=500)


def forget_elsewhere(user: User | None, said: Iterable[str], now: datetime) -> None:
    """Let rooms take out what no model declares; ``said`` are the names and numbers of the person."""
    words = sorted({each for each in said if len(each) >= NAMED})
    for path in settings.FORGETTERS:
        import_string(path)(user, words, now)


def forget_words(subjects: Sequence[str], phones: Iterable[str]) -> None:
    """What others wrote about somebody: in their own lines, and wherever their number stands."""
    about = Q(entry__subject__in=subjects)
    for phone in phones:
        if phone:
            about |= Q(text__contains=phone)
    Words.objects.filter(about).delete()


def empty_homes(people: Sequence[Person]) -> None:
    """The door of a home in which only this person stands in the register says where they live."""
    homes = Household.objects.filter(memberships__person__in=people)
    shared = Membership.objects.filter(household__in=homes, until=None).exclude(person__in=people)
    alone = homes.exclude(pk__in=shared.values("household")).values_list("pk", flat=True)
    Household.objects.filter(pk__in=list(alone)).update(door="", door_hash="")


def _subjects(user: User, people: list[Person]) -> list[str]:
    return [f"user:{user.pk}", *(person.subject for person in people)]


def _end_sessions(user: User) -> None:
    """Delete the sessions of an account that went: a browser left open learns nothing more."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
