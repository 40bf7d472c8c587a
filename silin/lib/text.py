"""Somebody's words: cleaned before they are kept, and cut into pairs of characters to be found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from string import ascii_letters, digits

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from silin.lib.dates import in_chinese
from silin.lib.refusal import Refused, Words

KEPT_CONTROLS = "\n\t"
DIRECTION_MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Signs that turn the direction of writing, by which words can be made to look like others."""

FULL_WIDTH = {0xFEE0 + ord(sign): sign for sign in digits + ascii_letters}
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")


def clean_words(text: str, *, field: str, at_least: int = 0, at_most: int = 2000) -> str:
    """``text`` in Unicode's NFC, without control characters and outer blanks.

    Line ends become ``\\n``; lengths count characters after cleaning. Raises ``Refused``: ``missing`` (fewer
    than ``at_least``) or ``too_long`` (and says by how many).
    """
    one_ending = text.replace("\r\n", "\n").replace("\r", "\n")
    words = "".join(filter(_is_kept, unicodedata.normalize("NFC", one_ending))).strip()
    if len(words) < at_least:
        raise Refused("missing", _too_short(words, at_least), field=field)
    if (over := len(words) - at_most) > 0:
        message = _("Too long by {over}: there is room for {most} characters.")
        raise Refused("too_long", format_lazy(message, over=over, most=at_most), field=field)
    return words


def plain_digits(text: str) -> str:
    """Full-width digits and letters as plain ones: of ``１１号楼`` comes ``11号楼``; other signs stay."""
    return text.translate(FULL_WIDTH)


def bigrams(text: str) -> list[str]:
    """The tokens under which ``text`` is found, each once, in order of appearance.

    Chinese is cut into pairs of neighbouring characters (a character that stands alone stays alone), words in
    letters and numbers stay whole, in small letters and plain width: ``3号楼灯`` gives ``3 号楼 楼灯``.
    """
    tokens: dict[str, None] = {}
    for run in RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
        tokens.update(dict.fromkeys(_pairs(run) if re.match(f"[{HAN}]", run) else [run]))
    return list(tokens)


def _is_kept(sign: str) -> bool:
    if sign in KEPT_CONTROLS:
        return True
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in DIRECTION_MARKS


def _too_short(words: str, at_least: int) -> Words:
    if not words:
        return _("Please write something here.")
    return format_lazy(_("Please write a little more: {least} characters at least."), least=at_least)


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]


def listed(words: Iterable[object]) -> str:
    """One after another, as people write them: ``甲、乙``, or ``A, B`` in English."""
    return ("、" if in_chinese() else ", ").join(map(str, words))
