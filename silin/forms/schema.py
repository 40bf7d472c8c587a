"""Questions as they are written down in a version of a form: one schema for the whole project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silin.lib.refusal import Refused, Words
from silin.lib.text import clean_words

QUESTIONS_AT_MOST = 20
CHOICES_AT_MOST = 30
LABEL_AT_MOST = 60
HINT_AT_MOST = 120
MASK_AT_MOST = 40
KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")
CODE = re.compile(r"[a-z0-9_]{1,20}")
MASK_SIGNS = {"9": "[0-9]", "A": "[A-Za-z]"}
YES, NO = "yes", "no"


class Sort(TextChoices):
    """What sort of answer a question has (closed set)."""

    TEXT = "text", pgettext_lazy("question", "a few words")
    LONG_TEXT = "long_text", pgettext_lazy("question", "longer words")
    NUMBER = "number", pgettext_lazy("question", "a number")
    DATE = "date", pgettext_lazy("question", "a day")
    CHOICE = "choice", pgettext_lazy("question", "one of several")
    CHOICES = "choices", pgettext_lazy("question", "any of several")
    YES_NO = "yes_no", pgettext_lazy("question", "yes or no")


LENGTHS = {Sort.TEXT: 200, Sort.LONG_TEXT: 2000}
CHOSEN = (Sort.CHOICE, Sort.CHOICES)


@dataclass(frozen=True)
class Option:
    """One thing to choose: ``code`` is kept, ``label`` is read."""

    code: str
    label: str


@dataclass(frozen=True)
class ShowIf:
    """The question is asked only where the answer to ``key`` is (or holds) one of ``among``."""

    key: str
    among: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What is asked. ``least`` and ``most`` bound a number, or how many characters or choices there are.

    ``mask`` is a pattern as people write it: 9 stands for a digit, A for a letter, all else for itself.
    """

    key: str
    sort: str
    label: str
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    unit: str = ""
    least: int | None = None
    most: int | None = None
    mask: str = ""
    show_if: ShowIf | None = None

    @property
    def pattern(self) -> str:
        """The mask as a regular expression; empty where there is none. It takes linear time."""
        return "".join(MASK_SIGNS.get(sign, re.escape(sign)) for sign in self.mask)

    @property
    def codes(self) -> tuple[str, ...]:
        """The answers another question may depend on."""
        if self.sort == Sort.YES_NO:
            return (YES, NO)
        return tuple(option.code for option in self.options)

    def label_of(self, code: str) -> str:
        """How a choice reads."""
        if self.sort == Sort.YES_NO:
            return str({YES: _("Yes"), NO: _("No")}.get(code, code))
        return next((option.label for option in self.options if option.code == code), code)

    def as_row(self) -> dict[str, Any]:
        """What ``read_schema`` reads: only what was said."""
        row: dict[str, Any] = {"key": self.key, "type": str(self.sort), "label": self.label}
        row |= {name: value for name in ("hint", "unit", "mask") if (value := getattr(self, name))}
        row |= {name: value for name in ("least", "most") if (value := getattr(self, name)) is not None}
        if self.required:
            row["required"] = True
        if self.options:
            row["choices"] = [{"code": each.code, "label": each.label} for each in self.options]
        if self.show_if is not None:
            row["show_if"] = {"key": self.show_if.key, "is": list(self.show_if.among)}
        return row


Schema = tuple[Question, ...]


def as_rows(schema: Schema) -> list[dict[str, Any]]:
    """The schema as JSON keeps it."""
    return [question.as_row() for question in schema]


