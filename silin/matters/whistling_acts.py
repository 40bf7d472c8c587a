"""The forms of whistling: who is called, who came, who is done with their part, and how it was with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.matters import whistling
from silin.matters.candidates import Candidate
from silin.matters.citing import CitingForm
from silin.matters.forms import CHOOSE, GRADES, ActForm, PhotosField, choice_field, set_choices, words_field
from silin.matters.models import Assignment, Matter
from silin.people.models import Team


class WhistleForm(ActForm):
    do = "whistle"
    verb = staticmethod(whistling.whistle)
    title = button = _("Whistle departments to it")
    lead = choice_field(_("Who leads?"), (), radio=False)
    others = forms.MultipleChoiceField(
        label=_("Who helps?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": CHOOSE},
    )
    words = words_field(_("What do you need of them?"))

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        candidates: Sequence[Candidate] = options.pop("callable")
        super().__init__(matter, data, files, **options)
        self.posts = {str(each.post.pk): each.post for each in candidates}
        choices = [(str(each.post.pk), each.label) for each in candidates]
        set_choices(self, "lead", [("", _("choose one")), *choices])
        others = self.fields["others"]
        assert isinstance(others, forms.MultipleChoiceField)
        others.choices = choices

    def said(self) -> dict[str, Any]:
        sent = self.cleaned_data
        return {"lead": self.posts[sent["lead"]], "others": [self.posts[key] for key in sent["others"]]}


class ReportInForm(ActForm):
    do = "report_in"
    verb = staticmethod(whistling.report_in)
    title = button = _("I am on the spot")


class TakePartForm(ActForm):
    do = "take_part"
    verb = staticmethod(whistling.take_part)
    title = button = _("Take our part")


class FinishForm(ActForm):
    do = "finish"
    verb = staticmethod(whistling.finish)
    title = button = _("Our part is done")
    after = PhotosField(label=_("Photos of afterwards"), required=False)
    words = words_field(_("What did you do?"), _("The resident reads this."))

    def said(self) -> dict[str, Any]:
        return {"after": self.cleaned_data["after"]}


class StepBackForm(CitingForm):
    do = "step_back"
    verb = staticmethod(whistling.step_back)
    title = button = _("It is not ours")
    words = words_field(_("Why is it not yours, and whose is it?"), _("Whoever called you reads this."))


class CallForm(ActForm):
    """A form about one of those who were whistled."""

    call = choice_field(_("About whom?"), ())

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(matter, data, files, **options)
        rows = self.calls_of(matter)
        self.rows = {str(row.pk): row for row in rows}
        set_choices(self, "call", [(key, str(row)) for key, row in self.rows.items()])
        if len(rows) == 1:
            self.initial["call"] = str(rows[0].pk)

    def calls_of(self, matter: Matter) -> list[Assignment]:
        """Those it may be about."""
        rows = matter.assignments.with_posts()
        return list(rows.filter(state__in=Assignment.RUNNING, lead=False))

    def said(self) -> dict[str, Any]:
        return {"call": self.rows[self.cleaned_data["call"]]}


class WaiveForm(CallForm):
    do = "waive"
    verb = staticmethod(whistling.waive)
    title = button = _("Let somebody go")
    words = words_field(_("Why are they not needed any more?"), rows=2)


class HandOnForm(ActForm):
    do = "hand_on"
    verb = staticmethod(whistling.hand_on)
    title = button = _("Hand it to a team of ours")
    team = choice_field(_("Which team?"), ())

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(matter, data, files, **options)
        bodies = matter.assignments.filter(state__in=Assignment.RUNNING).values("post__organisation")
        rows = Team.objects.filter(organisation__in=bodies, active_until=None).order_by("name")
        self.teams = {str(row.pk): row for row in rows}
        set_choices(self, "team", [(key, str(row)) for key, row in self.teams.items()])

    @property
    def offered(self) -> bool:
        """Whether there is a team at all."""
        return bool(self.teams)

    def said(self) -> dict[str, Any]:
        return {"team": self.teams[self.cleaned_data["team"]]}


class RateForm(CallForm):
    do = "rate"
    verb = staticmethod(whistling.rate)
    title, button = _("How was it with who came?"), _("Give this grade")
    came = choice_field(_("Did they come?"), (("yes", _("yes")), ("no", _("no"))))
    solved = choice_field(_("Did they settle it?"), (("yes", _("yes")), ("no", _("no"))))
    grade = choice_field(_("How satisfied are you?"), GRADES)
    words = words_field(_("Would you like to say why?"), required=False, rows=2)

    def calls_of(self, matter: Matter) -> list[Assignment]:
        """Those that nobody has graded yet."""
        rows = matter.assignments.select_related("post__kind", "post__place", "post__organisation").filter(
            rated_at=None
        )
        return list(rows.exclude(state=Assignment.State.WAIVED))

    def said(self) -> dict[str, Any]:
        sent = self.cleaned_data
        answers = {name: sent[name] == "yes" for name in ("came", "solved")}
        return {**super().said(), **answers, "grade": int(sent["grade"])}


FORMS: dict[str, tuple[type[ActForm], ...]] = {
    form.do: (form,)
    for form in (
        WhistleForm,
        ReportInForm,
        TakePartForm,
        FinishForm,
        StepBackForm,
        WaiveForm,
        HandOnForm,
        RateForm,
    )
}
