"""Walking what the models say of personal data: which fields there are, and which rows are about somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from silin.lib.masking import mask_phone
from silin.lib.personal import Held, Personal, PersonalCharField
from silin.lib.refusal import Words

UNSAID = "••••"
"""What stands for a secret that nobody is shown, not even the person it belongs to."""


@dataclass(frozen=True)
class Kept:
    """One model with personal data: its declaration and its fields."""

    model: type[Model]
    held: Held
    fields: list[Any]

    @property
    def label(self) -> str:
        return self.model._meta.label

    def rows(self, account: Any) -> QuerySet[Any]:
        """The rows about the account with this key."""
        mine = self.model._default_manager.filter(self.held.only, **{self.held.about: account})
        return mine.distinct().order_by("pk")


@dataclass(frozen=True)
class Said:
    """One thing that is held: what it is, its words, and why it is there."""

    title: Words
    value: str
    covered: bool
    purpose: str
    basis: str
    owner: str
    keep_days: int
    field: str

    @property
    def masked(self) -> str:
        """As it may stand on a page that somebody else might look at over a shoulder."""
        return masked(self.value) if self.covered and self.value != UNSAID else self.value


def kept_models() -> Iterator[Kept]:
    """Every model that holds something about people, the lowest rooms first."""
    for model in apps.get_models():
        held = getattr(model, "held", None)
        if isinstance(held, Held):
            yield Kept(model, held, personal_fields(model))


def personal_fields(model: type[Model]) -> list[Any]:
    """The personal fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, Personal)]


def silent_fields() -> list[str]:
    """Personal fields that do not say why they are there, or whose they are; there should be none."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in personal_fields(model)
        if not (
            field.purpose and field.basis and field.owner and isinstance(getattr(model, "held", None), Held)
        )
    ]


def sayings(kept: Kept, row: Any, days: dict[str, int]) -> list[Said]:
    """What a row holds; ``days`` are the retentions a city has changed, by ``label.field``."""
    held = kept.held
    if not kept.fields:
        return [Said(held.title, str(row), False, held.purpose, held.basis, held.owner, 0, "")]
    return [
        Said(
            field.title or field.name,
            _said(row, field, value) if field.shown else UNSAID,
            isinstance(field, PersonalCharField),
            field.purpose,
            field.basis,
            field.owner,
            days.get(f"{kept.label}.{field.name}", field.keep_days),
            field.name,
        )
        for field in kept.fields
        if (value := getattr(row, field.attname)) not in ("", None)
    ]


def _said(row: Any, field: Any, value: Any) -> str:
    """As people say it, where a column holds a code."""
    display = getattr(row, f"get_{field.name}_display", None)
    return str(display()) if display else str(value)


def emptied(field: Any) -> dict[str, Any]:
    """The columns to write so that nothing of a field is left."""
    left = None if field.null else str(field.left)
    return {field.name: left, **field.beside}


def masked(value: str) -> str:
    """A phone number as ``138****1234``; of anything else the first sign and stars."""
    if len(value) == 11 and value.isdigit():
        return mask_phone(value)
    return value[:1] + "*" * max(2, len(value) - 1)
