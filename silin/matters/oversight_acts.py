"""The forms by which the level above gives time, urges, supervises and looks again, and what asks it to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.matters import handling, jobs, oversight, watching
from silin.matters.forms import ActForm, choice_field, labelled, words_field
from silin.matters.models import Asked, Matter, Pause, TimeRequest, WatchEntry
from silin.people.forms import DayField


class AskForm(ActForm):
    do = "ask"
    verb = staticmethod(handling.ask)
    title, button = _("Ask for more time"), _("Ask the desk above")
    what = choice_field(_("What do you ask for?"), Asked.choices)
    until = DayField(label=_("Until when?"))
    words = words_field(_("Why, and what have you tried?"), _("The desk above decides by this."))

    def said(self) -> dict[str, Any]:
        return {"what": self.cleaned_data["what"], "until": self.cleaned_data["until"]}


class EscalateForm(ActForm):
    do = "escalate"
    verb = staticmethod(jobs.escalate)
    title = button = _("Report it one level up")
    words = words_field(_("Why can it not be settled here?"), _("You keep it; the desk above joins."))


class ReplyForm(ActForm):
    do = "reply"
    verb = staticmethod(handling.reply)
    title, button = _("A slip waits for your reply"), _("Reply")
    words = words_field(_("How does it stand, and what comes next?"))


class UntilForm(ActForm):
    """A form about a day: the one that was asked for stands in it already."""

    until = DayField(label=_("Until when?"))

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        if matter.asked:
            request = TimeRequest.objects.filter(matter=matter, decided_at=None).first()
            options["initial"] = {"until": request.until if request else None}
        super().__init__(matter, data, files, **options)

    def said(self) -> dict[str, Any]:
        return {"until": self.cleaned_data["until"]}


class ExtendForm(UntilForm):
    do = "extend"
    verb = staticmethod(oversight.extend)
    title = button = _("Give more time")
    words = words_field(_("Why?"), _("The resident reads this."), rows=2)


class DeferForm(UntilForm):
    do = "defer"
    verb = staticmethod(oversight.defer)
    title = button = _("Put it off")
    reason = choice_field(_("Why can it not be done now?"), labelled(Pause.OF_DEFERRAL))
    until = DayField(label=_("When will you look at it again?"))
    words = words_field(_("Say it in a sentence"), _("The resident reads this."), rows=2)

    def said(self) -> dict[str, Any]:
        return {**super().said(), "reason": self.cleaned_data["reason"]}


class DeclineForm(ActForm):
    do = "decline"
    verb = staticmethod(oversight.decline)
    title = button = _("Give no more time")
    words = words_field(_("Why not?"), _("Whoever has it reads this."), rows=2)


class UrgeForm(ActForm):
    do = "urge"
    verb = staticmethod(oversight.urge)
    title = button = _("Ask them to hurry")


class SuperviseForm(UntilForm):
    do = "supervise"
    verb = staticmethod(oversight.supervise)
    title, button = _("Put it under supervision"), _("Send the slip")
    until = DayField(label=_("A reply by"))
    instructed_by = forms.CharField(
        label=_("Which leader wrote the instruction?"),
        help_text=_("The office, not the name. Leave it empty if nobody wrote one."),
        max_length=40,
        required=False,
    )
    words = words_field(_("What do you want of them?"), _("This stands on the slip."))

    def said(self) -> dict[str, Any]:
        return super().said() | {"instructed_by": self.cleaned_data["instructed_by"]}


class LiftForm(ActForm):
    do = "lift"
    verb = staticmethod(oversight.lift)
    title = button = _("Lift the supervision")
    words = words_field(_("How did it end?"), rows=2)


class LookBackForm(ActForm):
    do = "look_back"
    verb = staticmethod(oversight.look_back)
    title, button = _("Look again"), _("Write it down")
    HELD = (("yes", _("It still holds")), ("no", _("It fell back: open it again")))
    held = choice_field(_("How is it now?"), HELD)
    words = words_field(_("What did you see?"), rows=2)

    def said(self) -> dict[str, Any]:
        return {"held": self.cleaned_data["held"] == "yes"}


class PutOnForm(ActForm):
    do = "put_on"
    verb = staticmethod(watching.put_on)
    title, button = _("Put it on the watch list"), _("Put it on the list")
    reason = choice_field(_("Why do you keep it in sight?"), WatchEntry.Reason.choices)
    words = words_field(_("Say it in a sentence"), _("Staff read this beside it, residents do not."), rows=2)

    def said(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class TakeOffForm(ActForm):
    do = "take_off"
    verb = staticmethod(watching.take_off)
    title = button = _("Take it off the watch list")
    words = words_field(_("Why may it leave your sight?"), rows=2)


FORMS: dict[str, tuple[type[ActForm], ...]] = {
    form.do: (form,)
    for form in (
        AskForm,
        EscalateForm,
        ReplyForm,
        ExtendForm,
        DeferForm,
        DeclineForm,
        UrgeForm,
        SuperviseForm,
        LiftForm,
        LookBackForm,
        PutOnForm,
        TakeOffForm,
    )
}
