"""The forms by which an office asks how it was: a call to whoever raised it, a slip for who has no phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.matters import review
from silin.matters.forms import CHOOSE, GRADES, ActForm, choice_field, words_field

NOT_SAID = "0"


def tags_field() -> forms.MultipleChoiceField:
    """What fits, of the tags that the city uses; none is an answer too."""
    return forms.MultipleChoiceField(
        label=_("What fits? Tick any, or none"),
        choices=lambda: [(tag.pk, str(tag)) for tag in review.tags_in_use()],
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": CHOOSE},
    )


class CallBackForm(ActForm):
    do = "call_back"
    verb = staticmethod(review.call_back)
    title, button = _("Call and ask how it was"), _("Write it down")
    grade = choice_field(
        _("How satisfied are they?"), [*GRADES, (NOT_SAID, _("not reached, or would rather not say"))]
    )
    tags = tags_field()
    words = words_field(
        _("Why, in their own words?"),
        _("Only the level above reads this, never whoever handled it."),
        required=False,
        rows=2,
    )

    def said(self) -> dict[str, Any]:
        sent = self.cleaned_data
        return {"grade": int(sent["grade"]) or None, "tags": sent["tags"]}


class SlipForm(ActForm):
    """One button; the page behind it shows the slip this once."""

    do = "slip"
    verb = staticmethod(review.slip)
    title = button = _("Print a slip for a review")


FORMS: dict[str, tuple[type[ActForm], ...]] = {form.do: (form,) for form in (CallBackForm, SlipForm)}
