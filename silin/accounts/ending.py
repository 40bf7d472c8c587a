"""How long staff stay signed in: at a desk for a working day, on a phone for some weeks.

Begun is a session that has shown both factors and opened a page of staff. ``settings.SESSION_LIMITS`` names
the function (user, now) that says how long it may last (none: for ever); the answer stays in the session, so
that a number changed at noon holds from the next sign-in on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string

from silin.accounts.idle import IDLE, SHOWN_FOR_DAYS
from silin.accounts.models import User
from silin.accounts.signing_in import TWO_FACTORS

LIMIT = "limit"  # in the session: when it began, whether it has been at a desk, and when it ends
TO_FINISH = timedelta(hours=1)  # so long after its end what somebody is just sending still gets through


@dataclass(frozen=True)
class Limits:
    """After how many hours a desk signs its person out, after how many a locked one; after how many days a
    phone does. 0 is never."""

    desk_hours: int
    away_hours: int
    phone_days: int


Ask = Callable[[User, datetime], Limits]


def has_ended(request: HttpRequest, now: datetime) -> bool:
    """Whether the person has to sign in again; asks for the limits only when a session begins to count."""
    session = request.session
    if not settings.SESSION_LIMITS or session.get(BACKEND_SESSION_KEY) != TWO_FACTORS:
        return False
    if request.path.startswith(SHOWN_FOR_DAYS):
        return False
    state: dict[str, Any] | None = session.get(LIMIT)
    desk = _is_desk(request)
    if (state is None or (desk and not state["desk"])) and request.path.startswith(settings.STAFF_PAGES):
        session[LIMIT] = state = _begun(request, state, desk, now)
    if state is None:
        return False
    more = TO_FINISH if request.method == "POST" else timedelta()
    return _is_over(state["until"], now - more) or _is_away(request, state, now)


def _begun(request: HttpRequest, before: dict[str, Any] | None, desk: bool, now: datetime) -> dict[str, Any]:
    user = request.user
    assert isinstance(user, User)
    ask: Ask = import_string(settings.SESSION_LIMITS)
    limits = ask(user, now)
    began = parse_datetime(before["began"]) if before else None
    began = began or now
    lasts = timedelta(hours=limits.desk_hours) if desk else timedelta(days=limits.phone_days)
    until = (began + lasts).isoformat() if lasts else ""
    return {"began": began.isoformat(), "desk": desk, "until": until, "away": limits.away_hours}


def _is_desk(request: HttpRequest) -> bool:
    return request.path.startswith(settings.STAFF_PAGES) and not request.path.startswith("/w/")


def _is_over(until: str, now: datetime) -> bool:
    end = parse_datetime(until) if until else None
    return end is not None and now >= end


def _is_away(request: HttpRequest, state: dict[str, Any], now: datetime) -> bool:
    idle = request.session.get(IDLE)
    if not (state["away"] and idle and idle["locked"]):
        return False
    since = parse_datetime(idle["at"])
    return since is not None and now - since >= timedelta(hours=state["away"])
