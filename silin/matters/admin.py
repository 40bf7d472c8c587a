"""Categories, as the system administrator changes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.matters.categories import set_category
from silin.matters.models import Category
from silin.operation.tables import RowForm, Table, site

MARKS = [("safe", _("safe")), ("easy", _("easy")), ("fair", _("fair")), ("happy", _("happy"))]


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


@admin.register(Category, site=site)
class Categories(Table):
    kind, fixed, order = "category", ("code", "parent"), ("order", "code")
    one, many = _("category"), _("Categories of matters")
    why = _("What residents report, in how many hours it is taken and in how many days it is done.")
    labels = {
        "code": _("Code"),
        "parent": _("Group"),
        "name": _("Chinese name"),
        "name_en": _("English name"),
        "mark": _("Which of the four"),
        "respond_hours": _("Working hours until it is taken"),
        "handle_days": _("Working days until it is done"),
        "keywords": _("Words by which it is known"),
        "order": _("Place in the list"),
        "active": _("In use"),
    }
    columns = ("name", "parent", "mark", "respond_hours", "handle_days", "active")
    fields = tuple(labels)
    form = CategoryForm

    def write(self, row: Category, *, actor: User, now: datetime, seen: str) -> object:
        return set_category(row, actor=actor, now=now, seen=seen)

    def say_mark(self, row: Category) -> object:
        return dict(MARKS)[row.mark]
