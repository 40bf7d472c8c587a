"""A dispute (矛盾纠纷): mediated near home, watched by the level above until it is over, never public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.dispute import actions, due
from silin.kinds.dispute.books import LEAVES
from silin.kinds.dispute.forms import FORMS
from silin.kinds.dispute.table import ACTIONS, of
from silin.matters.kind import Kind
from silin.matters.models import Matter
from silin.matters.table import TOGETHER, holder, level_above


def shows(matter: Matter, user: User, now: datetime) -> Mapping[str, Any]:
    """For the panel: the risk, who quarrels (to who has it and who is above), the meetings, the days."""
    meetings = matter.meetings.prefetch_related(
        "mediators__kind", "mediators__place", "mediators__organisation"
    ).select_related("team")
    knows = holder(matter, user, now) or level_above(matter, user, now)
    return {"row": of(matter), "knows": knows, "meetings": list(meetings)}


KIND = Kind(
    key=actions.KEY,
    title=_("Dispute"),
    ladder=(
        "grid_worker",
        "grid_leader",
        "community_desk",
        "community_secretary",
        "street_duty",
        "county_duty",
        "city_admin",
    ),
    verified_by=frozenset({"visit"}),
    lapses=False,
    may={"close": actions.visit_first},
    on={
        "raise": actions.begin,
        "close": actions.ended,
        "withdraw": actions.ended,
        "reopen": actions.in_sight_again,
        "look_back": actions.in_sight_again,
    },
    panel="dispute/panel.html",
    actions=ACTIONS,
    leaves=LEAVES,
    forms=FORMS,
    without=frozenset(
        {
            "settle_at_once",
            "triage",
            "release",
            "whistle",
            "answer",
            "verify",
            "reject",
            "review",
            "call_back",
            "slip",
            *TOGETHER,
        }
    ),
    shows=shows,
    confined=True,
    flag=_("dispute"),
    tick=due.tick,
)
