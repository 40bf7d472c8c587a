"""Typed columns: each reads what clerks really write into such a cell, and says it back in one form.

A blank cell is read as well: words and codes give ``""``, everything else None. A dash or 无 in any other
column is taken for blank.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from silin.lib.personal import read_phone
from silin.lib.refusal import Refused, Words
from silin.lib.sheets.sheet import Column
from silin.lib.text import clean_words

NOTHING = {"", "/", "\\", "-", "--", "—", "——", "–", "无", "暂无", "不详", "null", "none", "n/a"}
YES = {"是", "有", "√", "✓", "✔", "对", "y", "yes", "true", "1"}
NO = {"否", "无", "没有", "×", "✗", "✘", "x", "不是", "n", "no", "false", "0"}
HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:t?00:00(?::00(?:\.0+)?)?)?")
EXCEL_BEGIN, EXCEL_DAYS = date(1899, 12, 30), range(10_000, 80_000)
LANDLINE = re.compile(r"(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?|1\d{4}|400-?\d{3}-?\d{4}")
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
CODE = re.compile(r"[0-9A-Za-z._-]+")


class Options(TypedDict, total=False):
    """What every column may be given; see ``Column``."""

    note: Words
    key: bool
    required: bool
    also: tuple[str, ...]
    secret: bool
    width: int
    keeps: bool


def text(name: str, title: Words, *, most: int = 200, **more: Unpack[Options]) -> Column:
    """Words, cleaned. Refused: ``too_long``."""

    def read(cell: str) -> str:
        return clean_words(cell, field=name, at_most=most)

    more.setdefault("note", format_lazy(_("words, {most} characters at most"), most=most))
    return Column(name, title, read=read, say=_plain, **_whole(more))


def integer(
    name: str,
    title: Words,
    *,
    least: int = 0,
    most: int = 999_999,
    unit: str = "",
    **more: Unpack[Options],
) -> Column:
    """A whole number; ``12.0``, ``１２``, ``1,200`` and ``6层`` (with that ``unit``) are read.

    Refused: ``not_whole``, ``out_of_range``.
    """

    def read(cell: str) -> int | None:
        number = _number(cell, unit)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise _refused("not_whole", _("“{cell}” is not a whole number."), cell=cell)
        return int(_within(number, least, most))

    more.setdefault("note", format_lazy(_("a whole number from {least} to {most}"), least=least, most=most))
    return Column(name, title, read=read, say=_plain, **_whole(more))


def decimal(
    name: str,
    title: Words,
    *,
    places: int = 2,
    least: float = 0,
    most: float = 999_999_999,
    unit: str = "",
    **more: Unpack[Options],
) -> Column:
    """A number with at most ``places`` decimals; more are rounded, as spreadsheets carry dust.

    Refused: ``not_number``, ``out_of_range``.
    """

    def read(cell: str) -> Decimal | None:
        number = _number(cell, unit)
        return None if number is None else round(_within(number, least, most), places)

    def say(value: Any) -> str:
        return "" if value is None else f"{round(Decimal(str(value)), places):f}"

    more.setdefault("note", format_lazy(_("a number, {places} decimals at most"), places=places))
    return Column(name, title, read=read, say=say, **_whole(more))


def day(name: str, title: Words, **more: Unpack[Options]) -> Column:
    """A date: 2024-05-06, 2024/5/6, 2024.5.6, 2024年5月6日, 二〇二四年五月六日, 20240506, an Excel date.

    Refused: ``bad_day``.
    """
    more.setdefault("note", _("a date like 2024-05-06"))
    return Column(name, title, read=read_day, say=_day_words, **_whole(more))


def year(name: str, title: Words, *, least: int = 1800, most: int = 2200, **more: Unpack[Options]) -> Column:
    """A year of four digits, with or without 年. Refused: ``bad_year``."""

    def read(cell: str) -> int | None:
        plain = _folded(cell).translate(HAN_DIGITS).removesuffix("年").removesuffix("年建")
        if plain in NOTHING:
            return None
        if not re.fullmatch(r"\d{4}", plain) or not least <= int(plain) <= most:
            raise _refused("bad_year", _("“{cell}” is not a year like 1998."), cell=cell)
        return int(plain)

    more.setdefault("note", _("a year like 1998"))
    return Column(name, title, read=read, say=_plain, **_whole(more))


def yes_no(name: str, title: Words, **more: Unpack[Options]) -> Column:
    """是 or 否; 有/无, √/×, Y/N and 1/0 are read. Refused: ``not_yes_no``."""
    words: dict[bool, Words] = {True: _("yes"), False: _("no")}

    def read(cell: str) -> bool | None:
        plain = _folded(cell)
        if plain in YES or plain in NO:
            return plain in YES
        if plain in NOTHING:
            return None
        raise _refused("not_yes_no", _("“{cell}” is neither yes nor no."), cell=cell)

    def say(value: Any) -> str:
        return "" if value is None else str(words[bool(value)])

    more.setdefault("note", _("yes or no"))
    return Column(name, title, read=read, say=say, choices=tuple(words.values()), **_whole(more))


def choice(name: str, title: Words, choices: Mapping[str, Words], **more: Unpack[Options]) -> Column:
    """One of ``choices`` (value → words), by its words in any language.

    Refused: ``bad_choice``.
    """

    def read(cell: str) -> str | None:
        asked = _folded(cell)
        for value, words in choices.items():
            if asked in {value.casefold(), *(_folded(each) for each in in_all_languages(words))}:
                return value
        if asked in NOTHING:
            return None
        known = "、".join(str(words) for words in choices.values())
        raise _refused("bad_choice", _("“{cell}” is none of: {known}."), cell=cell, known=known)

    def say(value: Any) -> str:
        return str(choices.get(value, value)) if value else ""

    more.setdefault("note", _("choose from the list"))
    return Column(name, title, read=read, say=say, choices=tuple(choices.values()), **_whole(more))


def phone(name: str, title: Words, *, landline: bool = False, **more: Unpack[Options]) -> Column:
    """A mobile number, with ``landline`` a fixed one too. Refused: ``bad_phone``."""

    def read(cell: str) -> str | None:
        plain = re.sub(r"\s", "", _folded(cell)).replace("(", "").replace(")", "-")
        if plain in NOTHING:
            return None
        if landline and LANDLINE.fullmatch(plain):
            return plain
        return read_phone(cell)

    more.setdefault("note", _("11 digits") if not landline else _("a mobile or fixed number"))
    return Column(name, title, read=read, say=_plain, **_whole(more))


def id_number(name: str, title: Words, **more: Unpack[Options]) -> Column:
    """A citizen's number of 18 signs, its birthday and check digit looked at. Refused: ``bad_id_number``."""

    def read(cell: str) -> str | None:
        plain = re.sub(r"\s", "", _folded(cell)).upper()
        if plain.casefold() in NOTHING:
            return None
        if re.fullmatch(r"\d{15}", plain):
            raise Refused("bad_id_number", _("This is an old number of 15 digits; write the one of 18."))
        if not re.fullmatch(r"\d{17}[\dX]", plain):
            raise Refused("bad_id_number", _("An identity number has 18 digits; the last may be an X."))
        if CHECKS[sum(int(n) * w for n, w in zip(plain, WEIGHTS, strict=False)) % 11] != plain[17]:
            raise Refused("bad_id_number", _("This identity number has a wrong digit; please compare it."))
        return plain

    more.setdefault("note", _("18 digits, the cell formatted as text"))
    more.setdefault("width", 22)
    return Column(name, title, read=read, say=_plain, **_whole(more))


