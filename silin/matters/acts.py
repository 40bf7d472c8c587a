"""The forms by which staff act on a matter: each reads what was typed and calls one verb of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silin.lib.refusal import Refused
from silin.matters import (
    handling,
    oversight_acts,
    review_acts,
    signing,
    taking_back,
    together_acts,
    triage,
    verifying,
    whistling_acts,
)
from silin.matters.candidates import LIKELIEST, Candidate
from silin.matters.citing import CitingForm
from silin.matters.forms import (
    ActForm,
    PhotosField,
    category_choices,
    choice_field,
    set_choices,
    words_field,
)
from silin.matters.kind import Kind
from silin.matters.models import Category, Matter, Outcome, Pause, State
from silin.matters.outside_forms import TicketForm
from silin.matters.together_acts import SplitForm
from silin.matters.whistling_acts import WhistleForm
from silin.people.models import Post


class AcceptForm(ActForm):
    do = "accept"
    verb = staticmethod(handling.accept)
    title = button = _("Take it")


class ReturnForm(CitingForm):
    do = "return"
    verb = staticmethod(handling.give_back)
    title = button = _("Give it back")
    words = words_field(_("Why do you give it back?"), _("Say whose it is, if you know."))


class PauseForm(ActForm):
    do = "pause"
    verb = staticmethod(handling.pause)
    title = button = _("Stop the clock")
    reason = choice_field(
        _("What does it wait for?"), [(each.value, each.label) for each in Pause.OF_HANDLER]
    )
    words = words_field(_("Say it in a sentence"), _("The resident reads this."))

    def said(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class ResumeForm(ActForm):
    do = "resume"
    verb = staticmethod(handling.resume)
    title = button = _("Go on")


class AnswerForm(ActForm):
    """The proof of an answer; whether a photo is needed is said by the kind."""

    do = "answer"
    verb = staticmethod(signing.report_done)
    title = button = _("Report it done")
    OUTCOMES = (
        (Outcome.FIXED.value, _("It is fixed")),
        (Outcome.ADVISED.value, _("Explained it to them")),
        (Outcome.NOT_FEASIBLE.value, _("It cannot be done")),
        (Outcome.NOT_FOUND.value, _("Nothing like it is there")),
    )
    outcome = choice_field(_("How did it end?"), OUTCOMES)
    before = PhotosField(label=_("Photos of before"), required=False)
    after = PhotosField(label=_("Photos of afterwards"), required=False)
    words = words_field(_("What did you do?"), _("The resident reads this."))

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(matter, data, files, initial={"outcome": Outcome.FIXED.value}, **options)
        if matter.declared.proof:
            self.fields["after"].required = True
            self.fields["after"].widget.attrs["required"] = True

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("outcome", "before", "after")}


class SubmitForm(AnswerForm):
    """The same, where a head signs it before it leaves."""

    button = _("Send it to be signed")


class SignForm(ActForm):
    do = "sign"
    verb = staticmethod(signing.sign)
    title, button = _("An answer waits for your signature"), _("Sign it: it leaves")


class SendBackForm(ActForm):
    do = "send_back"
    verb = staticmethod(signing.send_back)
    title, button = _("Do not sign it"), _("Send it back to them")
    words = words_field(_("What is not right yet?"), _("Whoever has it reads this."))


class VerifyForm(ActForm):
    do = "verify"
    verb = staticmethod(verifying.verify)
    title = button = _("It is so")


class RejectForm(ActForm):
    do = "reject"
    verb = staticmethod(verifying.reject)
    title, button = _("Not right yet"), _("Send it back to them")
    words = words_field(_("What is not right yet?"), _("Whoever has it reads this."))


class CommentForm(ActForm):
    do = "comment"
    verb = staticmethod(triage.comment)
    title, button = _("Add a word"), _("Leave a word")
    words = words_field(_("Add a word"), _("Everybody concerned reads it, the resident too."), rows=2)


class ReopenForm(ActForm):
    do = "reopen"
    verb = staticmethod(verifying.reopen)
    title = button = pgettext_lazy("matter", "Open it again")
    words = words_field(_("Why is it not over?"))


class SendForm(ActForm):
    """To a post of the desk's own territory: the likeliest as buttons, the others in a list."""

    do = "send"
    verb = staticmethod(triage.dispatch)
    title = button = _("Send it on")
    to = choice_field(_("Send it to"), ())
    elsewhere = choice_field(_("Another post"), (), required=False, radio=False)
    words = words_field(_("A word to go with it"), required=False, rows=2)

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        candidates: Sequence[Candidate] = options.pop("candidates")
        initial = {"to": str(candidates[0].post.pk)} if candidates else {}
        super().__init__(matter, data, files, initial=initial, **options)
        self.posts: dict[str, Post] = {str(each.post.pk): each.post for each in candidates}
        choices = [(str(each.post.pk), each.label) for each in candidates]
        set_choices(self, "to", choices[:LIKELIEST])
        if choices[LIKELIEST:]:
            set_choices(self, "elsewhere", [("", _("one of those above")), *choices[LIKELIEST:]])
        else:
            del self.fields["elsewhere"]

    def said(self) -> dict[str, Any]:
        sent = self.cleaned_data
        post = self.posts.get(sent.get("elsewhere") or sent["to"])
        if post is None:
            raise Refused("missing", _("Please choose who shall do it."), field="to")
        return {"to": post}


class TakeBackForm(ActForm):
    """Ten seconds after a dispatch or a whistle; the page says until when."""

    do = "take_back"
    verb = staticmethod(taking_back.take_back)
    title = button = _("Take it back")


