"""The rows that a rectification adds to the engine's table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.rectification.models import Rectification
from silin.lib.refusal import Words
from silin.matters.models import Matter, State
from silin.matters.setters import answers
from silin.matters.table import Action, Who, level_above


def of(matter: Matter) -> Rectification:
    """What lies beside the matter; read once."""
    return matter.rectification


def owner(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever has it in hand, or sits at the same desk."""
    return answers(matter, user, now)


def task_setter(matter: Matter, user: User, now: datetime) -> bool:
    """Who set the task, or a desk above that; never whoever answers for it or applied for it."""
    return matter.handler_id != user.pk and level_above(matter, user, now)


_RAISED, _ASSIGNED, _IN_HAND, _WAITING, _ANSWERED, _CLOSED, _WITHDRAWN = (state.value for state in State)


def _row(
    name: str,
    title: Words,
    told: Words,
    before: tuple[str, ...],
    after: tuple[str, ...],
    *who: Who,
    **more: Any,
) -> Action:
    return Action(name, title, before, after, who, told=told, inner=True, **more)


ACTIONS = (
    _row(
        "plan",
        _("said what is done about it"),
        _("%(who)s said what is done about it, by %(until)s"),
        (_ASSIGNED, _IN_HAND),
        (_IN_HAND,),
        owner,
        words=True,
    ),
    _row(
        "apply",
        _("applied to have it struck off"),
        _("%(who)s applied to have it struck off"),
        (_IN_HAND,),
        (_ANSWERED,),
        owner,
        words=True,
    ),
    _row(
        "strike_off",
        _("struck it off"),
        _("%(who)s checked it %(team)s and struck it off"),
        (_ANSWERED,),
        (_CLOSED,),
        task_setter,
        words=True,
    ),
    _row(
        "turn_down",
        _("did not strike it off"),
        _("%(who)s did not strike it off"),
        (_ANSWERED,),
        (_IN_HAND,),
        task_setter,
        words=True,
    ),
    _row(
        "call_off",
        _("called the task off"),
        _("%(who)s called the task off"),
        (_RAISED, _ASSIGNED, _IN_HAND, _WAITING),
        (_WITHDRAWN,),
        task_setter,
        words=True,
        clock=True,
    ),
    _row(
        "remeasure",
        _("looked back"),
        _("%(who)s looked back: %(team)s"),
        (_CLOSED,),
        (_CLOSED, _IN_HAND, _RAISED),
        task_setter,
        clock=True,
    ),
    _row(
        "remind",
        _("was reminded"),
        _("The day to look back came; those concerned were told"),
        (_CLOSED,),
        (_CLOSED,),
        clock=True,
    ),
)
