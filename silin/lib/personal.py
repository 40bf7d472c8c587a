"""Personal data: why it is there, encrypted where nobody has to search it, found again by keyed hashes.

Every field that says something about a person names its purpose, legal basis, owner and end. A model says by
``held`` to which account its rows belong: "what is held about me", the export, the deletion, the nightly
retention and the tests walk these declarations (``silin.lib.held``), so no room lists its fields twice.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.keyring import decrypt, encrypt
from silin.lib.refusal import Refused, Words

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
    EmailField = models.EmailField[str | None, str | None]
    TextField = models.TextField[str, str]
    YearField = models.PositiveSmallIntegerField[int | None, int | None]
else:
    CharField, EmailField, TextField = models.CharField, models.EmailField, models.TextField
    YearField = models.PositiveSmallIntegerField

MOBILE = re.compile(r"1[3-9][0-9]{9}")
BETWEEN_DIGITS = re.compile(r"[\s().·\u2010-\u2015-]")
TAIL = 4

CONSENT = gettext_noop("consent")
PUBLIC_TASK = gettext_noop("the community's task by law")
THE_PERSON = gettext_noop("the person")
THE_COMMUNITY = gettext_noop("the residents' committee")


@dataclass(frozen=True)
class Held:
    """Whose the rows of a model are, and what becomes of them.

    ``about`` is the way from a row to the account it is about, ``only`` narrows to rows that are. ``ends`` is
    the column from which the days of retention count. A ``whole`` row goes with the person; a ``shared`` one
    stays for the others it belongs to. ``purpose`` … speak for whole rows without personal fields of their
    own, which are shown by ``str(row)``; ``stays`` says what has to stay after a deletion.
    """

    title: Words
    about: str
    ends: str = ""
    only: models.Q = field(default_factory=models.Q)
    whole: bool = False
    shared: bool = False
    purpose: str = ""
    basis: str = ""
    owner: str = ""
    keep_days: int = 0
    stays: Words = ""


class Personal:
    """What every personal field has beside its column.

    ``keep_days`` counts from the moment the model's ``held.ends`` names; 0 keeps it as long as the row.
    ``beside`` are columns that go with it (its hashes, its words for the search), ``left`` is what stands
    there afterwards; what is not ``shown`` (a secret) is named to the person, never said. None of these is
    part of a migration.
    """

    def __init__(
        self,
        *args: Any,
        purpose: str,
        basis: str,
        owner: str,
        keep_days: int,
        title: Words = "",
        beside: Mapping[str, Any] | None = None,
        left: Words | None = "",
        shown: bool = True,
        **options: Any,
    ) -> None:
        self.purpose, self.basis, self.owner, self.keep_days = purpose, basis, owner, keep_days
        self.title, self.beside, self.left, self.shown = title, dict(beside or {}), left, shown
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()  # type: ignore[misc]
        options.update(purpose=self.purpose, basis=self.basis, owner=self.owner, keep_days=self.keep_days)
        return name, path, list(args), options


class PersonalCharField(Personal, TextField):
    """A text about a person that is encrypted in its column: phones, doors, numbers of cards."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is anything: the same words never lie in the column twice alike."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return decrypt(value) if value else value


class ClosedTextField(TextField):
    """A whole text, as of a file, that its row closes by ``encrypt`` and opens only where it is asked for.

    To the database it is a text like others; a change of the keys finds it by its kind.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.TextField", list(args), options


class PersonalPlainField(Personal, CharField):
    """A short text about a person that lists and searches have to read: a name."""


class PersonalEmailField(Personal, EmailField):
    """An e-mail address, readable because somebody signs in with it."""


class PersonalWordsField(Personal, TextField):
    """What a person wrote, readable because others answer it."""


class PersonalYearField(Personal, YearField):
    """A year of somebody's life."""


def keyed_hash(purpose: str, words: str) -> str:
    """64 hexadecimal digits that nobody can find without the hash key; other ones for each ``purpose``."""
    key = settings.SECRET_KEY_FOR_HASHES.encode()
    return hmac.new(key, f"{purpose}:{words}".encode(), hashlib.sha256).hexdigest()


def phone_hash(phone: str) -> str:
    """The hash by which a phone number is found without being readable."""
    return keyed_hash("phone", phone)


def tail_hash(phone: str) -> str:
    """The hash by which a phone number is found from its last four digits."""
    return keyed_hash("phone tail", phone[-TAIL:])


def read_phone(text: str) -> str:
    """The mobile number in what somebody typed: blanks, dashes, +86 and full-width digits are accepted.

    Raises ``Refused`` (``bad_phone``).
    """
    plain = BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(\+|00)?86(?=1)", "", plain)
    if not MOBILE.fullmatch(plain):
        raise Refused("bad_phone", _("A mobile number has 11 digits and begins with 1."), field="phone")
    return plain
