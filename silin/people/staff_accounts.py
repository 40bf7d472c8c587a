"""Helping a colleague whose phone is lost, and ending what somebody else does with their account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import second_factor, sessions
from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import NotAllowed, NotFound
from silin.lib.text import clean_words
from silin.notices.actions import Message, queue
from silin.people import queries
from silin.people.account_news import on_every_way
from silin.people.models import Holding, today

EDIT = "people.edit"
REASON_AT_MOST = 200


def may_help(actor: User, user: User, now: datetime) -> bool:
    """Whether ``actor`` gives posts over every post that ``user`` holds; nobody helps themselves."""
    posts = queries.posts_of(user, now)
    return actor.pk != user.pk and bool(posts) and all(actor.has_perm(EDIT, post) for post in posts)


def whom_to_help(actor: User, users: Iterable[User], now: datetime) -> set[UUID]:
    """Whose accounts of ``users`` are ``actor``'s to help with: as ``may_help``, in one statement."""
    rows = Holding.objects.current(today(now)).filter(user__in=list(users)).exclude(user=actor)
    all_mine: dict[UUID, bool] = {}
    for each in rows.select_related("post__place"):
        all_mine[each.user_id] = all_mine.get(each.user_id, True) and actor.has_perm(EDIT, each.post)
    return {user for user, mine in all_mine.items() if mine}


@transaction.atomic
def reset_second_factor(user: User, *, reason: str, actor: User, now: datetime) -> None:
    """Let ``user`` set up another phone; their sessions end, and the other administrators are told.

    Raises ``NotFound``, ``NotAllowed`` or ``Refused`` (``missing``, ``too_long``).
    """
    words = clean_words(reason, field="reason", at_least=2, at_most=REASON_AT_MOST)
    user = _locked(user, actor, now)
    second_factor.reset(user)
    record(subject=f"user:{user.pk}", action="reset_second_factor", actor=actor, now=now, words=words)
    params = {"person": str(user), "actor": str(actor), "reason": words}
    told = {user.pk: user, **{each.pk: each for each in _administrators(user, now)}}
    told.pop(actor.pk, None)
    others = [Message("second_factor_reset", each, params) for each in told.values() if each.pk != user.pk]
    queue([*others, *on_every_way(user, "second_factor_reset", params)], now=now)


@transaction.atomic
def end_sessions_of(user: User, *, actor: User, now: datetime) -> None:
    """Sign ``user`` out everywhere. Raises ``NotFound``, ``NotAllowed``."""
    user = _locked(user, actor, now)
    sessions.end_sessions(user)
    record(subject=f"user:{user.pk}", action="end_sessions", actor=actor, now=now)
    queue(on_every_way(user, "sessions_ended", {"actor": str(actor)}), now=now)


def _locked(user: User, actor: User, now: datetime) -> User:
    row = User.objects.select_for_update().filter(pk=user.pk).first()
    if row is None:
        raise NotFound
    if not may_help(actor, row, now):
        raise NotAllowed(_("Only whoever gives all posts of this person may do that."))
    return row


def _administrators(user: User, now: datetime) -> list[User]:
    """Who gives posts at or above a post of ``user``."""
    places = {place for post in queries.posts_of(user, now) for place in post.place.path_ids}
    rows = Holding.objects.current(today(now)).filter(post__place__in=places)
    found = rows.select_related("user", "post__kind").order_by("user_id")
    return [each.user for each in found if EDIT in each.post.kind.capabilities]
