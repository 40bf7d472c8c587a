"""A rectification (整改): set from above, planned and proved by its owner, struck off by who set it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.rectification import actions, due, raising
from silin.kinds.rectification.books import LEAVES
from silin.kinds.rectification.forms import FORMS
from silin.kinds.rectification.table import ACTIONS, of
from silin.matters.kind import Kind
from silin.matters.models import Matter
from silin.matters.table import TOGETHER


def shows(matter: Matter, user: User, now: datetime) -> Mapping[str, Any]:
    """For the panel: what was set, what is done about it, how it was checked."""
    row = of(matter)
    return {"row": row, "look_is_late": row.look_is_late(now)}


def until(matter: Matter) -> date:
    """The last day that was set, or given later."""
    return of(matter).deadline


KIND = Kind(
    key=raising.KEY,
    title=_("Rectification"),
    ladder=raising.OWNERS,
    raised_by=frozenset({"office", "system"}),
    verified_by=frozenset({"setter"}),
    lapses=False,
    may={"dispatch": actions.stays_with_owner},
    on={
        "raise": raising.begin,
        "dispatch": actions.handed_over,
        "extend": actions.given_time,
    },
    panel="rectification/panel.html",
    actions=ACTIONS,
    leaves=LEAVES,
    forms=FORMS,
    without=frozenset(
        {
            "settle_at_once",
            "triage",
            "release",
            "whistle",
            "accept",
            "contact",
            "pause",
            "answer",
            "submit",
            "sign",
            "send_back",
            "verify",
            "reject",
            "close",
            "review",
            "call_back",
            "slip",
            "reopen",
            "look_back",
            "withdraw",
            "recall",
            "hear_more",
            "ticket",
            *TOGETHER,
        }
    ),
    shows=shows,
    confined=True,
    limits={"handle_days": "rectification.handle_days"},
    flag=_("rectification"),
    takes=actions.takes,
    tick=due.tick,
    set_by="rectification__setter",
    until=until,
)
