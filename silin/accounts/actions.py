"""Proving who somebody is, and what an account keeps about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits, tokens
from silin.accounts.models import User
from silin.lib.personal import phone_hash
from silin.lib.refusal import Refused
from silin.lib.sending import NotSent, send_sms
from silin.lib.text import clean_words

SIGN_IN = "sign_in"
NAME_AT_MOST = 20

Adopter = Callable[[User, User, datetime], None]


def send_code(phone: str, *, address: str, now: datetime, purpose: str = SIGN_IN) -> None:
    """Send a sign-in code to ``phone`` (checked, 11 digits) for a visitor at the network address.

    A code for another ``purpose`` counts the same and lets nobody in.

    Raises ``Refused`` (``too_many``: three codes in ten minutes and ten a day to one number, forty an hour
    to one address; ``not_sent``).
    """
    owner = phone_hash(phone)
    limits.count(f"code from {address}", 40, timedelta(hours=1), now)
    limits.count(f"code to {owner}", 3, timedelta(minutes=10), now)
    limits.count(f"code to {owner}", 10, timedelta(days=1), now)
    code = tokens.issue_code(purpose, owner, now)
    try:
        send_sms(phone, code_words(code), name="sign_in_code", params={"code": code})
    except NotSent as error:
        message = _("The message could not be sent. Please try again in a minute.")
        raise Refused("not_sent", message, field="phone", status=503) from error


def code_words(code: str) -> str:
    """The text that brings a code."""
    return str(_("Your Silin code: %(code)s. It works for 10 minutes. Tell it to nobody.") % {"code": code})


def sign_in_by_code(phone: str, code: str, *, guest: User | None, address: str, now: datetime) -> User:
    """The account of whoever holds ``phone`` and knows the code; a number nobody has yet gets one.

    ``guest`` is the account this browser has used so far: it becomes that of a number that has none. Raises
    ``Refused`` (``too_many``: sixty tries an hour from one address; ``token_unknown``, ``token_expired``,
    ``token_used``, ``closed_account``). Not to be called in a transaction: a wrong try has to be counted.
    """
    tokens.redeem_typed(SIGN_IN, code, subject=phone_hash(phone), address=address, now=now)
    return take_phone(phone, guest=guest)


@transaction.atomic
def take_phone(phone: str, *, guest: User | None) -> User:
    """Make ``phone``, which was proved to be theirs, the way this person signs in."""
    user = User.objects.select_for_update().filter(phone_hash=phone_hash(phone)).first()
    if user is None:
        user = guest or User()
        user.set_phone(phone)
        user.save()
    elif not user.is_active:
        raise Refused("closed_account", _("This account is closed. Please call your community."))
    return user


@transaction.atomic
def take_over(guest: User, user: User, now: datetime) -> None:
    """What ``guest`` did in this browser is from now on the doing of ``user``, who has signed in completely.

    A guest who has become somebody, or whose doings have moved before, has nothing left to move.
    """
    rows = User.objects.select_for_update(no_key=True)  # whoever follows something meanwhile points at it
    held = rows.order_by("pk").filter(pk__in={guest.pk, user.pk}).in_bulk()
    guest, user = held[guest.pk], held[user.pk]
    if guest.pk == user.pk or not (guest.is_guest and guest.is_active):
        return
    for adopt in adopters():
        adopt(guest, user, now)
    guest.is_active = False
    guest.save(update_fields=["is_active"])


def adopters() -> list[Adopter]:
    """What moves a guest's doings to the account they turn out to have: ``settings.ADOPTERS`` lists them."""
    found: list[Adopter] = [import_string(path) for path in settings.ADOPTERS]
    return found


def sign_in_by_password(name: str, password: str, *, address: str, now: datetime) -> User:
    """The account with this e-mail or mobile number, and this password.

    Raises ``Refused`` (``bad_password``, the same for an unknown name; ``too_many``: ten tries in a quarter
    of an hour for one account, right ones too; a hundred from one network address).
    """
    quarter = timedelta(minutes=15)
    limits.count(f"password from {address}", 100, quarter, now)
    limits.count(f"password of {User.objects.plain_name(name)}", 10, quarter, now)
    user = authenticate(None, email=name, password=password)
    if not isinstance(user, User):
        raise Refused("bad_password", _("The e-mail or the password is not right."), field="password")
    return user


def rename(user: User, name: str) -> User:
    """What the person wants to be called. Raises ``Refused`` (``too_long``)."""
    user.name = clean_words(name, field="name", at_most=NAME_AT_MOST)
    user.save(update_fields=["name"])
    return user


def speak(user: User, language: str) -> User:
    """Messages to ``user`` come in ``language`` from now on. Raises ``Refused`` (``bad_language``)."""
    if language not in dict(settings.LANGUAGES):
        raise Refused("bad_language", _("Please choose one of the languages."), field="language")
    user.language = language
    user.save(update_fields=["language"])
    return user
