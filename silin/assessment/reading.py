"""One figure as people read it: its value in words, what it counts, what is missing to all its points."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.assessment.models import Indicator, Scorecard
from silin.assessment.rules import Rule, said
from silin.lib.refusal import Words

STATES: dict[str, Words] = {
    "few": gettext_lazy("too few cases"),
    "none": gettext_lazy("no cases"),
    "no_facts": gettext_lazy("no facts yet"),
    "zero": gettext_lazy("nothing there: no points"),
}
NO_FIGURE = [None, None, None, None, "", "no_facts"]


@dataclass(frozen=True)
class Figure:
    """What a card says of one indicator."""

    indicator: Indicator
    num: float | None
    den: float | None
    value: float | None
    points: float | None
    light: str
    state: str

    @classmethod
    def of(cls, indicator: Indicator, card: Scorecard | None) -> Figure:
        """The figure of ``indicator`` on a card, or an empty one."""
        kept: list[Any] = card.figures.get(indicator.code, NO_FIGURE) if card is not None else NO_FIGURE
        return cls(indicator, *kept)

    @property
    def words(self) -> str:
        """The value with its unit, or why there is none."""
        if self.value is None:
            return str(STATES.get(self.state, ""))
        return value_words(self.indicator, self.value)

    @property
    def counts(self) -> str:
        """``412 / 438``; nothing where there is no numerator."""
        return "" if self.num is None or self.den is None else f"{said(self.num)} / {said(self.den)}"

    @property
    def why(self) -> str:
        """How the value earned its points."""
        return "" if self.value is None else self.indicator.rule.score(self.value).why

    @property
    def lost(self) -> float:
        """Points that could be earned and were not; 0 where it does not count."""
        return 0.0 if self.points is None else self.indicator.points - self.points

    @property
    def to_go(self) -> str:
        """How many cases more (or fewer) bring all the points; nothing where that cannot be said in cases."""
        best = goal(self.indicator.rule)
        if best is None or self.num is None or not self.den or not self.indicator.den or self.lost <= 0:
            return ""
        missing = best * self.den / self.indicator.scale - self.num
        cases = ceil(round(abs(missing), 6))
        if self.indicator.unit != Indicator.Unit.PERCENT or not cases:
            return ""
        if missing > 0:
            return _("%(n)s more of %(all)s") % {"n": cases, "all": said(self.den)}
        return _("%(n)s fewer of %(all)s") % {"n": cases, "all": said(self.den)}


def goal(rule: Rule) -> float | None:
    """The value from which on a rule gives all its points."""
    if rule.name == "threshold":
        return float(rule.settings)
    if rule.name in ("linear", "survey", "deduct_step"):
        return float(rule.settings["target"])
    if rule.name == "banded":
        best = next(band for band in rule.settings if band[2] == rule.points)
        return float(best[0]) if rule.up or best[1] is None else float(best[1])
    return {"checklist": 100.0, "deduct_event": 0.0}.get(rule.name)


def value_words(indicator: Indicator, value: float) -> str:
    """A value as people read it: ``94.1%``, ``48``. What is counted per thousand says so in its title."""
    return f"{round(value, 1):g}%" if indicator.unit == Indicator.Unit.PERCENT else said(value)


def bounds_words(indicator: Indicator) -> str:
    """Where it is green, yellow and red: ``green ≥ 95%, yellow from 80%, red below``."""
    red, yellow = value_words(indicator, indicator.red), value_words(indicator, indicator.yellow)
    about = {"red": red, "yellow": yellow}
    if indicator.better == Indicator.Better.UP:
        return _("green from %(yellow)s, yellow from %(red)s, red below") % about
    return _("green up to %(yellow)s, yellow up to %(red)s, red above") % about
