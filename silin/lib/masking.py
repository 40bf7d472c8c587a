"""Covering what identifies a person: in a field that holds it, and in the middle of somebody's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["phone", "id_number", "bank_card", "plate"]

FULL_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
"""Full-width signs to plain ones, one for one, so that places in the text stay the same."""

GAP = r"[ .·-]?"
LAND_LINE = r"0[1-9][0-9]{1,2}[ -]?[2-8][0-9]{6,7}"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "A-HJ-NP-Za-hj-np-z"

PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("id_number", re.compile(rf"(?<![0-9])[1-9](?:{GAP}[0-9]){{16}}{GAP}[0-9Xx](?![0-9A-Za-z])")),
    ("bank_card", re.compile(rf"(?<![0-9])[3-9](?:(?:{GAP}[0-9]){{15,16}}|(?:{GAP}[0-9]){{18}})(?![0-9])")),
    ("phone", re.compile(rf"(?<![0-9])(?:(?:\+|00)?86{GAP})?1{GAP}[3-9](?:{GAP}[0-9]){{9}}(?![0-9])")),
    ("phone", re.compile(rf"(?<![0-9]){LAND_LINE}(?![0-9])")),
    (
        "plate",
        re.compile(
            rf"[{PROVINCES}][{LETTERS}]{GAP}[{LETTERS}0-9]{{4,5}}[{LETTERS}0-9挂学警港澳](?![0-9A-Za-z])"
        ),
    ),
)
"""What to look for, the longest first: an earlier find keeps a later one out of its place."""


@dataclass(frozen=True)
class Found:
    """Something personal at ``text[start:end]``."""

    kind: Kind
    start: int
    end: int
    text: str


def mask_phone(phone: str) -> str:
    """``13812341234`` as ``138****1234``."""
    return _starred(phone, 3, 4)


def mask_id_number(number: str) -> str:
    """The first and last four signs of an identity card's number."""
    return _starred(number, 4, 4)


def mask_bank_card(number: str) -> str:
    """The last four signs of a bank card's number."""
    return _starred(number, 0, 4)


def mask_plate(plate: str) -> str:
    """The province and the last two signs of a number plate."""
    return _starred(plate, 1, 2)


def find_personal(text: str) -> list[Found]:
    """The numbers of telephones, identity cards, bank cards and plates in somebody's words, in their order.

    Full-width digits and single blanks, dots or dashes between digits do not hide them. An identity card is
    known by a date of birth in its place; its check digit is not asked for, since people mistype. A bank card
    is known by its check digit (Luhn): other long numbers are common.
    """
    plain = text.translate(FULL_WIDTH)
    found: list[Found] = []
    for kind, start, end in _candidates(plain):
        if all(end <= other.start or start >= other.end for other in found):
            found.append(Found(kind, start, end, text[start:end]))
    return sorted(found, key=lambda each: each.start)


def cover(text: str, found: Iterable[Found]) -> str:
    """``text`` with stars over what was found; its length stays the same."""
    masks = {
        "phone": mask_phone,
        "id_number": mask_id_number,
        "bank_card": mask_bank_card,
        "plate": mask_plate,
    }
    for each in found:
        text = text[: each.start] + masks[each.kind](each.text) + text[each.end :]
    return text


def _candidates(plain: str) -> Iterator[tuple[Kind, int, int]]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(plain):
            if CHECKS.get(kind, bool)(match.group()):
                yield kind, match.start(), match.end()


def _has_birthday(number: str) -> bool:
    digits = re.sub(GAP, "", number)
    try:
        return date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])).year >= 1900
    except ValueError:
        return False


def _checks_out(number: str) -> bool:
    """Whether the digits come to what Luhn's sum asks for."""
    digits = [int(sign) for sign in re.sub(GAP, "", number)]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


CHECKS: dict[str, Callable[[str], bool]] = {"id_number": _has_birthday, "bank_card": _checks_out}


def stars(text: str) -> str:
    """Stars over every letter and digit of ``text``."""
    return _starred(text, 0, 0)


def _starred(text: str, head: int, tail: int) -> str:
    """Stars over all letters and digits but the first ``head`` and last ``tail``; over all when too few."""
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    hidden = places[head : len(places) - tail] or places
    signs = list(text)
    for place in hidden:
        signs[place] = "*"
    return "".join(signs)
