"""The table of named actions: from which states, to which, by whom. There is no other rule of that sort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.refusal import Words
from silin.matters.models import Matter, State
from silin.people import queries as people

Who = Callable[[Matter, User, datetime], bool]


def holder(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever holds the post in whose hands it is."""
    return matter.holder_id is not None and people.holds(user, matter.holder_id, now)


def raiser(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever raised it."""
    return matter.raiser_id == user.pk


def raiser_verifies(matter: Matter, user: User, now: datetime) -> bool:
    """The raiser, where the kind lets the raiser verify and somebody else handled it."""
    asked = "raiser" in matter.declared.verified_by and matter.handler_id != user.pk
    return asked and raiser(matter, user, now)


def post_verifies(matter: Matter, user: User, now: datetime) -> bool:
    """Another post than the one that handled it, where the kind lets posts verify."""
    asked = "post" in matter.declared.verified_by and matter.handler_id != user.pk
    return asked and not holder(matter, user, now) and user.has_perm("matters.verify", matter)


def desk(matter: Matter, user: User, now: datetime) -> bool:
    """A desk of the community, the street or above."""
    return user.has_perm("matters.triage", matter)


def closing_desk(matter: Matter, user: User, now: datetime) -> bool:
    """A desk that may close, and did not handle it."""
    return matter.handler_id != user.pk and user.has_perm("matters.close", matter)


def reviewer(matter: Matter, user: User, now: datetime) -> bool:
    """The raiser of what somebody else handled."""
    return matter.handler_id != user.pk and raiser(matter, user, now)


def onlooker(matter: Matter, user: User, now: datetime) -> bool:
    """Anybody who may see it: the raiser, whoever has it in hand, and posts whose place it lies in."""
    mine = raiser(matter, user, now) or holder(matter, user, now)
    joined = matter.joined_id is not None and people.holds(user, matter.joined_id, now)
    return mine or joined or user.has_perm("matters.see", matter)


@dataclass(frozen=True)
class Action:
    """One row of the table; ``words``: the action needs words, ``clock``: the clock may do it."""

    name: str
    title: Words
    before: tuple[str, ...]
    after: tuple[str, ...]
    who: tuple[Who, ...] = ()
    words: bool = False
    clock: bool = False


_RAISED, _ASSIGNED, _IN_HAND, _WAITING, _ANSWERED, _CLOSED, _WITHDRAWN = (state.value for state in State)
_RUNNING = (_RAISED, _ASSIGNED, _IN_HAND)
_OPEN = (*_RUNNING, _WAITING, _ANSWERED)
_KNOWN = (*_OPEN, _CLOSED)

ACTIONS: dict[str, Action] = {
    row.name: row
    for row in (
        Action("raise", _("reported it"), (), (_RAISED, _ASSIGNED)),
        Action("settle_at_once", _("settled it on the spot"), (), (_ANSWERED,)),
        Action("triage", _("sorted it"), (_RAISED, _ASSIGNED), (_RAISED, _ASSIGNED, _CLOSED), (desk,)),
        Action("dispatch", _("sent it on"), (*_RUNNING, _WAITING), (_ASSIGNED,), (desk,)),
        Action("release", _("said who may read it"), _KNOWN, _KNOWN, (desk,)),
        Action("accept", _("took it"), (_ASSIGNED,), (_IN_HAND,), (holder,)),
        Action("return", _("gave it back"), (_ASSIGNED, _IN_HAND), (_RAISED,), (holder,), words=True),
        Action("pause", _("stopped the clock"), (_IN_HAND,), (_WAITING,), (holder,), words=True),
        Action("resume", _("went on"), (_WAITING,), (_IN_HAND,), (holder,), clock=True),
        Action("answer", _("reported it done"), (_IN_HAND,), (_ANSWERED, _CLOSED), (holder,), words=True),
        Action("verify", _("confirmed it"), (_ANSWERED,), (_CLOSED,), (raiser_verifies, post_verifies)),
        Action(
            "reject",
            _("said: not yet"),
            (_ANSWERED,),
            (_IN_HAND,),
            (raiser_verifies, post_verifies),
            words=True,
        ),
        Action(
            "close", _("closed it"), (_RAISED, _ASSIGNED, _ANSWERED), (_CLOSED,), (closing_desk,), clock=True
        ),
        Action("review", _("gave a review"), (_CLOSED,), (_CLOSED,), (reviewer,)),
        Action(
            "reopen",
            _("opened it again"),
            (_CLOSED,),
            (_IN_HAND, _RAISED),
            (raiser, closing_desk),
            words=True,
        ),
        Action("withdraw", _("took it back"), (_RAISED, _ASSIGNED), (_WITHDRAWN,), (raiser,)),
        Action("comment", _("wrote"), _OPEN, _OPEN, (onlooker,), words=True),
        Action("warn", _("is soon due"), _RUNNING, _RUNNING, clock=True),
        Action("overdue", _("ran out of time"), _RUNNING, _RUNNING, clock=True),
        Action("escalate", _("was reported one level up"), _RUNNING, _RUNNING, clock=True),
    )
}


def allowed(matter: Matter, user: User, now: datetime) -> list[str]:
    """The names of the actions that ``user`` may do on ``matter`` as it stands."""
    return [
        row.name
        for row in ACTIONS.values()
        if matter.state in row.before and any(who(matter, user, now) for who in row.who)
    ]
