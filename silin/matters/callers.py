"""For whom something is put down: whoever called, came by, or wrote into the app of others."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.personal import keyed_hash, read_phone
from silin.lib.refusal import Refused
from silin.lib.text import clean_words

NAME_AT_MOST = 60
OTHER_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{4,22}[0-9]")


def caller_of(phone: str, name: str) -> User | None:
    """The account of a mobile number, a new one if need be; None where somebody left none."""
    if not phone:
        return None
    known = User.objects.by_phone(phone)
    return known if known is not None else new_caller(phone, name)


def new_caller(phone: str, name: str) -> User:
    """An account for a mobile number that nobody has yet."""
    caller = User(name=name.strip())
    caller.set_phone(phone)
    try:
        with transaction.atomic():
            caller.save(force_insert=True)
    except IntegrityError:  # somebody else is putting the same caller down at this moment
        return User.objects.get(phone_hash=caller.phone_hash)
    return caller


def reporter_of(system: User, *, name: str, phone: str, known_as: str) -> User | None:
    """Who wrote into the app of ``system``; None where it does not say.

    By their mobile number it is the account that they have. Without one, whoever the app knows as
    ``known_as`` (of which only the keyed hash is kept) has one account with all they report there. Another
    number (a land line, one of abroad) is kept for calls; no message goes there. Raises ``Refused``
    (``too_long``, ``bad_phone``).
    """
    called = clean_words(name, field="name", at_most=NAME_AT_MOST)
    number = unicodedata.normalize("NFKC", phone).strip()
    try:
        known = caller_of(read_phone(number) if number else "", called)
        return known or _of_app(system, called, "", known_as)
    except Refused:
        if not OTHER_NUMBER.fullmatch(number):
            raise Refused("bad_phone", _("That is no telephone number."), field="phone") from None
    return _of_app(system, called, number, known_as)


def _of_app(system: User, name: str, number: str, known_as: str) -> User | None:
    if not (name or number or known_as):
        return None
    person = User(name=name, phone=number, is_guest=True)
    if not known_as:
        person.save(force_insert=True)
        return person
    person.pk = UUID(keyed_hash("reporter", f"{system.pk} {known_as}")[:32])
    User.objects.bulk_create([person], ignore_conflicts=True)
    return User.objects.get(pk=person.pk)
