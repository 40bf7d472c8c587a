"""The forms by which a city changes its catalogue: an indicator, a heading, the publishing."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, cast

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silin.assessment.differences import LABELS
from silin.assessment.drafting import check_expressions
from silin.assessment.models import Heading, Indicator
from silin.assessment.periods import Period
from silin.assessment.scoring import LABELS as OF_SCORING
from silin.assessment.scoring import NEEDS, NOTES, RULES, flat, scoring_of, whole
from silin.lib.mending import mend
from silin.lib.refusal import Refused
from silin.lib.text import listed
from silin.matters.forms import CHOOSE
from silin.operation.tables import EMPTY, RowForm

NAMED = ["code", "title_zh", "title_en"]
COUNTED = ["num", "den", "unit", "better", "min_den", "missing", "period"]
JUDGED = ["red", "yellow"]
ANSWERED = ["lead", "source", "basis"]
OF_HEADING = {
    "type": [*NAMED, "lead", "aim", "weight"],
    "task": [*NAMED, "lead"],
    "item": [*NAMED, "lead"],
}
MONTHS_AHEAD = 12
ROWS = {"num": 2, "den": 2, "things": 2}


class IndicatorForm(RowForm):
    """One indicator; how it earns points is asked in plain fields, of which each rule needs a few."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held = flat(self.instance.scoring) if self.instance.scoring else {"rule": "linear"}
        for name, label in OF_SCORING.items():
            self.fields[name] = _scoring_field(name, label)
            self.initial[name] = held.get(name)
        for name in JUDGED:
            if (bound := self.initial.get(name)) is not None:
                self.initial[name] = whole(bound)
        for name, rows in ROWS.items():
            self.fields[name].widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})
        for field in self.fields.values():
            field.error_messages |= {"required": EMPTY["required"]}
        if not self.instance._state.adding:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """What cannot be read and what is missing to the scoring, all at once, each at its field."""
        cleaned = super().clean()
        said = Indicator(num=cleaned.get("num", ""), den=cleaned.get("den", ""))
        for check in (partial(check_expressions, said), partial(self._score, cleaned)):
            try:
                check()
            except Refused as refusal:
                if refusal.field not in self.errors:
                    mend(self, refusal)
        return cleaned

    def _score(self, cleaned: dict[str, Any]) -> None:
        self.instance.scoring = scoring_of(cleaned)


class HeadingForm(RowForm):
    """A type, a task or an item."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "weight" in self.fields:
            self.initial["weight"] = whole(self.instance.weight)
        if not self.instance._state.adding:
            del self.fields["code"]


class PublishForm(forms.Form):
    """From which month on a draft counts and by what it was decided."""

    use_required_attribute = False
    since = forms.ChoiceField(label=_("Counts from"), error_messages={"invalid_choice": CHOOSE})
    note = forms.CharField(
        label=_("What changes, and who decided it"),
        help_text=_("Such as the number of the document. It stands with the version for good."),
        max_length=200,
        error_messages=EMPTY,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, first: int, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        running = Period.holding(localdate(now))
        months = [running.earlier(-by) for by in range(-MONTHS_AHEAD, MONTHS_AHEAD + 1)]
        choices = [(each.name, each.words) for each in months if each.last >= first]
        cast(forms.ChoiceField, self.fields["since"]).choices = choices
        self.initial["since"] = running.earlier(-1).name


def indicator_form() -> type[IndicatorForm]:
    """The form with the fields of an indicator."""
    names = [*NAMED, *COUNTED, *JUDGED, *ANSWERED]
    made = forms.modelform_factory(
        Indicator, form=IndicatorForm, fields=names, labels=cast(dict[str, str], LABELS)
    )
    return cast(type[IndicatorForm], made)


def heading_form(level: str) -> type[HeadingForm]:
    """The form with the fields of a type, a task or an item."""
    made = forms.modelform_factory(
        Heading, form=HeadingForm, fields=OF_HEADING[level], labels=cast(dict[str, str], LABELS)
    )
    return cast(type[HeadingForm], made)


def _hint(name: str) -> str:
    """How a field is written, or which ways of earning points need it."""
    rules = [str(RULES[rule]) for rule, names in NEEDS.items() if name in names]
    needed = gettext("Needed for: %(rules)s") % {"rules": listed(rules)} if rules else ""
    return str(NOTES.get(name, needed))


def _scoring_field(name: str, label: Any) -> forms.Field:
    """A field of the scoring: only the rule and the points are always asked."""
    if name == "rule":
        return forms.ChoiceField(label=label, choices=list(RULES.items()))
    hint = _hint(name)
    if name in ("bands", "things"):
        return forms.CharField(label=label, help_text=hint, required=False, max_length=1000)
    number = forms.FloatField(label=label, required=name == "points", help_text=hint)
    number.error_messages["invalid"] = _("Please give a number.")
    return number
