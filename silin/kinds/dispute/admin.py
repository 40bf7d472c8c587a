"""Who leads a dispute of which risk, as the system administrator changes it."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from silin.kinds.dispute.models import RiskRule
from silin.kinds.dispute.rules import set_risk_rule
from silin.operation.tables import Table, site


@admin.register(RiskRule, site=site)
class RiskRules(Table):
    verb = staticmethod(set_risk_rule)
    kind, fixed, order = "risk_rule", ("risk",), ("risk",)
    one, many = _("risk rule"), _("Who leads disputes")
    why = _("Which level leads a dispute of a risk, and after how many days it is looked at again.")
    labels = {"risk": _("Risk"), "level": _("Which level leads"), "look_days": _("Days until the next look")}
    columns = fields = ("risk", "level", "look_days")
