"""The forms of a rectification that is set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.kinds.rectification import actions
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.table import of
from silin.matters.forms import EMPTY, ActForm, PhotosField, choice_field, words_field
from silin.matters.models import Matter
from silin.people.forms import DayField


class PlanForm(ActForm):
    do = "plan"
    verb = staticmethod(actions.plan)
    title, button = _("What is done about it"), _("Enter it in the register")
    thanks = _("It stands in the register. Whoever set it has been told.")
    words = words_field(_("Which measure?"), _("So that somebody else could check it."), rows=3)
    in_charge = forms.CharField(
        label=_("Who is in charge?"),
        max_length=actions.NAME_AT_MOST,
        error_messages={"required": EMPTY},
    )
    done_by = DayField(label=_("Done by when?"), help_text=_("If you need longer than was set, ask below."))

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        row = of(matter)
        first = {"words": row.measure, "in_charge": row.in_charge, "done_by": row.done_by or row.deadline}
        super().__init__(matter, data, files, initial=first, **options)

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("in_charge", "done_by")}


class ApplyForm(ActForm):
    do = "apply"
    verb = staticmethod(actions.apply)
    title = button = _("Apply to have it struck off")
    thanks = _("Applied. Whoever set it checks it; you cannot strike it off yourself.")
    words = words_field(_("What was done, and how does it stand now?"), rows=3)
    evidence = PhotosField(
        label=_("Photos and papers that prove it"),
        help_text=_("Papers as photos. Without any it is checked on the spot."),
        required=False,
    )

    def said(self) -> dict[str, Any]:
        return {"evidence": self.cleaned_data["evidence"]}


class StrikeOffForm(ActForm):
    do = "strike_off"
    verb = staticmethod(actions.strike_off)
    title, button = _("Check it and strike it off"), _("Strike it off")
    thanks = _("Struck off. The day to look back is set by itself.")
    how = choice_field(_("How did you check it?"), Rectification.Check.choices)
    words = words_field(_("What did you see?"), rows=2)
    seen = PhotosField(label=_("Photos from the spot"), required=False)

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("how", "seen")}


class TurnDownForm(ActForm):
    do = "turn_down"
    verb = staticmethod(actions.turn_down)
    title, button = _("Not put right yet"), _("Send it back to them")
    thanks = _("Back in the register, with a short new time.")
    words = words_field(_("What is still missing?"), _("Whoever has it reads this."), rows=2)


class CallOffForm(ActForm):
    do = "call_off"
    verb = staticmethod(actions.call_off)
    title = button = _("Call the task off")
    thanks = _("Called off. It is not counted.")
    words = words_field(_("Why is there nothing to put right?"), rows=2)


class LookBackForm(ActForm):
    do = "remeasure"
    verb = staticmethod(actions.look_back)
    title, button = _("Look back"), _("Write it down")
    thanks = _("Written down.")
    outcome = choice_field(_("How is it now?"), Rectification.Look.choices)
    measured = forms.CharField(
        label=_("The figure now, if there is one"),
        max_length=actions.MEASURED_AT_MOST,
        required=False,
    )
    words = words_field(_("What did you see?"), _("If it fell back, it is open again at once."), rows=2)

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("outcome", "measured")}


FORMS: tuple[type[ActForm], ...] = (
    PlanForm,
    ApplyForm,
    StrikeOffForm,
    TurnDownForm,
    LookBackForm,
    CallOffForm,
)