def read_schema(rows: object) -> Schema:
    """The questions in rows of JSON.

    Raises ``Refused`` (``bad_question``, ``too_many``, ``missing``, ``too_long``); its field is the number of
    the row and the part, like ``2.label``.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise _bad("", _("Questions come as a list."))
    if len(rows) > QUESTIONS_AT_MOST:
        message = format_lazy(_("{n} questions are enough."), n=QUESTIONS_AT_MOST)
        raise Refused("too_many", message)
    found: list[Question] = []
    for at, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise _bad(str(at), _("Questions come as a list."))
        found.append(_read(row, at, found))
    return tuple(found)


def _read(row: Mapping[str, Any], at: int, earlier: Sequence[Question]) -> Question:
    sort = str(row.get("type", ""))
    if sort not in Sort.values:
        raise _bad(f"{at}.type", _("Please choose what sort of answer it has."))
    key = str(row.get("key", ""))
    if not KEY.fullmatch(key) or key in {each.key for each in earlier}:
        raise _bad(f"{at}.key", _("Every question has a short key of its own, in small letters."))
    question = Question(
        key=key,
        sort=sort,
        label=_words(row, "label", at, LABEL_AT_MOST, at_least=1),
        hint=_words(row, "hint", at, HINT_AT_MOST),
        required=row.get("required") is True,
        options=_options(row, sort, at),
        unit=_words(row, "unit", at, 10) if sort == Sort.NUMBER else "",
        least=_bound(row, "least", sort, at),
        most=_bound(row, "most", sort, at),
        mask=_words(row, "mask", at, MASK_AT_MOST) if sort == Sort.TEXT else "",
        show_if=_show_if(row.get("show_if"), at, earlier),
    )
    if question.least is not None and question.most is not None and question.least > question.most:
        raise _bad(f"{at}.most", _("The most is less than the least."))
    return question


def _words(row: Mapping[str, Any], name: str, at: int, most: int, *, at_least: int = 0) -> str:
    return clean_words(str(row.get(name) or ""), field=f"{at}.{name}", at_least=at_least, at_most=most)


def _bound(row: Mapping[str, Any], name: str, sort: str, at: int) -> int | None:
    value = row.get(name)
    if value is None or sort not in (Sort.NUMBER, Sort.TEXT, Sort.LONG_TEXT, Sort.CHOICES):
        return None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**9:
        raise _bad(f"{at}.{name}", _("That is no whole number."))
    if sort != Sort.NUMBER and not 0 <= value <= LENGTHS.get(Sort(sort), CHOICES_AT_MOST):
        raise _bad(f"{at}.{name}", _("That is more than there is room for."))
    return value


def _options(row: Mapping[str, Any], sort: str, at: int) -> tuple[Option, ...]:
    if sort not in CHOSEN:
        return ()
    listed = row.get("choices")
    rows = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    options = tuple(
        Option(
            str(each.get("code", "")),
            clean_words(str(each.get("label") or ""), field=f"{at}.choices", at_least=1, at_most=40),
        )
        for each in rows
    )
    codes, labels = {each.code for each in options}, {each.label for each in options}
    if not 2 <= len(options) <= CHOICES_AT_MOST:
        raise _bad(f"{at}.choices", _("There are two things to choose from, at least."))
    if len(codes) < len(options) or len(labels) < len(options) or not all(map(CODE.fullmatch, codes)):
        raise _bad(f"{at}.choices", _("Each thing to choose stands there once."))
    return options


def _show_if(said: object, at: int, earlier: Iterable[Question]) -> ShowIf | None:
    if not said:
        return None
    if not isinstance(said, Mapping) or not isinstance(said.get("is"), list):
        raise _bad(f"{at}.show_if", _("It depends on an earlier question with something to choose."))
    asked = next((each for each in earlier if each.key == said.get("key")), None)
    among = tuple(str(each) for each in said["is"])
    if asked is None or not among or not set(among) <= set(asked.codes):
        raise _bad(f"{at}.show_if", _("It depends on an earlier question with something to choose."))
    return ShowIf(asked.key, among)


def _bad(field: str, message: Words) -> Refused:
    return Refused("bad_question", message, field=field)


def day_or_none(text: str) -> date | None:
    """A day as JSON says it."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
