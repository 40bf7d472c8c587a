"""Where somebody is signed in, and ending it from elsewhere.

Django's own session row decides; ours says which device it is. A person's ``sessions_ended`` is part of what
every session of theirs is checked against, so ``end_sessions`` also ends one that nobody has noted yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.sessions.models import Session as DjangoSession
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from silin.accounts.models import Session, User
from silin.lib.devices import device_words, short_network
from silin.lib.refusal import NotFound

NOTED = "noted"  # in the session: which row of ours it has, and when that was last brought up to date
EVERY = timedelta(minutes=5)


def enter(request: HttpRequest, user: User, backend: str) -> None:
    """Sign ``user`` in on this device; the cookie gets a new key, also for somebody who was here before."""
    now = timezone.now()
    login(request, user, backend=backend)
    request.session.cycle_key()
    if not user.is_guest:
        _begin(request, user, now)


def leave(request: HttpRequest) -> None:
    """Sign out on this device."""
    Session.objects.filter(key=request.session.session_key or "").delete()
    logout(request)


def note(request: HttpRequest, now: datetime) -> None:
    """Keep up to date what the list of sessions says of this one: at most once in five minutes.

    A session that was ended while its request ran is not brought back.
    """
    session = request.session
    noted: dict[str, str] = session.get(NOTED, {})
    if not noted or not session.session_key:
        return
    if noted["key"] != session.session_key or _is_old(noted, now):
        rows = Session.objects.filter(pk=noted["row"])
        if rows.update(**_seen(request, session.session_key, now)):
            session[NOTED] = {**noted, "key": session.session_key, "at": now.isoformat()}


def sessions_of(user: User, now: datetime) -> QuerySet[Session]:
    """Where ``user`` is signed in, the one seen last first."""
    alive = DjangoSession.objects.filter(session_key=OuterRef("key"), expire_date__gt=now)
    return Session.objects.filter(Exists(alive), user=user).order_by("-seen_at", "-id")


@transaction.atomic
def end_session(user: User, session_id: UUID) -> None:
    """Sign ``user`` out on one device. Raises ``NotFound`` where they have no such session (any more)."""
    row = Session.objects.select_for_update().filter(user=user, pk=session_id).first()
    if row is None:
        raise NotFound
    DjangoSession.objects.filter(session_key=row.key).delete()
    row.delete()


@transaction.atomic
def end_sessions(user: User) -> None:
    """Sign ``user`` out everywhere: whoever leaves, loses a phone or gets a new password."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
    rows = Session.objects.filter(user=user)
    DjangoSession.objects.filter(session_key__in=list(rows.values_list("key", flat=True))).delete()
    rows.delete()


def end_other_sessions(request: HttpRequest, user: User, now: datetime) -> None:
    """Sign ``user`` out everywhere but here; the cookie gets a new key."""
    end_sessions(user)
    update_session_auth_hash(request, user)
    request.session.save()
    _begin(request, user, now)


def forget(now: datetime) -> None:
    """Delete Django's sessions that ran out, and ours that have none of Django's any more."""
    DjangoSession.objects.filter(expire_date__lt=now).delete()
    alive = DjangoSession.objects.filter(session_key=OuterRef("key"))
    Session.objects.filter(~Exists(alive)).delete()


def _begin(request: HttpRequest, user: User, now: datetime) -> None:
    key, had = str(request.session.session_key), request.session.get(NOTED, {})
    Session.objects.filter(pk=had.get("row")).delete()
    row = Session.objects.create(user=user, began_at=now, **_seen(request, key, now))
    request.session[NOTED] = {"row": str(row.pk), "key": key, "at": now.isoformat()}


def _seen(request: HttpRequest, key: str, now: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "device": device_words(request.headers.get("User-Agent", "")),
        "network": short_network(str(request.META.get("REMOTE_ADDR", ""))),
        "seen_at": now,
    }


def _is_old(noted: dict[str, str], now: datetime) -> bool:
    at = parse_datetime(noted["at"])
    return at is None or now - at >= EVERY
