"""Finding the person whom a form means, or making them an account with an invitation."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import passwords
from silin.accounts.models import User
from silin.lib.personal import read_phone
from silin.lib.refusal import Refused
from silin.lib.text import clean_words
from silin.notices.actions import Message, queue
from silin.people.models import Holding, today
from silin.people.queries import paths_where


@transaction.atomic
def person_for(who: str, name: str, *, actor: User, now: datetime) -> User:
    """The account that ``who`` means: a mobile number, an e-mail, or the name of a colleague.

    A name finds only those who hold a post where ``actor`` gives posts. A number that nobody has yet becomes
    an account of ``name``, and its owner gets a link by text message at which they choose a password, once;
    a code to that number signs them in as well.

    Raises ``Refused`` (``nobody``, ``several``, ``missing``, ``bad_phone``, ``closed_account``).
    """
    who = clean_words(who, field="who", at_least=1, at_most=254)
    if "@" in who:
        return _open(User.objects.filter(email__iexact=who).first()) or _nobody()
    if any(sign.isdigit() for sign in who):
        return _open(User.objects.by_phone(_phone(who))) or account_for(_phone(who), name, now=now)
    return _colleague(who, actor, now)


def account_for(phone: str, name: str, *, now: datetime) -> User:
    """The account of a (checked, 11-digit) number; one that has no name yet is called ``name``.

    A number that nobody has yet becomes an account, and its owner is invited by text message.
    Raises ``Refused`` (``missing``, ``too_long``).
    """
    name = clean_words(name, field="name", at_most=60)
    if not name:
        message = _("Nobody has an account under this yet. Write their name, and they get one.")
        raise Refused("missing", message, field="name")
    if (known := User.objects.by_phone(phone)) is not None:
        if not known.name:
            known.name = name
            known.save(update_fields=["name"])
        return known
    user = User(name=name)
    user.set_phone(phone)
    user.set_unusable_password()
    user.save(force_insert=True)
    queue([Message("invited", user, {"name": name}, link=passwords.INVITATION, channel="sms")], now=now)
    return user


def _open(user: User | None) -> User | None:
    if user is not None and not user.is_active:
        raise Refused("closed_account", _("This account is closed."), field="who")
    return user


def _colleague(name: str, actor: User, now: datetime) -> User:
    found: dict[object, User] = {}
    for path in paths_where(actor, "people.edit", now):
        rows = Holding.objects.current(today(now)).of_people().filter(user__name=name, user__is_active=True)
        rows = rows.filter(post__place__path__gte=path, post__place__path__lt=path + "a")
        found |= {row.user_id: row.user for row in rows.select_related("user")[:20]}
    if len(found) > 1:
        message = _("Several people of that name hold posts here. Use the mobile number.")
        raise Refused("several", message, field="who")
    return next(iter(found.values()), None) or _nobody()


def _nobody() -> NoReturn:
    raise Refused("nobody", _("Nobody like that works here yet. Use the mobile number."), field="who")


def _phone(text: str) -> str:
    try:
        return read_phone(text)
    except Refused as refusal:
        raise Refused(refusal.code, refusal.message, field="who") from refusal
