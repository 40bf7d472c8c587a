"""The forms of a desk about matters that are one, two or belong together, and about what it covers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from silin.accounts.models import User
from silin.lib.ids import read_number
from silin.lib.refusal import NotFound
from silin.matters import covering, merging
from silin.matters.deeds import By
from silin.matters.forms import ActForm, category_choices, choice_field, set_choices, words_field
from silin.matters.models import Category, Matter, Photo


class OtherForm(ActForm):
    """A form about a second matter, named by its number."""

    into = forms.CharField(label=_("Number of the other one"), error_messages={"required": _("Which one?")})
    field_of_verb = "into"

    def by(self, user: User, now: datetime) -> By:
        self.other = _other(user, self.cleaned_data["into"])
        return super().by(user, now)

    def said(self) -> dict[str, Any]:
        return {self.field_of_verb: self.other}


class MergeForm(OtherForm):
    do = "merge"
    verb = staticmethod(merging.merge)
    title, button = _("It is the same as another one"), _("They are one")
    words = words_field(_("A word to go with it"), required=False, rows=2)


class UnmergeForm(ActForm):
    do = "unmerge"
    verb = staticmethod(merging.unmerge)
    title = button = _("It is not the same: take it back")


class RelateForm(OtherForm):
    do = "relate"
    verb = staticmethod(merging.relate)
    title, button = _("It belongs together with another one"), _("Note it down")
    field_of_verb = "other"


class ApartForm(RelateForm):
    do = "apart"
    button = _("Not together")

    def said(self) -> dict[str, Any]:
        return {**super().said(), "apart": True}


class SplitForm(ActForm):
    do = "split"
    verb = staticmethod(merging.split)
    title, button = _("It names two things"), _("Make two of it")
    part = words_field(
        _("The second thing, in the resident's words"), _("Leave of the words what is about it.")
    )
    category = choice_field(_("What is that about?"), (), radio=False)
    photos = forms.MultipleChoiceField(
        label=_("Photos that show it"), required=False, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        leaves: Sequence[Category] = options.pop("leaves")
        super().__init__(matter, data, files, initial={"part": matter.words}, **options)
        self.categories = {each.pk: each for each in leaves}
        set_choices(self, "category", category_choices(leaves, _("Please choose a category")))
        rows = [photo for photo in matter.photos.all() if photo.stage == Photo.Stage.RAISED]
        self.files_by_key = {str(row.pk): row.file for row in rows}
        shown = [(str(row.pk), _numbered(n)) for n, row in enumerate(rows, start=1)]
        field = self.fields["photos"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = shown
        if not shown:
            del self.fields["photos"]

    def said(self) -> dict[str, Any]:
        sent = self.cleaned_data
        return {
            "part": sent["part"],
            "category": self.categories[sent["category"]],
            "photos": [self.files_by_key[key] for key in sent.get("photos", ())],
        }


class CoverForm(ActForm):
    do = "cover"
    verb = staticmethod(covering.cover_words)
    title, button = _("Cover something in the words"), _("Cover it")
    also = forms.CharField(
        label=_("What else is to be covered?"),
        required=False,
        help_text=_("A name or a door, copied as it stands there. Whoever handles it reads stars, too."),
    )

    def said(self) -> dict[str, Any]:
        return {"also": self.cleaned_data["also"]}


def _other(user: User, typed: str) -> Matter:
    rows = Matter.objects.seen_by(user).with_hands()
    found = rows.filter(number=read_number(typed)).first()
    if found is None:
        raise NotFound(_("There is no matter of that number within your place."), field="into")
    return found


def _numbered(n: int) -> str:
    return ngettext("Photo %(n)d", "Photo %(n)d", n) % {"n": n}


FORMS: dict[str, tuple[type[ActForm], ...]] = {
    "merge": (MergeForm,),
    "unmerge": (UnmergeForm,),
    "split": (SplitForm,),
    "relate": (RelateForm, ApartForm),
    "cover": (CoverForm,),
}
