"""The forms by which a city says what matters may be about."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words
from silin.matters.models import Category
from silin.operation.tables import RowForm

MARKS = [("safe", _("safe")), ("easy", _("easy")), ("fair", _("fair")), ("happy", _("happy"))]
LABELS: dict[str, Words] = {
    "code": _("Code"),
    "parent": _("Group"),
    "name": _("Chinese name"),
    "name_en": _("English name"),
    "mark": _("Which of the four"),
    "respond_hours": _("Working hours until it is taken"),
    "handle_days": _("Working days until it is done"),
    "keywords": _("Words by which it is known"),
    "order": _("Place in the list"),
    "private": _("Never shown to neighbours"),
    "active": _("In use"),
}


class CategoryForm(RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mark"] = forms.ChoiceField(label=self.fields["mark"].label, choices=MARKS)
        words = forms.CharField(label=self.fields["keywords"].label, required=False)
        words.help_text = _("Parted by blanks. They stand in reports of this category.")
        self.fields["keywords"] = words
        self.initial["keywords"] = " ".join(self.instance.keywords)
        if "parent" in self.fields:
            self.fields["parent"] = forms.ModelChoiceField(
                Category.objects.filter(parent=None), label=self.fields["parent"].label, required=False
            )

    def clean_keywords(self) -> list[str]:
        return str(self.cleaned_data["keywords"]).split()


class DatedForm(CategoryForm):
    """A category with the day from which the change holds; its code is chosen once."""

    use_required_attribute = False
    since = forms.DateField(
        label=_("Holds from"),
        help_text=_(
            "From today on: what is open is counted by the new limits too. "
            "From a later day on: what was reported before keeps its own."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Please fill this in."), "invalid": _("Please give a day.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["since"] = localdate()
        if not self.instance._state.adding:
            del self.fields["code"]


def dated_form() -> type[DatedForm]:
    """The form with the fields of a category."""
    labels = cast(dict[str, str], LABELS)
    made = forms.modelform_factory(Category, form=DatedForm, fields=list(LABELS), labels=labels)
    return cast(type[DatedForm], made)
