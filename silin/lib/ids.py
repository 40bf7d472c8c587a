"""Names for things: time-ordered ids, and numbers that can be read out over the telephone."""

from __future__ import annotations

import secrets
import unicodedata
import uuid

import uuid_utils.compat
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): ordered by the time it was made."""
    return uuid_utils.compat.uuid7()


def draw(length: int) -> str:
    """Drawn characters without 0, O, 1 and I: five bits each, from the system's source of secrets."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def draw_number() -> str:
    """Eight drawn characters (32 ** 8, about 10 ** 12 numbers)."""
    return draw(LENGTH)


def show_number(number: str) -> str:
    """``K7QM3XZP`` as people read it: ``K7QM-3XZP``."""
    return f"{number[:4]}-{number[4:]}"


def read_number(text: str) -> str:
    """The number in what somebody typed: lower case, blanks, dashes and full-width signs are accepted.

    Raises ``Refused`` (``bad_number``).
    """
    number = read_signs(text)
    if len(number) != LENGTH or any(sign not in ALPHABET for sign in number):
        message = _("A number has eight letters and digits, like K7QM-3XZP.")
        raise Refused("bad_number", message, field="number")
    return number


def read_signs(text: str) -> str:
    """The letters and digits of what somebody typed, as capitals of plain width."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())
