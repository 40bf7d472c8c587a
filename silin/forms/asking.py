"""The questions as fields of a page: without scripts all stand there, with words that say when to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from silin.forms.answering import Answers, WrongAnswers, read_answers
from silin.forms.schema import NO, YES, Question, Schema, Sort
from silin.lib.text import listed


@dataclass(frozen=True)
class Asked:
    """One question on a page: its field, and in words and for scripts when it is asked."""

    field: forms.BoundField
    when: str
    depends_on: str
    among: str


class QuestionsForm(forms.Form):
    """The questions of a schema, named ``q-<key>``; ``answers`` after ``is_valid()``."""

    use_required_attribute = False

    def __init__(
        self, schema: Schema, data: Any = None, *, answers: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        initial = {each.key: _typed(each, (answers or {}).get(each.key)) for each in schema}
        super().__init__(data, prefix="q", initial=initial, **options)
        self.schema, self.answers = schema, Answers()
        for question in schema:
            self.fields[question.key] = _field(question)

    def clean(self) -> dict[str, Any]:
        """What was asked, typed; what is wrong stands at its field."""
        try:
            self.answers = read_answers(self.schema, self._said)
        except WrongAnswers as wrong:
            for refusal in wrong.all:
                self.add_error(refusal.field, forms.ValidationError(str(refusal.message), code=refusal.code))
        return self.cleaned_data

    def asked(self) -> list[Asked]:
        """Each question as the page shows it."""
        by_key = {each.key: each for each in self.schema}
        found = []
        for question in self.schema:
            when, depends_on, among = "", "", ""
            if question.show_if is not None:
                other = by_key[question.show_if.key]
                chosen = listed(other.label_of(code) for code in question.show_if.among)
                when = _("Only where “%(question)s” is: %(answer)s") % {
                    "question": other.label,
                    "answer": chosen,
                }
                depends_on, among = self.add_prefix(other.key), " ".join(question.show_if.among)
            found.append(Asked(self[question.key], when, depends_on, among))
        return found

    def _said(self, question: Question) -> Any:
        name = self.add_prefix(question.key)
        if question.sort == Sort.CHOICES:
            return self.data.getlist(name) if isinstance(self.data, QueryDict) else self.data.get(name)
        return self.data.get(name)


def _typed(question: Question, value: Any) -> Any:
    """An answer as a control shows it."""
    if question.sort == Sort.YES_NO and value is not None:
        return YES if value else NO
    return value


def _field(question: Question) -> forms.Field:
    hint = " ".join(filter(None, [question.hint, _bounds(question)]))
    always = question.required and question.show_if is None
    return Said(label=question.label, help_text=hint, required=always, widget=_widget(question))


class Said(forms.Field):
    """A control only: what is right and what is wrong is said by ``answering``."""

    def clean(self, value: Any) -> Any:
        """As it came."""
        return value


def _widget(question: Question) -> forms.Widget:
    options: list[tuple[str, str]] = [(code, question.label_of(code)) for code in question.codes]
    if question.sort == Sort.LONG_TEXT:
        return forms.Textarea(attrs={"rows": 3})
    if question.sort == Sort.NUMBER:
        return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    if question.sort == Sort.DATE:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if question.sort == Sort.CHOICES:
        return forms.CheckboxSelectMultiple(choices=options)
    if question.codes:
        return forms.RadioSelect(choices=options)
    return forms.TextInput(attrs={"autocomplete": "off"})


def _bounds(question: Question) -> str:
    """What is expected, in plain words."""
    if question.sort != Sort.NUMBER:
        return ""
    unit = question.unit
    if question.least is not None and question.most is not None:
        said = _("%(least)s to %(most)s%(unit)s")
        return said % {"least": question.least, "most": question.most, "unit": unit}
    return _("in %(unit)s") % {"unit": unit} if unit else ""
