"""How a value earns points, as plain fields: what a form asks and the columns of a sheet hold.

A row of the catalogue keeps ``{"points": 3, "linear": {"floor": 80, "target": 98}}``; people see a rule, its
points and the few numbers that this rule needs.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from silin.lib.refusal import Refused, Words

RULES: dict[str, Words] = {
    "linear": gettext_lazy("in proportion"),
    "banded": gettext_lazy("by bands"),
    "threshold": gettext_lazy("reached or not"),
    "deduct_step": gettext_lazy("less for each step below"),
    "deduct_event": gettext_lazy("less for each case"),
    "bonus_event": gettext_lazy("more for each case"),
    "checklist": gettext_lazy("a list of proofs"),
    "survey": gettext_lazy("a survey, in proportion"),
}
NEEDS: dict[str, tuple[str, ...]] = {
    "linear": ("floor", "target"),
    "banded": ("bands",),
    "threshold": ("target",),
    "deduct_step": ("target", "step", "lose"),
    "deduct_event": ("lose",),
    "bonus_event": ("win",),
    "checklist": ("things",),
    "survey": ("floor", "target", "min_n"),
}
LABELS: dict[str, Words] = {
    "rule": gettext_lazy("How it earns points"),
    "points": pgettext_lazy("of an indicator", "Points"),
    "floor": gettext_lazy("No points at"),
    "target": gettext_lazy("All points at"),
    "step": gettext_lazy("Step"),
    "lose": gettext_lazy("Points off each"),
    "win": gettext_lazy("Points on each"),
    "min_n": gettext_lazy("Answers at least"),
    "bands": gettext_lazy("Bands"),
    "things": gettext_lazy("What is on the list"),
}
NOTES: dict[str, Words] = {
    "bands": gettext_lazy("from–to: points; the last without an end: 0–600: 2; 600–900: 1; 900–: 0"),
    "things": gettext_lazy("parted by 、"),
}
FIELDS = tuple(LABELS)
POSITIVE = ("points", "step", "lose", "win", "min_n")
BARE = ("threshold", "banded", "checklist")  # their settings are the one thing itself
BAND = re.compile(r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)?\s*:\s*(\d+(?:\.\d+)?)")
DASHES = re.compile("[–—~至]")


def flat(scoring: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say ``scoring``; those that its rule does not need are None, or empty words."""
    [rule] = [name for name in scoring if name != "points"]
    values: dict[str, Any] = dict.fromkeys(FIELDS) | {"bands": "", "things": ""}
    values |= {"rule": rule, "points": scoring["points"]}
    settings = scoring[rule]
    if rule == "banded":
        return values | {"bands": bands_words(settings)}
    if rule == "checklist":
        return values | {"things": "、".join(settings)}
    if rule == "threshold":
        return values | {"target": settings}
    return values | dict(settings)


def scoring_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The scoring that fields say; those that the rule does not need are left aside.

    Raises ``Refused`` (``bad_rule``, ``missing``, ``not_positive``, ``bad_bands``, ``same``) with its field.
    """
    rule = values.get("rule") or ""
    if rule not in NEEDS:
        raise Refused("bad_rule", _("Choose how it earns points."), field="rule")
    read: dict[str, Any] = {"points": _number(values, "points")}
    settings: dict[str, Any] = {}
    for name in NEEDS[rule]:
        settings[name] = READERS[name](values, name) if name in READERS else _number(values, name)
    if "floor" in settings and settings["floor"] == settings["target"]:
        raise Refused("same", _("Floor and target must differ."), field="target")
    read[rule] = settings[NEEDS[rule][0]] if rule in BARE else settings
    return read


def bands_words(bands: Sequence[Sequence[Any]]) -> str:
    """Bands as people write them: ``0–600: 2; 600–900: 1; 900–: 0``."""
    written = (
        f"{low:.10g}–{'' if high is None else f'{high:.10g}'}: {points:.10g}" for low, high, points in bands
    )
    return "; ".join(written)


def _bands(values: Mapping[str, Any], name: str) -> list[list[float | None]]:
    plain = DASHES.sub("-", unicodedata.normalize("NFKC", str(values.get(name) or ""))).strip(" ;")
    found = [BAND.fullmatch(each.strip()) for each in plain.split(";")]
    read = [_whole_or_none(each.groups()) for each in found if each is not None]
    if not plain or len(read) != len(found):
        message = _("Write bands like this: 0–600: 2; 600–900: 1; 900–: 0")
        raise Refused("bad_bands", message, field=name)
    return read


def _whole_or_none(numbers: Sequence[str | None]) -> list[float | None]:
    return [None if each is None else whole(float(each)) for each in numbers]


def _things(values: Mapping[str, Any], name: str) -> list[str]:
    things = [each.strip() for each in re.split("[、;；\n]", str(values.get(name) or "")) if each.strip()]
    if not things:
        raise Refused("missing", _("Name what is on the list."), field=name)
    return things


def _number(values: Mapping[str, Any], name: str) -> float:
    value = values.get(name)
    if value is None or value == "" or not math.isfinite(value):
        message = _("This way of earning points needs: %(what)s.") % {"what": LABELS[name]}
        raise Refused("missing", message, field=name)
    if name in POSITIVE and value <= 0:
        raise Refused("not_positive", _("This has to be more than 0."), field=name)
    return whole(float(value))


def whole(value: float) -> float:
    """A number without decimals where it has none: 98, not 98.0."""
    return int(value) if value.is_integer() else value


READERS: dict[str, Callable[[Mapping[str, Any], str], Any]] = {"bands": _bands, "things": _things}
"""How the settings that are no numbers are read. Raise ``Refused``."""
