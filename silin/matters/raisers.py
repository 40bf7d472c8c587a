"""What whoever raised a matter may do with it: the forms, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.refusal import Words
from silin.matters import oversight, triage, verifying
from silin.matters import review as reviewing
from silin.matters.deeds import By
from silin.matters.forms import GRADES, ActForm, choice_field, words_field
from silin.matters.models import Matter
from silin.matters.review_acts import tags_field

SAID: dict[str, Words] = {
    "verify": _("Thank you for looking. It is over now."),
    "reject": _("Sent back at once. You need not write it again."),
    "comment": _("Written down. Whoever has it reads it."),
    "withdraw": _("Taken back."),
    "urge": _("They have been asked to hurry."),
    "reopen": _("Open again, with a short new time."),
    "review": _("Thank you. Whoever handled it cannot see your name."),
}


class FixedForm(ActForm):
    do = "verify"
    verb = staticmethod(verifying.verify)


class NotYetForm(ActForm):
    """One tap: it says what is not right where the person does not."""

    do = "reject"
    verb = staticmethod(verifying.reject)
    words = words_field(_("What is not right yet?"), required=False, rows=2)

    def by(self, user: User, now: datetime) -> By:
        return _with_words(super().by(user, now), gettext("It is not fixed yet."))


class AgainForm(ActForm):
    do = "reopen"
    verb = staticmethod(verifying.reopen)
    words = words_field(_("What is not right?"), required=False, rows=2)

    def by(self, user: User, now: datetime) -> By:
        return _with_words(super().by(user, now), gettext("It is not fixed."))


class WordForm(ActForm):
    """A word more counts whatever has happened in the meantime, so the version does not matter."""

    do = "comment"
    verb = staticmethod(triage.comment)
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    words = words_field(_("Add a word"), _("Whoever has it reads it."), rows=2)

    def by(self, user: User, now: datetime) -> By:
        sent = self.cleaned_data
        return By(user, now, client_id=sent["client_id"], words=sent["words"])


class HurryForm(ActForm):
    do = "urge"
    verb = staticmethod(oversight.urge)
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def by(self, user: User, now: datetime) -> By:
        return By(user, now, client_id=self.cleaned_data["client_id"])


class WithdrawForm(ActForm):
    do = "withdraw"
    verb = staticmethod(verifying.withdraw)


class ReviewForm(ActForm):
    do = "review"
    verb = staticmethod(reviewing.review)
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    grade = choice_field(_("How satisfied are you?"), GRADES)
    tags = tags_field()
    words = words_field(_("Would you like to say why?"), required=False, rows=2)

    def by(self, user: User, now: datetime) -> By:
        sent = self.cleaned_data
        return By(user, now, client_id=sent["client_id"], words=sent["words"])

    def said(self) -> dict[str, Any]:
        return {"grade": int(self.cleaned_data["grade"]), "tags": self.cleaned_data["tags"]}


FORMS: dict[str, type[ActForm]] = {
    form.do: form
    for form in (FixedForm, NotYetForm, WordForm, HurryForm, WithdrawForm, AgainForm, ReviewForm)
}


def forms_of_raiser(matter: Matter, actions: Iterable[str]) -> dict[str, ActForm]:
    """An empty form for each of ``actions`` that is a raiser's."""
    return {name: FORMS[name](matter) for name in actions if name in FORMS}


def _with_words(by: By, instead: str) -> By:
    return By(by.actor, by.now, version=by.version, client_id=by.client_id, words=by.words or instead)
