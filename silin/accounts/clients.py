"""Systems that come in with a key (对接应用): their keys, how far a key goes, and how often it may be used.

What a system may do and where follows from the posts of its account, as with everybody; ``people.clients``
makes and ends clients. Used by every door that takes a key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits
from silin.accounts.models import Client, User
from silin.lib.by_hand import Read
from silin.lib.ids import draw, new_id
from silin.lib.personal import keyed_hash
from silin.lib.refusal import NotAllowed, Refused, Words
from silin.lib.text import clean_words

SCOPES: dict[str, Words] = {
    "read": _("read the matters that its post lets it see"),
    "raise": _("put new matters down, with photos"),
    "act": _("take, handle and answer what is in the hands of its post"),
    "review": _("pass on how a raiser grades what was done"),
    "feed": _("hear of everything that happens to the matters it sees"),
    "figures": _("read what the places of its post reached in the assessment"),
}
BEGINS = "silin_"
KEY_LENGTH = 32
NAME_AT_MOST = 40
PER_MINUTE, PER_MINUTE_AT_MOST = 120, 6000
MINUTE = timedelta(minutes=1)
NOTED_EVERY = timedelta(minutes=1)
READ = Read(c=(Client, ()), u=(User, ()))
CLIENT = """
SELECT {columns} FROM accounts_client c JOIN accounts_user u ON u.id = c.user_id WHERE c.key_hash = %s
"""
"""Written by hand: it is asked at each call of a system."""


@dataclass(frozen=True)
class Allowance:
    """How many calls a minute a client has, how many are left in this one, in how many seconds it ends."""

    limit: int
    left: int
    seconds: int


def make(
    name: str,
    *,
    scopes: Iterable[str],
    per_minute: int = PER_MINUTE,
    valid_until: date | None = None,
    now: datetime,
    key: str | None = None,
    pk: UUID | None = None,
) -> tuple[Client, str]:
    """A new client with an account that nobody can sign in to, and its key, which is never shown again.

    ``key`` is for the demo alone, whose key everybody knows; ``pk`` is a page's own key for it. Raises
    ``Refused`` (``missing``, ``too_long``, ``unknown_scope``, ``bad_limit``, ``bad_dates``).
    """
    called = clean_words(name, field="name", at_least=2, at_most=NAME_AT_MOST)
    wanted = _checked(scopes, per_minute, valid_until, now)
    user = User(name=called, is_system=True)
    user.set_unusable_password()
    user.save(force_insert=True)
    key = key or new_key()
    client = Client(
        pk=pk or new_id(),
        user=user,
        scopes=wanted,
        per_minute=per_minute,
        valid_until=valid_until,
        made_at=now,
    )
    client.key_hash, client.last_four = _hash(key), key[-4:]
    client.save(force_insert=True)
    return client, key


def renew(client: Client, *, valid_until: date | None, now: datetime, key: str | None = None) -> str:
    """Another key for a client whose row the caller has locked; the old one stops working at once.

    ``key`` as in ``make``. Raises ``Refused`` (``key_ended``, ``bad_dates``).
    """
    if client.ended_at is not None:
        raise _ended()
    _check_day(valid_until, now)
    key = key or new_key()
    client.key_hash, client.last_four, client.valid_until = _hash(key), key[-4:], valid_until
    client.save(update_fields=["key_hash", "last_four", "valid_until"])
    return key


def end(client: Client, *, now: datetime) -> bool:
    """The key stops working, for good; a second time changes nothing. Gives whether it did."""
    if client.ended_at is not None:
        return False
    client.ended_at = now
    client.save(update_fields=["ended_at"])
    return True


def find_client(key: str, now: datetime) -> Client:
    """The client of ``key`` with its account, in one statement.

    It is looked up by its keyed hash, so how long that takes says nothing about other keys.
    Raises ``Refused`` with status 401 (``no_key``, ``key_unknown``, ``key_ended``, ``key_expired``).
    """
    if not key:
        raise Refused("no_key", _("A key is needed here."), status=401)
    found = _found(_hash(key))
    if found is None or not found.user.is_active:
        raise Refused("key_unknown", _("There is no such key."), status=401)
    if found.ended_at is not None:
        raise _ended()
    if found.valid_until is not None and found.valid_until <= localdate(now):
        raise Refused("key_expired", _("This key has run out. The city gives a new one."), status=401)
    return found


def count_call(client: Client, now: datetime) -> Allowance:
    """Count one call of ``client``, and note at most once a minute that its key is in use.

    Raises ``Refused`` (``too_many``, status 429; ``limits.opens_in(MINUTE, now)`` says for how long). Call it
    outside a transaction: one that is rolled back forgets the call.
    """
    n = limits.count(f"client {client.pk}", client.per_minute, MINUTE, now)
    _note(client, now)
    return Allowance(client.per_minute, client.per_minute - n, limits.opens_in(MINUTE, now))


def check_scope(client: Client, scope: str) -> None:
    """Whether the key goes as far as ``scope``. Raises ``NotAllowed`` (``scope``)."""
    if not client.may(scope):
        refusal = NotAllowed(_("This key does not go as far as “%(scope)s”.") % {"scope": scope})
        refusal.code = "scope"
        raise refusal


def new_key() -> str:
    """A key of 160 drawn bits that tells by its first signs what it is."""
    return f"{BEGINS}{draw(KEY_LENGTH)}"


def _found(key_hash: str) -> Client | None:
    with connection.cursor() as cursor:
        cursor.execute(CLIENT.format(columns=READ.columns), [key_hash])
        values = cursor.fetchone()
    if values is None:
        return None
    found = READ.row(Client, values)
    found.user = READ.row(User, values)
    return found


def _note(client: Client, now: datetime) -> None:
    old = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    if client.last_used_at is None or client.last_used_at < now - NOTED_EVERY:
        Client.objects.filter(old, pk=client.pk).update(last_used_at=now)


def _checked(scopes: Iterable[str], per_minute: int, valid_until: date | None, now: datetime) -> list[str]:
    wanted = set(scopes)
    if not wanted:
        raise Refused("missing", _("Please choose what the key is for."), field="scopes")
    if not wanted <= set(SCOPES):
        raise Refused("unknown_scope", _("Nothing is known by that name."), field="scopes")
    if not 1 <= per_minute <= PER_MINUTE_AT_MOST:
        message = _("Between 1 and %(most)s calls a minute.") % {"most": PER_MINUTE_AT_MOST}
        raise Refused("bad_limit", message, field="per_minute")
    _check_day(valid_until, now)
    return [scope for scope in SCOPES if scope in wanted]


def _check_day(valid_until: date | None, now: datetime) -> None:
    if valid_until is not None and valid_until <= localdate(now):
        raise Refused("bad_dates", _("That day is over. Choose a later one."), field="until")


def _ended() -> Refused:
    return Refused("key_ended", _("This key was ended. The city gives a new one."), status=401)


def _hash(key: str) -> str:
    return keyed_hash("client", key)
