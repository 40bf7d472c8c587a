"""From what came in to typed answers. What was not asked never lands, whatever was sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from silin.forms.schema import LENGTHS, NO, YES, Question, Schema, Sort, day_or_none
from silin.lib.dates import day_words
from silin.lib.refusal import Refused
from silin.lib.text import clean_words, listed

Answers = dict[str, Any]
"""By key, as JSON keeps it: words, whole or broken numbers, days as ``2026-11-27``, codes, yes as true."""

NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?")
SPOKEN = {YES: True, NO: False, "true": True, "false": False, "1": True, "0": False}


class WrongAnswers(Refused):
    """Some answers are missing or wrong; ``all`` says each, by the key of its question."""

    def __init__(self, refused: list[Refused]) -> None:
        self.all = refused
        first = refused[0]
        super().__init__(first.code, first.message, field=first.field)


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether the answers so far lead to this question."""
    return question.show_if is None or was_said(answers, question.show_if.key, question.show_if.among)


def was_said(answers: Mapping[str, Any], key: str, among: Collection[str]) -> bool:
    """Whether the answer to ``key`` is (or holds) one of the codes ``among``."""
    given = answers.get(key)
    if isinstance(given, bool):
        given = YES if given else NO
    chosen = given if isinstance(given, list) else [given]
    return any(code in among for code in chosen)


def read_answers(schema: Schema, said: Callable[[Question], Any]) -> Answers:
    """The typed answers in what ``said`` gives for each question that is asked; in the order of the schema.

    An answer left empty is not there. Raises ``WrongAnswers``; each of them has a code: ``missing``,
    ``too_long``, ``too_short``, ``bad_number``, ``too_small``, ``too_large``, ``bad_date``, ``bad_choice``,
    ``bad_form``.
    """
    answers: Answers = {}
    refused: list[Refused] = []
    for question in schema:
        if not is_asked(question, answers):
            continue
        try:
            value = read_answer(question, said(question))
        except Refused as refusal:
            refused.append(refusal)
            continue
        if value is not None:
            answers[question.key] = value
    if refused:
        raise WrongAnswers(refused)
    return answers


def check_answers(schema: Schema, sent: object) -> Answers:
    """The typed answers in a program's JSON, an object by key. Raises as ``read_answers`` does."""
    if not isinstance(sent, Mapping):
        raise WrongAnswers([Refused("bad_form", _("Answers come by the key of their question."))])
    return read_answers(schema, lambda question: sent.get(question.key))


def read_answer(question: Question, raw: Any) -> Any:
    """One typed answer; None where nothing was said. Raises ``Refused``, its field is the key."""
    value = READERS[Sort(question.sort)](question, raw)
    if value is None and question.required:
        message = _("Please choose one.") if question.codes else _("Please write something here.")
        raise _no(question, "missing", message)
    return value


def _text(question: Question, raw: Any) -> str | None:
    if raw is not None and not isinstance(raw, str):
        raise _no(question, "bad_form", _("Here we need words."))
    most = question.most if question.most is not None else LENGTHS[Sort(question.sort)]
    words = clean_words(raw or "", field=question.key, at_most=most)
    if not words:
        return None
    if question.least and len(words) < question.least:
        message = format_lazy(
            _("Please write a little more: {least} characters at least."), least=question.least
        )
        raise _no(question, "too_short", message)
    if question.mask:
        words = unicodedata.normalize("NFKC", words)
        if not re.fullmatch(question.pattern, words):
            message = format_lazy(
                _("Please write it like {mask} (9 is a digit, A a letter)."), mask=question.mask
            )
            raise _no(question, "bad_form", message)
    return words


def _number(question: Question, raw: Any) -> int | float | None:
    if raw is None or raw == "":
        return None
    typed = "" if isinstance(raw, bool) else unicodedata.normalize("NFKC", str(raw)).strip().replace(",", "")
    if typed == "":
        return None
    if not NUMBER.fullmatch(typed):
        raise _no(question, "bad_number", _("Please write a number in digits."))
    value: int | float = float(typed)
    if value == int(value):
        value = int(value)
    unit = question.unit
    if question.least is not None and value < question.least:
        message = format_lazy(_("At least {least}{unit}."), least=question.least, unit=unit)
        raise _no(question, "too_small", message)
    if question.most is not None and value > question.most:
        message = format_lazy(_("At most {most}{unit}."), most=question.most, unit=unit)
        raise _no(question, "too_large", message)
    return value


def _date(question: Question, raw: Any) -> str | None:
    if raw is None or raw == "":
        return None
    day = day_or_none(raw.strip()) if isinstance(raw, str) else None
    if day is None:
        raise _no(question, "bad_date", _("Please give a day, like 2026-11-27."))
    return day.isoformat()


def _choice(question: Question, raw: Any) -> str | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str) or raw not in question.codes:
        raise _no(question, "bad_choice", _("Please choose one of the list."))
    return raw


def _choices(question: Question, raw: Any) -> list[str] | None:
    sent = [] if raw is None or raw == "" else raw
    if not isinstance(sent, list) or not all(code in question.codes for code in sent):
        raise _no(question, "bad_choice", _("Please choose from the list."))
    chosen = [code for code in question.codes if code in sent]
    if not chosen:
        return None
    if question.least is not None and len(chosen) < question.least:
        message = ngettext_lazy("Please choose %(n)d at least.", "Please choose %(n)d at least.", "n")
        raise _no(question, "too_small", message % {"n": question.least})
    if question.most is not None and len(chosen) > question.most:
        message = ngettext_lazy("Please choose %(n)d at most.", "Please choose %(n)d at most.", "n")
        raise _no(question, "too_large", message % {"n": question.most})
    return chosen


def _yes_no(question: Question, raw: Any) -> bool | None:
    if raw is None or raw == "":
        return None
    value = raw if isinstance(raw, bool) else SPOKEN.get(raw) if isinstance(raw, str) else None
    if value is None:
        raise _no(question, "bad_choice", _("Please choose yes or no."))
    return value


READERS: dict[Sort, Callable[[Question, Any], Any]] = {
    Sort.TEXT: _text,
    Sort.LONG_TEXT: _text,
    Sort.NUMBER: _number,
    Sort.DATE: _date,
    Sort.CHOICE: _choice,
    Sort.CHOICES: _choices,
    Sort.YES_NO: _yes_no,
}


def said(question: Question, value: Any) -> str:
    """An answer as people read it."""
    if question.sort == Sort.YES_NO:
        return question.label_of(YES if value else NO)
    if question.sort == Sort.CHOICES:
        return listed(question.label_of(code) for code in value)
    if question.sort == Sort.CHOICE:
        return question.label_of(value)
    if question.sort == Sort.DATE:
        return day_words(date.fromisoformat(value), with_year=True)
    return f"{value}{question.unit}" if question.sort == Sort.NUMBER else str(value)


def told(schema: Schema, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Question and answer, in the order of the schema, as far as there is an answer."""
    return [(each.label, said(each, answers[each.key])) for each in schema if each.key in answers]


def _no(question: Question, code: str, message: Any) -> Refused:
    return Refused(code, message, field=question.key)
