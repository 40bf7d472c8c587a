"""The questions of a category on a page that raises a matter, and what came back of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from silin.forms.asking import QuestionsForm
from silin.forms.models import FormVersion
from silin.matters.models import Category
from silin.matters.terms import terms_of

ASKED = "asked"


def asked_of(category: Category | None, now: datetime) -> FormVersion | None:
    """The version of its questions that is asked now; None where nothing is asked."""
    if category is None:
        return None
    terms = terms_of(category, now)
    return terms.questions if terms else category.questions


class Asking:
    """What a page asks about a category. ``fresh``: it was not asked yet, so it has to be shown first.

    A page that was opened before a change is read by the version that it showed; what says nothing about
    questions was not asked any.
    """

    def __init__(self, category: Category | None, now: datetime, data: Any = None) -> None:
        self.version = asked_of(category, now)
        self.fresh, self.form = False, QuestionsForm(())
        if self.version is None or (data is not None and ASKED not in data):
            return
        shown = _shown(self.version, data[ASKED]) if data is not None else None
        self.fresh, self.version = shown is None, shown or self.version
        self.form = QuestionsForm(self.version.schema, data if shown else None)

    @property
    def answers(self) -> dict[str, Any] | None:
        """The typed answers of a valid form; None where nothing was asked."""
        return self.form.answers if self.version is not None and self.form.is_bound else None


def _shown(version: FormVersion, sent: str) -> FormVersion | None:
    if sent == str(version.pk):
        return version
    if not (sent.isascii() and sent.isdigit() and len(sent) < 16):
        return None
    return FormVersion.objects.filter(form=version.form_id, pk=int(sent)).first()
