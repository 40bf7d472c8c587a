"""Whether somebody has signed in with this browser before: a signed cookie knows it, we keep nothing.

A desk that several people share knows several of them. Whoever has emptied their browser gets one message too
many, which is better than one too few.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from silin.accounts.models import User
from silin.accounts.sessions import NOTED
from silin.lib.personal import keyed_hash

COOKIE = "known"
SALT = "accounts.known"
LASTS = timedelta(days=400)
PEOPLE_AT_MOST = 12


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether ``user`` has signed in here before, or never anywhere: then there is nobody to be warned."""
    here = request.user
    if user.last_login is None or (isinstance(here, User) and here.pk == user.pk):
        return True
    return _mark(str(user.pk)) in _marks(request)


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the browser know whoever is signed in here; costs no statement."""
    session = request.session
    if not session.get(NOTED) or SESSION_KEY not in session:
        return
    mark, marks = _mark(session[SESSION_KEY]), _marks(request)
    if mark not in marks:
        response.set_cookie(
            COOKIE,
            signing.dumps([*marks, mark][-PEOPLE_AT_MOST:], salt=SALT),
            int(LASTS.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )


def _marks(request: HttpRequest) -> list[str]:
    try:
        return [str(each) for each in signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)]
    except signing.BadSignature:
        return []


def _mark(pk: str) -> str:
    return keyed_hash("known", pk)[:16]
