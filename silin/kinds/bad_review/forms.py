"""The forms of a bad review."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.kinds.bad_review import actions
from silin.matters.forms import ActForm, PhotosField, choice_field, words_field

YES = "yes"


class OrderForm(ActForm):
    do = "order"
    verb = staticmethod(actions.order)
    title, button = _("Say what is to be put right"), _("Send it to whoever was graded")
    thanks = _("Sent. They read what to put right, not who said so.")
    NAMES = (
        (YES, _("yes, the reviewer agreed on the telephone")),
        ("no", _("no, say only what to put right")),
    )
    names_case = choice_field(_("May they know which matter it is about?"), NAMES)
    words = words_field(_("What is to be put right?"), _("No name, no words of the reviewer."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("names_case", "no")

    def said(self) -> dict[str, Any]:
        return {"names_case": self.cleaned_data["names_case"] == YES}


class PutRightForm(ActForm):
    do = "put_right"
    verb = staticmethod(actions.put_right)
    title = button = _("Report it put right")
    thanks = _("Written down. The desk above answers the reviewer.")
    after = PhotosField(label=_("Photos of afterwards"), required=False)
    words = words_field(_("What did you put right?"), _("The desk above reads this."))

    def said(self) -> dict[str, Any]:
        return {"after": self.cleaned_data["after"]}


class AppealForm(ActForm):
    do = "appeal"
    verb = staticmethod(actions.appeal)
    title, button = _("The grade is not for us: appeal"), _("Appeal")
    thanks = _("The level above decides. Until then, nobody answers the reviewer.")
    evidence = PhotosField(label=_("Photos that prove it"), required=False)
    words = words_field(_("Why is it not for you?"), _("You can appeal once."))

    def said(self) -> dict[str, Any]:
        return {"evidence": self.cleaned_data["evidence"]}


class DecideForm(ActForm):
    do = "decide"
    verb = staticmethod(actions.decide)
    title = button = _("Decide the appeal")
    thanks = _("Decided. Both sides have been told.")
    GRANTED = ((YES, _("granted: the grade is not counted")), ("no", _("dismissed: it has to be put right")))
    granted = choice_field(_("What do you decide?"), GRANTED)
    words = words_field(_("Why?"), _("Whoever was graded reads this."), rows=2)

    def said(self) -> dict[str, Any]:
        return {"granted": self.cleaned_data["granted"] == YES}


FORMS: tuple[type[ActForm], ...] = (OrderForm, DecideForm)
OF_GRADED: dict[str, type[ActForm]] = {form.do: form for form in (PutRightForm, AppealForm)}
"""Shown on the page of those graded alone."""