class SortForm(ActForm):
    do = "sort"
    verb = staticmethod(triage.triage)
    title, button = _("Category, and who may read it"), _("Keep it so")
    category = choice_field(_("Category"), (), radio=False)
    public = forms.BooleanField(label=_("Neighbours may read it on the open pages"), required=False)
    words = words_field(_("A word to go with it"), required=False, rows=2)

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        leaves: Sequence[Category] = options.pop("leaves")
        initial = {"category": matter.category_id, "public": matter.public}
        super().__init__(matter, data, files, initial=initial, **options)
        self.categories = {each.pk: each for each in leaves}
        self.categories.setdefault(matter.category_id, matter.category)
        set_choices(self, "category", category_choices(list(self.categories.values())))

    def said(self) -> dict[str, Any]:
        sent = self.cleaned_data
        return {"category": self.categories[sent["category"]], "public": sent["public"]}


class ReleaseForm(ActForm):
    """Once it is in hand: whether everybody may read what has been said and shown so far."""

    do = "release"
    verb = staticmethod(triage.release)
    title, button = _("Who may read it"), _("Keep it so")
    public = forms.BooleanField(
        label=_("Neighbours may read it on the open pages"),
        help_text=_("All that has been said and shown until now; what comes later waits for the next time."),
        required=False,
    )

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(matter, data, files, initial={"public": matter.public}, **options)

    def said(self) -> dict[str, Any]:
        return {"public": self.cleaned_data["public"]}


class RefuseForm(ActForm):
    do = "refuse"
    verb = staticmethod(triage.triage)
    title, button = _("Not for us"), _("Do not accept it")
    words = words_field(_("Why not, and where to go instead?"), _("The resident reads this."))

    def said(self) -> dict[str, Any]:
        return {"not_accepted": True}


class ContactForm(ActForm):
    do = "contact"
    verb = staticmethod(handling.contact)
    title, button = _("Speak with whoever reported it"), _("Write it down")
    WAYS = (("phone", _("by telephone")), ("visit", _("at the door")), ("message", _("by a message")))
    REACHED = (("yes", _("reached them")), ("no", _("nobody there")))
    how = choice_field(_("How?"), WAYS)
    reached = choice_field(_("Did you reach them?"), REACHED)
    words = words_field(_("What was said?"), _("The resident reads this."), rows=2)

    def said(self) -> dict[str, Any]:
        return {"how": self.cleaned_data["how"], "reached": self.cleaned_data["reached"] == "yes"}


class CloseForm(ActForm):
    """Closing without work; an answered matter is closed without any words."""

    do = "close"
    verb = staticmethod(verifying.close)
    title, button = _("Close without work"), _("Close it")
    OUTCOMES = (
        (Outcome.ADVISED.value, _("Explained it to them")),
        (Outcome.PASSED_ON.value, _("Passed on to whom it belongs")),
        (Outcome.NOT_FOUND.value, _("Nothing like it is there")),
        (Outcome.DUPLICATE.value, _("Somebody reported it already")),
    )
    outcome = choice_field(_("How did it end?"), OUTCOMES)
    words = words_field(_("Why?"), _("The resident reads this."))

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(matter, data, files, **options)
        self.answered = matter.state == State.ANSWERED
        if self.answered:
            del self.fields["outcome"], self.fields["words"]

    def said(self) -> dict[str, Any]:
        return {} if self.answered else {"outcome": self.cleaned_data["outcome"]}


FORMS: dict[str, tuple[type[ActForm], ...]] = {
    "accept": (AcceptForm,),
    "return": (ReturnForm,),
    "pause": (PauseForm,),
    "resume": (ResumeForm,),
    "answer": (AnswerForm,),
    "submit": (SubmitForm,),
    "sign": (SignForm,),
    "send_back": (SendBackForm,),
    "verify": (VerifyForm,),
    "reject": (RejectForm,),
    "triage": (SortForm, RefuseForm),
    "dispatch": (SendForm,),
    "release": (ReleaseForm,),
    "take_back": (TakeBackForm,),
    "close": (CloseForm,),
    "comment": (CommentForm,),
    "reopen": (ReopenForm,),
    "contact": (ContactForm,),
    "ticket": (TicketForm,),
    **oversight_acts.FORMS,
    **whistling_acts.FORMS,
    **together_acts.FORMS,
    **review_acts.FORMS,
}
"""Which forms an action of the engine's table has; ``review`` and ``withdraw`` are the raiser's own."""

NEEDS: dict[type[ActForm], str] = {
    SendForm: "candidates",
    SortForm: "leaves",
    SplitForm: "leaves",
    WhistleForm: "callable",
    TicketForm: "systems",
}


def form_named(do: str, kind: Kind) -> type[ActForm] | None:
    """The form with that name: one of the engine's, or of the kind's own."""
    every = [form for forms_of in FORMS.values() for form in forms_of]
    return next((form for form in (*every, *kind.forms) if form.do == do), None)


def forms_for(matter: Matter, actions: Iterable[str], **more: Any) -> dict[str, ActForm]:
    """An empty form for each thing that may be done now, by name.

    ``more`` holds ``candidates`` and ``leaves``; a form whose need is not among them is left out.
    """
    own = {form.do: (form,) for form in matter.declared.forms}
    wanted = [form for action in actions for form in FORMS.get(action, own.get(action, ()))]
    return {form.do: build(form, matter, **more) for form in wanted if NEEDS.get(form, "") in {"", *more}}


def build(form: type[ActForm], matter: Matter, data: Any = None, files: Any = None, **more: Any) -> ActForm:
    """A form with what it needs of ``candidates`` and ``leaves``."""
    need = NEEDS.get(form)
    return form(matter, data, files, **({need: more[need]} if need else {}))
