"""The rows that a dispute adds to the engine's table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.dispute.models import Dispute
from silin.lib.refusal import Words
from silin.matters.models import Matter, State
from silin.matters.table import Action, Who, holder, level_above, onlooker


def of(matter: Matter) -> Dispute:
    """What lies beside the matter; read once."""
    return matter.dispute


def files(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever has it, until the signed agreement is filed."""
    return of(matter).waits_for_scan and holder(matter, user, now)


def visits(matter: Matter, user: User, now: datetime) -> bool:
    """Another post than the one that mediated, or the level above."""
    apart = matter.handler_id != user.pk and not holder(matter, user, now)
    looks = level_above(matter, user, now) or user.has_perm("matters.verify", matter)
    return apart and looks and onlooker(matter, user, now)


_RAISED, _ASSIGNED, _IN_HAND, _WAITING, _ANSWERED, _CLOSED, _WITHDRAWN = (state.value for state in State)
_RUNNING = (_RAISED, _ASSIGNED, _IN_HAND, _WAITING)
_OPEN = (*_RUNNING, _ANSWERED)


def _row(
    name: str,
    title: Words,
    told: Words,
    before: tuple[str, ...],
    after: tuple[str, ...],
    *who: Who,
    **more: Any,
) -> Action:
    return Action(name, title, before, after, who, told=told, **more)


ACTIONS = (
    _row(
        "risk",
        _("graded the risk"),
        _("%(who)s graded the risk: %(team)s"),
        _RUNNING,
        _RUNNING,
        onlooker,
        words=True,
        inner=True,
    ),
    _row(
        "arrange", _("arranged a meeting"), _("%(who)s arranged a meeting"), (_IN_HAND,), (_IN_HAND,), holder
    ),
    _row("mediate", _("mediated"), _("%(who)s mediated"), (_IN_HAND,), (_IN_HAND,), holder, words=True),
    _row(
        "settle",
        _("wrote down what was agreed"),
        _("%(who)s wrote down what was agreed"),
        (_IN_HAND,),
        (_ANSWERED,),
        holder,
        words=True,
    ),
    _row(
        "file",
        _("filed the signed agreement"),
        _("%(who)s filed the signed agreement"),
        (_ANSWERED,),
        (_ANSWERED,),
        files,
        inner=True,
    ),
    _row(
        "visit",
        _("went to see how it is"),
        _("%(who)s went to see how it is"),
        (_ANSWERED,),
        (_CLOSED, _IN_HAND),
        visits,
        words=True,
    ),
    _row(
        "watch",
        _("looked how it stands"),
        _("%(who)s looked how it stands"),
        _OPEN,
        _OPEN,
        level_above,
        words=True,
        inner=True,
    ),
    _row(
        "remind",
        _("was reminded"),
        _("A day came; those concerned were told"),
        _OPEN,
        _OPEN,
        clock=True,
        inner=True,
    ),
)
