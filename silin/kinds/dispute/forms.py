"""The forms of a dispute that is in hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from silin.kinds.dispute import actions, settling
from silin.kinds.dispute.models import Dispute, Meeting, Risk
from silin.kinds.dispute.queries import mediators_near, rooms_near
from silin.matters.forms import CHOOSE, ActForm, PhotosField, choice_field, set_choices, words_field
from silin.matters.models import Matter
from silin.people.forms import DayField

HELD = (("yes", _("it holds")), ("no", _("it broke out again")))


class RiskForm(ActForm):
    do = "risk"
    verb = staticmethod(actions.grade)
    title, button = _("Grade the risk"), _("Grade it")
    thanks = _("Graded. Whoever leads at this risk has been told.")
    risk = choice_field(_("How grave is it?"), Risk.choices)
    words = words_field(_("Why?"), _("Up at once, by anybody; down only by the level above."), rows=2)

    def said(self) -> dict[str, Any]:
        return {"risk": self.cleaned_data["risk"]}


class ArrangeForm(ActForm):
    do = "arrange"
    verb = staticmethod(actions.arrange)
    title = button = _("Arrange a meeting")
    thanks = _("Arranged. Whoever mediates has been told.")
    day = DayField(label=_("Which day?"))
    hour = forms.TimeField(
        label=_("At what time?"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"required": CHOOSE, "invalid": _("Please write a time like 15:30.")},
    )
    where = forms.CharField(
        label=_("Where?"), max_length=actions.WHERE_AT_MOST, error_messages={"required": CHOOSE}
    )
    mediators = forms.MultipleChoiceField(
        label=_("Who mediates?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": CHOOSE},
    )
    team = choice_field(_("With a mediation room?"), (), required=False, radio=False)
    fields_of_engine = {"at": "day"}

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(matter, data, files, **options)
        self.posts = {str(post.pk): post for post in mediators_near(matter)}
        self.teams = {str(team.pk): team for team in rooms_near(matter)}
        field = self.fields["mediators"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, str(post)) for key, post in self.posts.items()]
        set_choices(self, "team", [("", _("none")), *((key, str(team)) for key, team in self.teams.items())])

    def said(self) -> dict[str, Any]:
        sent = self.cleaned_data
        return {
            "at": make_aware(datetime.combine(sent["day"], sent["hour"])),
            "where": sent["where"],
            "mediators": [self.posts[key] for key in sent["mediators"]],
            "team": self.teams.get(sent["team"]),
        }


class MediateForm(ActForm):
    do = "mediate"
    verb = staticmethod(actions.mediate)
    title, button = _("Write down how the meeting went"), _("Write it down")
    thanks = _("Written down.")
    outcome = choice_field(_("How did it end?"), Meeting.Outcome.choices)
    words = words_field(_("What was said?"), _("Whoever raised it reads this."))

    def said(self) -> dict[str, Any]:
        return {"outcome": self.cleaned_data["outcome"]}


class SettleForm(ActForm):
    do = "settle"
    verb = staticmethod(settling.settle)
    title, button = _("Write down what they agreed"), _("Keep the agreement")
    thanks = _("Kept. A visit is planned; until then it stays in sight.")
    way = choice_field(_("How did they agree?"), Dispute.Way.choices)
    words = words_field(_("What did they agree?"), _("It stands on the agreement, point by point."), rows=5)

    def said(self) -> dict[str, Any]:
        return {"way": self.cleaned_data["way"]}


class FileForm(ActForm):
    do = "file"
    verb = staticmethod(settling.file)
    title, button = _("File the signed agreement"), _("File it")
    thanks = _("Filed.")
    scan = PhotosField(label=_("A picture of each page, with signatures and seal"))

    def said(self) -> dict[str, Any]:
        return {"scan": self.cleaned_data["scan"]}


class VisitForm(ActForm):
    do = "visit"
    verb = staticmethod(settling.visit)
    title, button = _("Go and see whether it holds"), _("Write it down")
    thanks = _("Written down.")
    held = choice_field(_("How is it now?"), HELD)
    words = words_field(_("What did you see and hear?"), rows=2)

    def said(self) -> dict[str, Any]:
        return {"held": self.cleaned_data["held"] == "yes"}


class WatchForm(ActForm):
    do = "watch"
    verb = staticmethod(actions.watch)
    title, button = _("I looked how it stands"), _("Write it down")
    thanks = _("Written down. It comes back for the next look by itself.")
    words = words_field(_("How does it stand?"), rows=2)


FORMS: tuple[type[ActForm], ...] = (
    ArrangeForm,
    MediateForm,
    SettleForm,
    FileForm,
    VisitForm,
    RiskForm,
    WatchForm,
)