def code(name: str, title: Words, *, most: int = 24, digits: int = 0, **more: Unpack[Options]) -> Column:
    """Letters and digits by which something is called; with ``digits`` exactly so many digits.

    Refused: ``bad_code``.
    """

    def read(cell: str) -> str:
        plain = unicodedata.normalize("NFKC", cell).strip().lstrip("'’")
        if digits and plain and not re.fullmatch(rf"[0-9]{{{digits}}}", plain):
            raise _refused("bad_code", _("“{cell}” is not a code of {n} digits."), cell=cell, n=digits)
        if plain and (len(plain) > most or not CODE.fullmatch(plain)):
            words = _("“{cell}” is not a code: letters, digits, dots and dashes, {n} at most.")
            raise _refused("bad_code", words, cell=cell, n=most)
        return plain

    note = format_lazy(_("{n} digits, the cell formatted as text"), n=digits)
    more.setdefault("note", note if digits else _("letters and digits"))
    return Column(name, title, read=read, say=_plain, **_whole(more))


def read_day(cell: str) -> date | None:
    """The date in what somebody wrote; see ``day``. Raises ``Refused`` (``bad_day``)."""
    plain = re.sub(r"\s", "", _folded(cell))
    if plain in NOTHING:
        return None
    if re.fullmatch(r"\d{5}", plain) and int(plain) in EXCEL_DAYS:
        return EXCEL_BEGIN + timedelta(days=int(plain))
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    found = DAY.fullmatch(_han_numbers(plain))
    try:
        return date(*map(int, found.groups())) if found else _no_day(cell)
    except ValueError as error:
        raise _refused("bad_day", _("There is no day “{cell}” in the calendar."), cell=cell) from error


def in_all_languages(words: Words) -> set[str]:
    """What ``words`` are in each language of the product."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(str(words))
    return found


def _whole(more: Options) -> dict[str, Any]:
    return dict(more)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _day_words(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return "" if value is None else str(value.isoformat())


def _folded(cell: str) -> str:
    """Plain width, small letters, without blanks around it and the mark that makes text of a number."""
    return unicodedata.normalize("NFKC", cell).strip().lstrip("'’").casefold()


def _number(cell: str, unit: str) -> Decimal | None:
    plain = re.sub(r"(?<=\d),(?=\d{3})|\s", "", _folded(cell))
    plain = plain.removesuffix(_folded(unit))
    if plain in NOTHING:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise _refused("not_number", _("“{cell}” is not a number."), cell=cell) from error
    if not number.is_finite():
        raise _refused("not_number", _("“{cell}” is not a number."), cell=cell)
    return number


def _within(number: Decimal, least: float, most: float) -> Decimal:
    if not least <= number <= most:
        words = _("{n} is out of range: from {least} to {most}.")
        raise _refused("out_of_range", words, n=f"{number:.12g}", least=least, most=most)
    return number


def _han_numbers(plain: str) -> str:
    """二〇二四年十二月二十一日 → 2024年12月21日."""
    plain = re.sub(r"([一二三]?)十([一二三四五六七八九]?)(?=[月日])", _tens, plain)
    return plain.translate(HAN_DIGITS)


def _tens(found: re.Match[str]) -> str:
    return f"{found[1] or '一'}{found[2] or '〇'}"


def _no_day(cell: str) -> date:
    words = _("“{cell}” is not a date like 2024-05-06, with year, month and day.")
    raise _refused("bad_day", words, cell=cell)


def _refused(code: str, words: Words, **values: object) -> Refused:
    return Refused(code, str(words).format(**values))
