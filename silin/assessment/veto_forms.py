"""The forms in which a veto is declared, appealed against, ruled on and withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.assessment.asking import LEVELS
from silin.assessment.models import Veto
from silin.assessment.periods import Period
from silin.assessment.vetoing import BASIS_AT_MOST, EVENT_AT_MOST, AboutVeto, may_appeal, may_decide, may_rule
from silin.lib.ids import new_id
from silin.lib.refusal import Refused, Words
from silin.matters.forms import choice_field, words_field
from silin.matters.rule_forms import place_named
from silin.people.forms import DayField, TriedForm
from silin.places.models import Place


def missing(words: Words) -> dict[str, Any]:
    """What is said where nothing was written or chosen, in the words of the question."""
    return {"required": words, "invalid_choice": words}


class MonthField(forms.CharField):
    """A month as YYYYMM, by the calendar of the browser where it has one for months."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month"}), **options)

    def clean(self, value: Any) -> int:
        """The month. Raises ``ValidationError``."""
        said = super().clean(value)
        try:
            period = Period.parse(said)
        except Refused:
            period = None
        if period is None or period.sort != "month":
            raise forms.ValidationError(_("A month looks like 2026-06."), code="bad_month")
        return period.last


class DeclareForm(TriedForm):
    """Which place, what happened, by which rule, what it leaves, for which months."""

    place = forms.CharField(
        label=_("Which community, street or county?"),
        help_text=_("Its name or its code."),
        error_messages=missing(_("Write which place it is.")),
        max_length=60,
    )
    event = forms.CharField(
        label=_("What happened?"),
        help_text=_("In one sentence. Residents read it on the card of the community: name no persons."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": EVENT_AT_MOST}),
        error_messages=missing(_("Say what happened.")),
    )
    happened_on = DayField(label=_("On which day?"))
    basis = forms.CharField(
        label=_("By which rule?"),
        help_text=_("Quote the law or the rule of the assessment with its number and article."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": BASIS_AT_MOST}),
        error_messages=missing(_("Quote the rule.")),
    )
    cap = forms.TypedChoiceField(
        label=_("The best grade that it leaves"),
        choices=list(reversed(Veto.Cap.choices)),
        coerce=int,
        widget=forms.RadioSelect(),
        error_messages=missing(_("Say what is the best grade that it leaves.")),
    )
    first = MonthField(
        label=_("From which month on?"),
        help_text=_("Not before the month of the event."),
        error_messages=missing(_("Say from which month on it counts.")),
    )
    last = MonthField(
        label=_("Up to which month?"),
        help_text=_("This month included. Two years at most."),
        error_messages=missing(_("Say up to which month it counts.")),
    )
    key = forms.UUIDField(widget=forms.HiddenInput(), initial=new_id)

    def __init__(self, data: Any, root: Place, **options: Any) -> None:
        named = root.short_name if root.level in LEVELS else ""
        super().__init__(data, auto_id="declare_%s", initial={"place": named}, **options)
        self.fields["happened_on"].error_messages["required"] = _("Say on which day it happened.")
        self.root = root

    def about(self) -> AboutVeto:
        """What was written. Raises ``Refused`` (``no_place``, ``which_place``)."""
        sent = self.cleaned_data
        said = {name: sent[name] for name in ("event", "happened_on", "basis", "cap")}
        place = place_named(sent["place"].strip(), [self.root])
        return AboutVeto(place=place, **said, first_ym=sent["first"], last_ym=sent["last"])


class DecisionForm(TriedForm):
    """What may be done with a veto, in somebody's words."""

    do: ClassVar[str]
    title: ClassVar[Words]
    button: ClassVar[Words]
    thanks: ClassVar[Words]
    words: forms.CharField

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{self.do}_%s")

    @property
    def said(self) -> dict[str, str]:
        """What the verb is told."""
        return {name: self.cleaned_data[name] for name in self.fields}


class AppealForm(DecisionForm):
    do = "appeal"
    title, button = _("Appeal against it"), _("Appeal")
    thanks = _("The appeal is with them. Somebody who did not declare the veto rules on it.")
    words = words_field(_("Why is it wrong, or too hard?"), _("You appeal once. Whoever rules reads this."))


class RuleForm(DecisionForm):
    do = "rule"
    title, button = _("Rule on the appeal"), _("Decide")
    thanks = _("Decided. The place and whoever declared the veto have been told.")
    ruling = choice_field(
        _("What do you decide?"),
        [
            (Veto.Ruling.UPHELD, _("The veto is upheld: it goes on to count")),
            (Veto.Ruling.LIFTED, _("The veto is lifted: it counts for no month")),
        ],
    )
    words = words_field(_("Why?"), _("The place reads this."))


class WithdrawForm(DecisionForm):
    do = "withdraw"
    title, button = _("Withdraw it"), _("Withdraw")
    thanks = _("Withdrawn. It counts for no month, and the place has been told.")
    words = words_field(_("Why should it not have been declared?"), rows=2)


May = Callable[[User, Veto, datetime], bool]
FORMS: dict[str, tuple[type[DecisionForm], May]] = {
    "rule": (RuleForm, may_rule),
    "appeal": (AppealForm, may_appeal),
    "withdraw": (WithdrawForm, lambda user, veto, now: may_decide(user, veto.place, now)),
}
"""By what it does: the form, and who may send it."""
