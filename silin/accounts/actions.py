"""Proving who somebody is, and what an account keeps about them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
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


def send_code(phone: str, *, address: str, now: datetime) -> None:
    """Send a sign-in code to ``phone`` (checked, 11 digits) for a visitor at the network address.

    Raises ``Refused`` (``too_many``: three codes in ten minutes and ten a day to one number, forty an hour
    to one address; ``not_sent``).
    """
    owner = phone_hash(phone)
    limits.count(f"code from {address}", 40, timedelta(hours=1), now)
    limits.count(f"code to {owner}", 3, timedelta(minutes=10), now)
    limits.count(f"code to {owner}", 10, timedelta(days=1), now)
    code = tokens.issue_code(SIGN_IN, owner, now)
    text = _("Your Silin code: %(code)s. It works for 10 minutes. Tell it to nobody.") % {"code": code}
    try:
        send_sms(phone, str(text), name="sign_in_code", params={"code": code})
    except NotSent as error:
        message = _("The message could not be sent. Please try again in a minute.")
        raise Refused("not_sent", message, field="phone", status=503) from error


def sign_in_by_code(phone: str, code: str, *, guest: User | None, address: str, now: datetime) -> User:
    """The account of whoever holds ``phone`` and knows the code; a number nobody has yet gets one.

    ``guest`` is the account this browser has used so far: it becomes that of the number, or what it did moves
    to the account that has the number already. Raises ``Refused`` (``too_many``: sixty tries an hour from one
    address; ``token_unknown``, ``token_expired``, ``token_used``, ``closed_account``). Not to be called in a
    transaction: a wrong try has to be counted.
    """
    limits.count(f"code tried from {address}", 60, timedelta(hours=1), now)
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isalnum())
    if len(typed) != tokens.CODE_LENGTH:
        raise Refused("token_unknown", _("A code has six digits. Please look again."), field="code")
    tokens.redeem(SIGN_IN, typed, now, subject=phone_hash(phone))
    return take_phone(phone, guest=guest, now=now)


@transaction.atomic
def take_phone(phone: str, *, guest: User | None, now: datetime) -> User:
    """Make ``phone``, which was proved to be theirs, the way this person signs in."""
    user = User.objects.select_for_update().filter(phone_hash=phone_hash(phone)).first()
    if user is None:
        user = guest or User()
        user.set_phone(phone)
        user.save()
    elif not user.is_active:
        raise Refused("closed_account", _("This account is closed. Please call your community."))
    elif guest is not None and guest.pk != user.pk:
        _adopt(guest, user, now)
    return user


@transaction.atomic
def take_over(guest: User, user: User, now: datetime) -> None:
    """What ``guest`` did in this browser is from now on the doing of ``user``, who proved who they are."""
    _adopt(guest, User.objects.select_for_update().get(pk=user.pk), now)


def _adopt(guest: User, user: User, now: datetime) -> None:
    """Whoever calls holds the row of ``user``."""
    for adopt in adopters():
        adopt(guest, user, now)
    guest.is_active = False
    guest.save(update_fields=["is_active"])


def adopters() -> list[Adopter]:
    """What moves a guest's doings to the account they turn out to have: ``settings.ADOPTERS`` lists them."""
    found: list[Adopter] = [import_string(path) for path in settings.ADOPTERS]
    return found


def sign_in_by_password(
    email: str, password: str, *, guest: User | None, address: str, now: datetime
) -> User:
    """The account with this e-mail and password; what ``guest`` did in this browser moves to it.

    Raises ``Refused`` (``bad_password``, the same for an unknown address; ``too_many``: ten tries in a
    quarter of an hour for one account, right ones too; a hundred from one network address).
    """
    quarter = timedelta(minutes=15)
    limits.count(f"password from {address}", 100, quarter, now)
    limits.count(f"password of {email.strip().casefold()}", 10, quarter, now)
    known = User.objects.filter(email__iexact=email.strip()).values_list("email", flat=True).first()
    user = authenticate(None, email=known or email, password=password)
    if not isinstance(user, User):
        raise Refused("bad_password", _("The e-mail or the password is not right."), field="password")
    if guest is not None:
        take_over(guest, user, now)
    return user


def change_password(user: User, old: str, new: str, *, now: datetime) -> User:
    """Give ``user`` the password ``new``; ``old`` proves that it is them.

    Raises ``Refused`` (``bad_password``, ``weak_password``; ``too_many``: ten tries in a quarter of an hour).
    Not to be called in a transaction: tries count.
    """
    limits.count(f"password changed by {user.pk}", 10, timedelta(minutes=15), now)
    if not check_password(old, user.password):
        raise Refused("bad_password", _("That is not your present password."), field="password_now")
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Refused("weak_password", " ".join(error.messages), field="password_new") from error
    user.set_password(new)
    user.save(update_fields=["password"])
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
