"""The second factor of staff: a code of the moment from an app on their phone, or a recovery code from paper.

Who needs one is said by ``settings.SECOND_FACTOR_FOR``, a function (user, now) of a higher room. A session
that has shown only a password or a text message opens nothing of what a post opens.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits, news, tokens
from silin.accounts.models import OneTimeToken, SecondFactor, User
from silin.accounts.sessions import end_sessions
from silin.lib.refusal import Refused

RECOVERY = "recovery"
RECOVERY_CODES = 8
RECOVERY_LASTS = timedelta(days=3650)
STEP = 30
DRIFT = 1
TRIES = 10
ISSUER = "Silin"

Needs = Callable[[User, datetime], bool]


def needs(user: User, now: datetime) -> bool:
    """Whether ``user`` has to show a second factor before staff pages open."""
    if not settings.SECOND_FACTOR_FOR:
        return False
    ask: Needs = import_string(settings.SECOND_FACTOR_FOR)
    return ask(user, now)


def of(user: User) -> SecondFactor | None:
    """The second factor of ``user`` that is in force."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def begin(user: User) -> SecondFactor:
    """A secret for a phone that is still to show a code of it; the same one until it has."""
    factor, _made = SecondFactor.objects.get_or_create(user=user, defaults={"secret": pyotp.random_base32()})
    return factor


def address(factor: SecondFactor) -> str:
    """What the square code on the page says to the app."""
    name = factor.user.email or factor.user.name or str(factor.user_id)
    return pyotp.TOTP(factor.secret).provisioning_uri(name=name, issuer_name=ISSUER)


def confirm(user: User, code: str, now: datetime) -> list[str]:
    """Put the secret in force by the first code from it; the recovery codes, which are never shown again.

    Raises ``Refused`` (``bad_code``, ``too_many``). Not to be called in a transaction: tries count.
    """
    _count(user, now)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        if factor is None or not _take(factor, _plain(code), now):
            raise _bad_code()
        factor.confirmed_at = now
        factor.save(update_fields=["confirmed_at"])
        news.tell(user, news.SECOND_FACTOR_SET_UP, now)
        return _new_recovery_codes(user, now)


def make_new_codes(user: User, code: str, now: datetime) -> list[str]:
    """New recovery codes, shown once, in the place of the old ones; ``code`` proves that it is them.

    Raises ``Refused`` as ``check`` does. Not to be called in a transaction: tries count.
    """
    check(user, code, now)
    with transaction.atomic():
        SecondFactor.objects.select_for_update().get(user=user)
        news.tell(user, news.RECOVERY_CODES_MADE, now)
        return _new_recovery_codes(user, now)


def codes_left(user: User) -> int:
    """How many recovery codes still let ``user`` in."""
    return OneTimeToken.objects.filter(purpose=RECOVERY, subject=str(user.pk), used_at=None).count()


def begin_anew(user: User, code: str, now: datetime) -> None:
    """Forget the phone of ``user``, who showed a code of it or from paper: another one is set up next.

    All their sessions end. Raises ``Refused`` as ``check`` does. Not to be called in a transaction.
    """
    check(user, code, now)
    reset(user)


def check(user: User, code: str, now: datetime) -> None:
    """Take a code of the moment, or a recovery code; each works once, also when it is sent twice at once.

    Raises ``Refused`` (``bad_code``, ``too_many``: ten tries in a quarter of an hour). Not to be called in a
    transaction: tries count.
    """
    _count(user, now)
    plain = _plain(code)
    factor = of(user)
    if factor is not None and len(plain) == pyotp.TOTP(factor.secret).digits:
        if _take(factor, plain, now):
            return
    elif factor is not None:
        try:
            tokens.redeem(RECOVERY, plain, now, subject=str(user.pk))
            return
        except Refused as refusal:
            raise _bad_code() from refusal
    raise _bad_code()


@transaction.atomic
def reset(user: User) -> None:
    """Forget the phone of ``user`` and end their sessions; they set up another at the next sign-in."""
    SecondFactor.objects.filter(user=user).delete()
    _forget_recovery_codes(user)
    end_sessions(user)


def _take(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Whether ``code`` is that of this half minute or its neighbours and later than the last one taken.

    One conditional UPDATE: of two that send the same code at once, one is let in.
    """
    totp, here = pyotp.TOTP(factor.secret), int(now.timestamp()) // STEP
    for step in range(here - DRIFT, here + DRIFT + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            rows = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return rows.update(last_step=step) == 1
    return False


def _new_recovery_codes(user: User, now: datetime) -> list[str]:
    _forget_recovery_codes(user)
    codes = [tokens.issue(RECOVERY, str(user.pk), RECOVERY_LASTS, now) for _ in range(RECOVERY_CODES)]
    return [" ".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _forget_recovery_codes(user: User) -> None:
    OneTimeToken.objects.filter(purpose=RECOVERY, subject=str(user.pk)).delete()


def _count(user: User, now: datetime) -> None:
    limits.count(f"second factor of {user.pk}", TRIES, timedelta(minutes=15), now)


def _plain(code: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isalnum())


def _bad_code() -> Refused:
    words = _("That is not the code, or it has been used. Wait for the next one.")
    return Refused("bad_code", words, field="code")
