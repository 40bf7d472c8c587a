"""Personal data: encrypted at rest, found again by a keyed hash, never without purpose, basis, owner and end.

The keys come from ``settings.SILIN_DATA_KEYS`` (first one writes, all read) and live outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField

MOBILE = re.compile(r"1[3-9][0-9]{9}")
BETWEEN_DIGITS = re.compile(r"[\s().·\u2010-\u2015-]")


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(plain: str) -> str:
    """``plain`` under the first data key."""
    return _box(tuple(settings.SILIN_DATA_KEYS)).encrypt(plain.encode()).decode()


def decrypt(secret: str) -> str:
    """The words that ``encrypt`` took, under whichever data key they were written."""
    return _box(tuple(settings.SILIN_DATA_KEYS)).decrypt(secret.encode()).decode()


class PersonalCharField(TextField):
    """A text that says something about a person: encrypted in its column, with its reason beside it.

    ``keep_days`` counts from the day the owner of the row no longer needs it; 0 keeps it as long as the row.
    """

    def __init__(self, *, purpose: str, basis: str, owner: str, keep_days: int, **options: Any) -> None:
        self.purpose, self.basis, self.owner, self.keep_days = purpose, basis, owner, keep_days
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        options.update(purpose=self.purpose, basis=self.basis, owner=self.owner, keep_days=self.keep_days)
        return name, path, list(args), options

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is anything: the same words never lie in the column twice alike."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return decrypt(value) if value else value


def keyed_hash(purpose: str, words: str) -> str:
    """64 hexadecimal digits that nobody can find without the hash key; other ones for each ``purpose``."""
    key = settings.SECRET_KEY_FOR_HASHES.encode()
    return hmac.new(key, f"{purpose}:{words}".encode(), hashlib.sha256).hexdigest()


def phone_hash(phone: str) -> str:
    """The hash by which a phone number is found without being readable."""
    return keyed_hash("phone", phone)


def read_phone(text: str) -> str:
    """The mobile number in what somebody typed: blanks, dashes, +86 and full-width digits are accepted.

    Raises ``Refused`` (``bad_phone``).
    """
    plain = BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(\+|00)?86(?=1)", "", plain)
    if not MOBILE.fullmatch(plain):
        raise Refused("bad_phone", _("A mobile number has 11 digits and begins with 1."), field="phone")
    return plain
