"""Secrets that work once: the code that is sent to a phone, the link or slip that leads to one thing.

Only a keyed hash is kept. A code is six digits, good for ten minutes and five tries, and always tied to its
subject (of a phone: its hash); a link's secret is sixteen readable characters and found by itself. Redeem a
code outside a transaction: one that is rolled back forgets the wrong try.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits
from silin.accounts.models import OneTimeToken
from silin.lib.ids import draw, read_signs
from silin.lib.personal import keyed_hash
from silin.lib.refusal import Refused

LINK_LENGTH = 16
CODE_LENGTH = 6
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
KEPT_AFTER_END = timedelta(days=30)
BLANK = re.compile(r"\{(\w+)\|([^|{}]+)\|(\d+)\}")


def issue(purpose: str, subject: str, lifetime: timedelta, now: datetime) -> str:
    """A new secret for a link or a slip: sixteen characters without 0, O, 1 and I (80 bits)."""
    secret = draw(LINK_LENGTH)
    _keep(purpose, subject, _link_hash(purpose, secret), now, lifetime)
    return secret


def blank(purpose: str, subject: str, lifetime: timedelta) -> str:
    """What stands in the link of a queued message until it goes out: no secret lies in a queue."""
    return f"{{{purpose}|{subject}|{lifetime.days}}}"


def filled(link: str, now: datetime) -> str:
    """``link`` as it goes out: a new secret in the place of each blank."""
    return BLANK.sub(lambda found: issue(found[1], found[2], timedelta(days=int(found[3])), now), link)


def issue_code(purpose: str, subject: str, now: datetime) -> str:
    """A new code of six digits to be sent to ``subject``; the one before it stops working."""
    code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
    _keep(purpose, subject, _code_hash(purpose, subject, code), now, CODE_LASTS)
    return code


def redeem(purpose: str, secret: str, now: datetime, subject: str | None = None) -> OneTimeToken:
    """Use up the token of ``secret``, as it was typed or clicked; of two at once one wins.

    A code needs its ``subject``; for a link it is checked when given. Raises ``Refused`` with code
    ``token_unknown``, ``token_expired`` (or tried too often) or ``token_used``.
    """
    plain = read_signs(secret)
    if subject is not None and len(plain) == CODE_LENGTH:
        return _redeem_code(purpose, plain, subject, now)
    return _redeem_link(purpose, plain, subject, now)


def redeem_typed(purpose: str, code: str, *, subject: str, address: str, now: datetime) -> None:
    """Use up the code that was sent to ``subject``, as somebody at the network address typed it.

    Raises ``Refused`` (``too_many``: sixty tries an hour from one address; as ``redeem``). Not to be called
    in a transaction: a wrong try has to be counted.
    """
    limits.count(f"code tried from {address}", 60, timedelta(hours=1), now)
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isalnum())
    if len(typed) != CODE_LENGTH:
        raise Refused("token_unknown", _("A code has six digits. Please look again."), field="code")
    redeem(purpose, typed, now, subject=subject)


def find(purpose: str, secret: str, now: datetime) -> OneTimeToken:
    """The token of a link that is still good, without using it up: for the page behind the link.

    Raises ``Refused`` as ``redeem`` does.
    """
    token = look(purpose, secret)
    if token.used_at is not None:
        raise _link_used()
    if token.expires_at <= now:
        raise Refused("token_expired", _("This link is too old to work."))
    return token


def look(purpose: str, secret: str) -> OneTimeToken:
    """The token of a link, be it used or too old: to answer somebody who comes a second time.

    Raises ``Refused`` (``token_unknown``).
    """
    token = OneTimeToken.objects.filter(secret_hash=_link_hash(purpose, read_signs(secret))).first()
    if token is None:
        raise Refused("token_unknown", _("This link leads nowhere. Was it copied whole?"))
    return token


def spend(purpose: str, subject: str, now: datetime) -> None:
    """Use up whatever is still good for ``subject``: what it was for has been done another way."""
    OneTimeToken.objects.filter(purpose=purpose, subject=subject, used_at=None).update(used_at=now)


def forget(now: datetime) -> None:
    """Delete the tokens that ended a month ago or longer."""
    OneTimeToken.objects.filter(expires_at__lt=now - KEPT_AFTER_END).delete()


def _keep(purpose: str, subject: str, secret_hash: str, now: datetime, lifetime: timedelta) -> None:
    OneTimeToken.objects.create(
        purpose=purpose, subject=subject, secret_hash=secret_hash, made_at=now, expires_at=now + lifetime
    )


def _redeem_link(purpose: str, secret: str, subject: str | None, now: datetime) -> OneTimeToken:
    token = find(purpose, secret, now)
    if subject is not None and token.subject != subject:
        raise Refused("token_unknown", _("This link leads nowhere. Was it copied whole?"))
    if not OneTimeToken.objects.filter(pk=token.pk, used_at=None).update(used_at=now):
        raise _link_used()
    token.used_at = now
    return token


def _redeem_code(purpose: str, code: str, subject: str, now: datetime) -> OneTimeToken:
    """Try the subject's newest code.

    Every answer hangs on one conditional UPDATE: a hundred guesses at once are still five tries, and a right
    one after them learns no more than a wrong one.
    """
    tokens = OneTimeToken.objects.filter(purpose=purpose, subject=subject).order_by("-made_at", "-id")
    token = tokens.first()
    if token is None:
        raise _wrong_code()
    live = OneTimeToken.objects.filter(pk=token.pk, used_at=None, tries__lt=CODE_TRIES, expires_at__gt=now)
    tried = F("tries") + 1
    if live.filter(secret_hash=_code_hash(purpose, subject, code)).update(used_at=now, tries=tried):
        token.refresh_from_db()
        return token
    if live.update(tries=tried):
        raise _wrong_code()
    token.refresh_from_db()
    if token.used_at is not None:
        raise Refused("token_used", _("That code has been used. Please ask for a new one."), field="code")
    raise Refused("token_expired", _("That code no longer works. Please ask for a new one."), field="code")


def _link_used() -> Refused:
    return Refused("token_used", _("This link has been used already. It works once."))


def _wrong_code() -> Refused:
    return Refused("token_unknown", _("That is not the code. Please look again."), field="code")


def _link_hash(purpose: str, secret: str) -> str:
    return keyed_hash("link", f"{purpose} {secret}")


def _code_hash(purpose: str, subject: str, code: str) -> str:
    return keyed_hash("code", f"{purpose} {subject} {code}")
