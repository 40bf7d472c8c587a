"""The rows in which somebody writes questions: one row a question, in plain words, without scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from silin.forms.schema import NO, QUESTIONS_AT_MOST, YES, Question, Schema, Sort, read_schema
from silin.lib.refusal import Refused

SPARE = 2
BETWEEN = re.compile(r"[、,，|]")
EQUALS = re.compile(r"[=＝]")
PARTS = {"type": "sort", "choices": "options", "show_if": "only_if", "key": "label"}


class QuestionForm(forms.Form):
    """One question. A row without words asks nothing."""

    use_required_attribute = False
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=gettext_lazy("Question"), required=False)
    sort = forms.ChoiceField(
        label=pgettext_lazy("question", "Sort of answer"), choices=Sort.choices, required=False
    )
    required = forms.BooleanField(label=gettext_lazy("Has to be answered"), required=False)
    options = forms.CharField(
        label=gettext_lazy("To choose from"),
        required=False,
        help_text=gettext_lazy("One a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False)
    least = forms.IntegerField(label=gettext_lazy("At least"), required=False)
    most = forms.IntegerField(label=gettext_lazy("At most"), required=False)
    mask = forms.CharField(
        label=gettext_lazy("How it looks"),
        required=False,
        help_text=gettext_lazy("9 stands for a digit, A for a letter: 99-A."),
    )
    hint = forms.CharField(label=gettext_lazy("Hint"), required=False)
    only_if = forms.CharField(
        label=gettext_lazy("Only if"),
        required=False,
        help_text=gettext_lazy("An earlier question = its answer."),
    )


class Editor:
    """The rows of a form, those that are there and some empty ones; ``schema`` after ``is_valid()``."""

    def __init__(self, schema: Schema = (), data: Any = None) -> None:
        self.schema, self.data = schema, data
        self.refusal: Refused | None = None
        count = _count(data) if data is not None else min(len(schema) + SPARE, QUESTIONS_AT_MOST)
        self.rows = [
            QuestionForm(data, prefix=f"r{at}", initial=_row(schema, at) if data is None else None)
            for at in range(count)
        ]

    def is_valid(self) -> bool:
        """Whether the rows are questions; what is wrong stands at its row."""
        looked_at = [row.is_valid() for row in self.rows]
        if not all(looked_at):
            return False
        asked = [row for row in self.rows if row.cleaned_data["label"].strip()]
        try:
            self.schema = read_schema(_as_rows(asked, self.schema))
        except Refused as refusal:
            self.refusal = refusal
            at, _dot, part = refusal.field.partition(".")
            if not at.isdigit():
                return False
            name = PARTS.get(part, part)
            asked[int(at)].add_error(name if name in QuestionForm.base_fields else None, str(refusal.message))
            return False
        return True


def _count(data: Mapping[str, Any]) -> int:
    sent = str(data.get("rows", ""))
    return min(int(sent), QUESTIONS_AT_MOST) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0


def _row(schema: Schema, at: int) -> dict[str, Any]:
    if at >= len(schema):
        return {}
    question = schema[at]
    row = {
        name: getattr(question, name)
        for name in ("key", "label", "sort", "required", "unit", "least", "most")
    }
    options = "\n".join(each.label for each in question.options)
    return row | {
        "mask": question.mask,
        "hint": question.hint,
        "options": options,
        "only_if": _only_if(schema, question),
    }


def _only_if(schema: Schema, question: Question) -> str:
    if question.show_if is None:
        return ""
    other = next(each for each in schema if each.key == question.show_if.key)
    return f"{other.label}={'、'.join(other.label_of(code) for code in question.show_if.among)}"


def _as_rows(asked: list[QuestionForm], known: Schema) -> list[dict[str, Any]]:
    """What the rows say, as ``read_schema`` reads it; keys and codes that are known stay the same."""
    used = {row.cleaned_data["key"] for row in asked}
    rows: list[dict[str, Any]] = []
    for row in asked:
        said = row.cleaned_data
        key = said["key"] or _free("q", used)
        used.add(key)
        before = next((each for each in known if each.key == key), None)
        found = {name: said[name] for name in ("label", "required", "unit", "least", "most", "mask", "hint")}
        found |= {"key": key, "type": said["sort"], "choices": _choices(said["options"], before)}
        found["show_if"] = _show_if(said["only_if"], rows)
        rows.append(found)
    return rows


def _choices(text: str, before: Question | None) -> list[dict[str, str]]:
    known = {each.label: each.code for each in before.options} if before else {}
    used = set(known.values())
    found = []
    for label in filter(None, (line.strip() for line in text.splitlines())):
        code = known.get(label) or _free("o", used)
        used.add(code)
        found.append({"code": code, "label": label})
    return found


def _free(letter: str, used: set[str]) -> str:
    return next(name for n in range(1, 1000) if (name := f"{letter}{n}") not in used)


def _show_if(text: str, earlier: list[dict[str, Any]]) -> dict[str, Any] | None:
    """``question = answer、answer`` in the words that stand in the rows above."""
    if not text.strip():
        return None
    label, *rest = (part.strip() for part in EQUALS.split(text, maxsplit=1))
    row = next((each for each in earlier if each["label"].strip() == label), None)
    if row is None or not rest:
        return {"key": label, "is": rest}
    codes = {each["label"]: each["code"] for each in row["choices"]}
    if row["type"] == Sort.YES_NO:
        codes = {_("Yes"): YES, _("No"): NO, "是": YES, "否": NO}
    answers = [part.strip() for part in BETWEEN.split(rest[0]) if part.strip()]
    return {"key": row["key"], "is": [codes.get(each, each) for each in answers]}
