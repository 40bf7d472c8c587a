"""A desk machine that several people share locks itself when nobody has done anything for a while.

Watched is a session that has shown both factors and has been at the desk; ``settings.IDLE_MINUTES`` names the
function (user, now) that says after how many minutes it locks (none: never). What was sent when it locked
already waits in the session, encrypted, until its person is back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits, second_factor
from silin.accounts.models import User
from silin.accounts.sessions import NOTED
from silin.accounts.signing_in import TWO_FACTORS
from silin.lib.http import wants_json
from silin.lib.keyring import decrypt, encrypt
from silin.lib.refusal import Refused

IDLE = "idle"  # in the session: when its person last did something, and whether it is locked
KEPT = "kept"  # in the session: what was sent meanwhile
EVERY = timedelta(seconds=20)
SHOWN_FOR_DAYS = ("/wall/", "/open/")  # a screen on the wall is looked at, nobody touches it
KEPT_AT_MOST = 5
BYTES_AT_MOST = 64 * 1024
TRIES = 10

Minutes = Callable[[User, datetime], int]


@dataclass(frozen=True)
class Kept:
    """What somebody sent to ``url`` when the page was locked; no ``fields`` where they could not be kept."""

    url: str
    fields: list[list[str]]

    @property
    def words(self) -> list[str]:
        """What of it a person has written, as far as one can tell words from keys and choices."""
        return [value for _name, value in self.fields if not value.isascii()]


def is_locked(request: HttpRequest, user: User, now: datetime) -> bool:
    """Whether this session is locked now; what a person does moves its clock, what a page asks by itself not.

    Asks for the minutes only where something may have run out.
    """
    session = request.session
    if not _is_watched(request) or request.path.startswith(SHOWN_FOR_DAYS):
        return False
    state = session.get(IDLE)
    if state is None:
        if request.path.startswith(settings.STAFF_PAGES) and not request.path.startswith("/w/"):
            _move(session, now)
        return False
    if state["locked"]:
        return True
    gone = now - (parse_datetime(state["at"]) or now)
    if gone >= timedelta(minutes=1) and _has_run_out(user, gone, now):
        lock(request)
        return True
    if gone >= EVERY and not asks_by_itself(request):
        _move(session, now)
    return False


def asks_by_itself(request: HttpRequest) -> bool:
    """Whether a page asked, not a person: live parts and the shapes of a map."""
    live = request.headers.get("X-Fragment") == "live"
    return request.method in ("GET", "HEAD") and (live or wants_json(request))


def is_marked(request: HttpRequest) -> bool:
    """Whether the session was locked."""
    return bool(request.session.get(IDLE, {}).get("locked"))


def lock(request: HttpRequest) -> None:
    """Lock this session; nothing happens to one that is not watched."""
    state = request.session.get(IDLE)
    if state is not None and _is_watched(request):
        request.session[IDLE] = {**state, "locked": True}


def unlock(request: HttpRequest, user: User, secret: str, now: datetime) -> None:
    """Let ``user`` go on after their password or a code of the moment.

    Raises ``Refused`` (``bad_secret``; ``bad_code``; ``too_many``: ten tries in a quarter of an hour). Not to
    be called in a transaction: tries count.
    """
    limits.count(f"unlock of {user.pk}", TRIES, timedelta(minutes=15), now)
    if secret.strip().isdecimal() and len(secret.strip()) == 6:
        second_factor.check(user, secret, now)
    elif not check_password(secret, user.password):  # the user's own would renew an old hash: signed out
        raise Refused("bad_secret", _("That is neither the password nor the code."), field="secret")
    _move(request.session, now)


def keep(request: HttpRequest) -> None:
    """Keep what was sent, for after the lock: no files, no passwords, no more than 64 KB."""
    pairs = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    plain = json.dumps(pairs)
    fits = len(plain) <= BYTES_AT_MOST and not request.FILES
    secret = encrypt(plain) if fits and not any("password" in name for name, _value in pairs) else ""
    url = request.get_full_path()
    others = [each for each in request.session.get(KEPT, []) if each["url"] != url]
    request.session[KEPT] = [*others, {"url": url, "fields": secret}][-KEPT_AT_MOST:]


def kept(request: HttpRequest) -> list[Kept]:
    """What waits to be sent again."""
    rows = request.session.get(KEPT, [])
    return [Kept(row["url"], json.loads(decrypt(row["fields"])) if row["fields"] else []) for row in rows]


def drop(request: HttpRequest, url: str) -> None:
    """What waited for ``url`` has been sent, or its person does not want it any more."""
    rows = request.session.get(KEPT, [])
    rest = [each for each in rows if each["url"] != url]
    if len(rest) < len(rows):
        request.session[KEPT] = rest


def _is_watched(request: HttpRequest) -> bool:
    session = request.session
    return bool(
        settings.IDLE_MINUTES and session.get(NOTED) and session.get(BACKEND_SESSION_KEY) == TWO_FACTORS
    )


def _has_run_out(user: User, gone: timedelta, now: datetime) -> bool:
    ask: Minutes = import_string(settings.IDLE_MINUTES)
    minutes = ask(user, now)
    return minutes > 0 and gone >= timedelta(minutes=minutes)


def _move(session: SessionBase, now: datetime) -> None:
    session[IDLE] = {"at": now.isoformat(), "locked": False}
