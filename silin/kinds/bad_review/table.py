"""The rows that a bad review adds to the engine's table."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.bad_review.models import BadReview
from silin.matters.models import Matter, State
from silin.matters.table import Action, holder, level_above
from silin.people import queries as people


def of(matter: Matter) -> BadReview:
    """What lies beside the matter; read once."""
    return matter.bad_review


def orders(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever has it in hand, until they have said what is to be put right."""
    return of(matter).ordered_at is None and holder(matter, user, now)


def puts_right(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever was graded and has been told what to put right."""
    row = of(matter)
    return row.ordered_at is not None and not row.is_settled and people.holds(user, row.graded_id, now)


def appeals(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever was graded, once."""
    return of(matter).appealed_at is None and puts_right(matter, user, now)


def decides(matter: Matter, user: User, now: datetime) -> bool:
    """A desk above the one that has it, while an appeal waits."""
    row = of(matter)
    return row.waits_for_decision and level_above(matter, user, now) and not row.concerns(user, now)


_OPEN_TO_THEM = (State.IN_HAND.value, State.WAITING.value)

ACTIONS = (
    Action(
        "order",
        _("said what is to be put right"),
        (State.IN_HAND.value,),
        (State.IN_HAND.value,),
        (orders,),
        words=True,
        told=_("%(who)s said what is to be put right"),
        inner=True,
    ),
    Action(
        "put_right",
        _("put it right"),
        _OPEN_TO_THEM,
        _OPEN_TO_THEM,
        (puts_right,),
        words=True,
        told=_("%(who)s put it right"),
        inner=True,
    ),
    Action(
        "appeal",
        _("appealed"),
        _OPEN_TO_THEM,
        _OPEN_TO_THEM,
        (appeals,),
        words=True,
        told=_("%(who)s appealed"),
        inner=True,
    ),
    Action(
        "decide",
        _("decided the appeal"),
        _OPEN_TO_THEM,
        _OPEN_TO_THEM,
        (decides,),
        words=True,
        told=_("%(who)s decided the appeal"),
        inner=True,
    ),
)
