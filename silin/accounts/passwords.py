"""New passwords: with the present one, or by a link that works once.

``INVITATION`` and ``FORGOTTEN`` are links for a queued message (``notices.Message(link=…)``): the secret in
them is drawn when the message goes out (``with_secret``), so that it lies in no queue and no backup. Whoever
invites a colleague queues ``Message("invited", user, {"name": …}, link=passwords.INVITATION, channel="sms")``
(or ``"email"``): it leads to the page on which they choose their first password, and works for a week; after
that the page itself offers a new one. The second factor is asked all the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits, news, tokens
from silin.accounts.models import User
from silin.accounts.sessions import end_sessions
from silin.lib.personal import phone_hash
from silin.lib.refusal import Refused

SET_PASSWORD = "set_password"
FORGOTTEN, INVITATION = "/set-password/{hour}/", "/set-password/{week}/"
LASTS = {"{hour}": timedelta(hours=1), "{week}": timedelta(days=7)}
AFTER_CODE = timedelta(minutes=15)


def change_password(user: User, old: str, new: str, *, now: datetime) -> User:
    """Give ``user`` the password ``new``; ``old`` proves that it is them.

    Raises ``Refused`` (``bad_password``, ``weak_password``; ``too_many``: ten tries in a quarter of an hour).
    Not to be called in a transaction: tries count.
    """
    limits.count(f"password changed by {user.pk}", 10, timedelta(minutes=15), now)
    if not check_password(old, user.password):
        raise Refused("bad_password", _("That is not your present password."), field="password_now")
    _look_at(new, user)
    with transaction.atomic():
        _give(user, new, now)
    return user


def ask_for_link(email: str, *, address: str, now: datetime) -> None:
    """Send a link for a new password to whoever has this e-mail; nobody learns here whether anybody has.

    Raises ``Refused`` (``too_many``: three in ten minutes and ten a day for one e-mail, forty an hour from
    one network address). Not to be called in a transaction: askings count.
    """
    limits.count(f"password link from {address}", 40, timedelta(hours=1), now)
    plain = email.strip().casefold()
    limits.count(f"password link to {plain}", 3, timedelta(minutes=10), now)
    limits.count(f"password link to {plain}", 10, timedelta(days=1), now)
    user = User.objects.filter(email__iexact=plain, is_active=True).first()
    if user is not None:
        news.tell(user, news.PASSWORD_LINK, now)


def link_for_code(phone: str, code: str, *, address: str, now: datetime) -> str:
    """The secret of a link for the account of whoever holds ``phone`` and knows the code sent to it.

    Raises ``Refused`` (``no_account``, said only to who holds the phone; ``too_many``; as ``tokens.redeem``).
    Not to be called in a transaction: a wrong try has to be counted.
    """
    tokens.redeem_typed(SET_PASSWORD, code, subject=phone_hash(phone), address=address, now=now)
    user = User.objects.by_phone(phone)
    if user is None or not user.is_active:
        words = _("Nobody has an account with this number. Sign in with a code: that makes one.")
        raise Refused("no_account", words, field="code")
    return tokens.issue(SET_PASSWORD, str(user.pk), AFTER_CODE, now)


def with_secret(link: str, user: User, now: datetime) -> str:
    """``link`` as it goes out: where it has a blank for a secret, with a new one for ``user``."""
    for blank, lasts in LASTS.items():
        if blank in link:
            return link.replace(blank, tokens.issue(SET_PASSWORD, str(user.pk), lasts, now))
    return link


def owner_of_link(secret: str, now: datetime) -> User:
    """Whose link it is, without using it up. Raises ``Refused`` as ``tokens.find`` does."""
    token = tokens.find(SET_PASSWORD, secret, now)
    user = User.objects.filter(pk=token.subject, is_active=True).first()
    if user is None:
        raise Refused("token_unknown", _("This link leads nowhere. Was it copied whole?"))
    return user


def set_by_link(secret: str, new: str, *, now: datetime) -> User:
    """Give the owner of the link the password ``new``; their sessions end, other links stop working.

    Of two at once one wins. Raises ``Refused`` (``weak_password``, which leaves the link as it is; as
    ``tokens.redeem``).
    """
    _look_at(new, owner_of_link(secret, now))
    with transaction.atomic():
        token = tokens.redeem(SET_PASSWORD, secret, now)
        user = User.objects.select_for_update().get(pk=token.subject)
        _give(user, new, now)
        tokens.spend(SET_PASSWORD, token.subject, now)
        end_sessions(user)
    return user


def _look_at(new: str, user: User) -> None:
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Refused("weak_password", " ".join(error.messages), field="password_new") from error


def _give(user: User, new: str, now: datetime) -> None:
    user.set_password(new)
    user.save(update_fields=["password"])
    news.tell(user, news.PASSWORD_CHANGED, now)
