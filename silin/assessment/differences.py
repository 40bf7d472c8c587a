"""What one version of the catalogue says otherwise than another, row by row in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.assessment.models import Heading, Indicator
from silin.assessment.rules import said
from silin.assessment.scoring import LABELS as OF_SCORING
from silin.assessment.scoring import RULES, flat
from silin.lib.refusal import Words

LABELS: dict[str, Words] = {
    "code": gettext_lazy("Code"),
    "title_zh": gettext_lazy("Chinese name"),
    "title_en": gettext_lazy("English name"),
    "num": gettext_lazy("Numerator"),
    "den": gettext_lazy("Denominator"),
    "unit": gettext_lazy("Unit of the value"),
    "better": gettext_lazy("Which is better"),
    **OF_SCORING,
    "red": gettext_lazy("Red beyond"),
    "yellow": gettext_lazy("Yellow beyond"),
    "min_den": gettext_lazy("Cases at least"),
    "missing": gettext_lazy("Where nothing is there"),
    "period": gettext_lazy("Judged by"),
    "source": gettext_lazy("Source"),
    "lead": gettext_lazy("Leading bureau"),
    "basis": gettext_lazy("Taken from"),
    "aim": gettext_lazy("Aim"),
    "weight": gettext_lazy("Weight of the type"),
}
CHOICES: dict[str, dict[str, Words]] = {
    "unit": dict(Indicator.Unit.choices),
    "better": dict(Indicator.Better.choices),
    "missing": dict(Indicator.Missing.choices),
    "period": dict(Indicator.Over.choices),
    "source": dict(Indicator.Source.choices),
    "rule": RULES,
}


@dataclass(frozen=True)
class Difference:
    """A row that is new, gone or says something else: ``fields`` are label, before and after in words."""

    code: str
    title: str
    sort: str
    fields: list[tuple[str, str, str]]


def differences(
    before: Sequence[Heading | Indicator], after: Sequence[Heading | Indicator]
) -> list[Difference]:
    """What ``after`` says otherwise: changed and new rows in their order, then those that are gone."""
    old, new = {row.code: row for row in before}, {row.code: row for row in after}
    found = []
    for code, row in new.items():
        if code not in old:
            found.append(Difference(code, row.title, "new", []))
        elif changed := _fields(old[code], row):
            found.append(Difference(code, row.title, "changed", changed))
    gone = (Difference(code, row.title, "gone", []) for code, row in old.items() if code not in new)
    return [*found, *gone]


def fields_of(row: Heading | Indicator) -> dict[str, Any]:
    """What a row says, field by field, as forms and sheets ask it."""
    values = row.as_row()
    return values | flat(values.pop("scoring")) if isinstance(row, Indicator) else values


def words_of(name: str, value: Any) -> str:
    """The value of a field as people read it."""
    if value is None or value == "":
        return "–"
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    return said(value) if isinstance(value, int | float) else str(value)


def _fields(before: Heading | Indicator, after: Heading | Indicator) -> list[tuple[str, str, str]]:
    one, other = fields_of(before), fields_of(after)
    return [
        (str(LABELS.get(name, _("Level"))), words_of(name, one.get(name)), words_of(name, value))
        for name, value in other.items()
        if one.get(name) != value
    ]
