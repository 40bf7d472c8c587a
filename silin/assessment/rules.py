"""How a value earns points: pure functions of numbers, each with its reason.

``v`` is the value, ``M`` the points that can be earned. Every rule answers for many values at once (for a
city of 203 communities) and for one value with the words why.

| rule | points |
|---|---|
| ``threshold`` | M where v reaches it, else 0 |
| ``banded`` | those of the band that holds v; a band holds its lower edge |
| ``linear`` | M times the share of the way from ``floor`` to ``target`` |
| ``deduct_step`` | M less ``lose`` for each ``step`` begun below ``target`` |
| ``deduct_event`` | M less ``lose`` for each event |
| ``bonus_event`` | ``win`` for each event, M at most |
| ``checklist`` | M times the share of the listed things that are verified |
| ``survey`` | as ``linear``; the mean of few answers is drawn towards that of the level above |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

Figures = NDArray[np.float64]
FINE = 9  # decimals beyond which a difference is one of the machine, not of the city


@dataclass(frozen=True)
class Scored:
    """What one value earned, out of how much, and why, in words."""

    points: float
    out_of: float
    why: str


@dataclass(frozen=True)
class Rule:
    """One rule: its name, the points that can be earned, its settings, and whether more is better."""

    name: str
    points: float
    settings: Any
    up: bool = True

    @classmethod
    def of(cls, score: Mapping[str, Any], better: str = "up") -> Rule:
        """The rule that a row of the catalogue says: ``{"points": 3, "linear": {…}}``."""
        [name] = [key for key in score if key != "points"]
        return cls(name, float(score["points"]), score[name], better == "up")

    def earned(self, values: Figures) -> Figures:
        """The points of each value, 0 to ``points``; NaN where there is no value."""
        exact = np.round(values, FINE)
        earned = EARNED[self.name](self, exact)
        return np.where(np.isnan(values), np.nan, np.clip(earned, 0, self.points))

    def score(self, value: float) -> Scored:
        """The points of one value and why."""
        points = float(self.earned(np.array([value]))[0])
        return Scored(points, self.points, WHY[self.name](self, value))


def _threshold(rule: Rule, values: Figures) -> Figures:
    reached = values >= rule.settings if rule.up else values <= rule.settings
    return np.where(reached, rule.points, 0.0)


def _banded(rule: Rule, values: Figures) -> Figures:
    earned = np.zeros_like(values)
    for low, high, points in rule.settings:
        held = (values >= low) & (values < (np.inf if high is None else high))
        earned = np.where(held, float(points), earned)
    return earned


def _linear(rule: Rule, values: Figures) -> Figures:
    floor, target = rule.settings["floor"], rule.settings["target"]
    way: Figures = np.clip((values - floor) / (target - floor), 0, 1)
    return rule.points * way


def _deduct_step(rule: Rule, values: Figures) -> Figures:
    steps = np.ceil(np.round((rule.settings["target"] - values) / rule.settings["step"], FINE))
    begun: Figures = np.maximum(steps, 0)
    return rule.points - float(rule.settings["lose"]) * begun


def _deduct_event(rule: Rule, values: Figures) -> Figures:
    events: Figures = np.maximum(values, 0)
    return rule.points - float(rule.settings["lose"]) * events


def _bonus_event(rule: Rule, values: Figures) -> Figures:
    return float(rule.settings["win"]) * values


def _checklist(rule: Rule, values: Figures) -> Figures:
    share: Figures = np.clip(values / 100, 0, 1)
    return rule.points * share


EARNED: dict[str, Callable[[Rule, Figures], Figures]] = {
    "threshold": _threshold,
    "banded": _banded,
    "linear": _linear,
    "deduct_step": _deduct_step,
    "deduct_event": _deduct_event,
    "bonus_event": _bonus_event,
    "checklist": _checklist,
    "survey": _linear,
}


def shrunk(shares: Figures, answers: Figures, above: Figures, weight: float) -> Figures:
    """Shares of few answers drawn towards those of the level ``above``: (n·x + m·parent) / (n + m)."""
    known = np.where(np.isnan(above), shares, above)
    return (answers * shares + weight * known) / (answers + weight)


def said(value: float) -> str:
    """A figure as people write it: at most two decimals, none that are zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _why_threshold(rule: Rule, value: float) -> str:
    about = {"value": said(value), "target": said(rule.settings)}
    if rule.up:
        return _("%(value)s; all points from %(target)s on, none below") % about
    return _("%(value)s; all points up to %(target)s, none above") % about


def _why_banded(rule: Rule, value: float) -> str:
    for low, high, points in rule.settings:
        if low <= value and (high is None or value < high):
            about = {"low": said(low), "high": "" if high is None else said(high), "points": said(points)}
            if high is None:
                return _("from %(low)s on: %(points)s points") % about
            return _("from %(low)s to under %(high)s: %(points)s points") % about
    return _("below every band")


def _why_linear(rule: Rule, value: float) -> str:
    about = {"value": said(value), **{key: said(rule.settings[key]) for key in ("floor", "target")}}
    return _("%(value)s on the way from %(floor)s (no points) to %(target)s (all)") % about


def _why_deduct_step(rule: Rule, value: float) -> str:
    about = {key: said(rule.settings[key]) for key in ("target", "step", "lose")}
    return _("below %(target)s, each %(step)s begun costs %(lose)s") % about


def _why_deduct_event(rule: Rule, value: float) -> str:
    return _("%(value)s × %(lose)s taken off") % {"value": said(value), "lose": said(rule.settings["lose"])}


def _why_bonus_event(rule: Rule, value: float) -> str:
    about = {"value": said(value), "win": said(rule.settings["win"]), "most": said(rule.points)}
    return _("%(value)s × %(win)s, %(most)s at most") % about


def _why_checklist(rule: Rule, value: float) -> str:
    about = {"share": said(value), "all": len(rule.settings)}
    return _("%(share)s%% of a list of %(all)s verified") % about


WHY: dict[str, Callable[[Rule, float], str]] = {
    "threshold": _why_threshold,
    "banded": _why_banded,
    "linear": _why_linear,
    "deduct_step": _why_deduct_step,
    "deduct_event": _why_deduct_event,
    "bonus_event": _why_bonus_event,
    "checklist": _why_checklist,
    "survey": _why_linear,
}
