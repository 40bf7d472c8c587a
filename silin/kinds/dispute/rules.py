"""The rows that say who leads at which risk, as a city changes them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.kinds.dispute.models import RiskRule
from silin.lib.refusal import Refused


def set_risk_rule(row: RiskRule, *, actor: User | None, now: datetime, seen: str | None = None) -> RiskRule:
    """Let it be what ``row`` says; ``seen`` as in ``write_row``. Raises ``Refused`` (``bad_days``)."""
    if row.look_days < 1:
        raise Refused("bad_days", _("At least one day."), field="look_days")
    write_row(row, "risk_rule", actor=actor, now=now, seen=seen)
    return row
