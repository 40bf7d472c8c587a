"""The tree of categories: loaded from YAML, proposed from the words of a report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.lib.refusal import Refused
from silin.lib.remembering import Remembered
from silin.matters.clock import CATEGORIES
from silin.matters.models import Category
from silin.places.models import Revision

SAMPLE = Path(__file__).parent / "data" / "categories.yaml"
NAMED, LIMITS = ("name", "name_en", "parent", "order"), ("mark", "respond_hours", "handle_days", "keywords")


@transaction.atomic
def load_categories(path: Path = SAMPLE) -> int:
    """Write the tree in the YAML file (groups with ``children``); loading it again changes nothing.

    Gives the number of leaves. Only what the file names is written; other rows stay.
    """
    rows = dict(_rows(path))
    known = Category.objects.in_bulk(list(rows))
    new: list[Category] = []
    changed: list[Category] = []
    for code, values in rows.items():
        row = known.get(code) or Category(code=code)
        if code in known and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        (changed if code in known else new).append(row)
    Category.objects.bulk_create(new)
    if changed:
        Category.objects.bulk_update(changed, [*NAMED, *LIMITS])
        Revision.objects.bump(CATEGORIES)
    leaves.forget()
    return sum(values["parent_id"] is not None for values in rows.values())


def set_category(row: Category, *, actor: User | None, now: datetime, seen: str | None = None) -> Category:
    """Let a category be what ``row`` says, a new one too; what is open is counted anew.

    ``seen`` as in ``write_row``. Raises ``Refused`` (``bad_group``, ``taken``) and ``Changed``.
    """
    if row.parent is not None and (row.parent_id == row.pk or row.parent.parent_id):
        raise Refused("bad_group", _("A group lies in no other group."), field="parent")
    if write_row(row, "category", actor=actor, now=now, seen=seen):
        Revision.objects.bump(CATEGORIES)
    leaves.forget()
    return row


def _leaves() -> list[Category]:
    return list(Category.objects.filter(active=True, parent__isnull=False).select_related("parent"))


leaves = Remembered(_leaves)
"""The categories that a matter may have, in their order, each with its group."""


def suggest(words: str, among: list[Category] | None = None) -> list[tuple[Category, float]]:
    """Up to three categories for ``words`` with scores from 0 to 1, the likeliest first.

    A keyword that stands in the words counts by its length: the longer it is the more it says.
    """
    scored = []
    for category in leaves() if among is None else among:
        found = sum(len(keyword) for keyword in category.keywords if keyword in words)
        if found:
            scored.append((category, found))
    total = sum(found for _category, found in scored)
    scored.sort(key=lambda each: (-each[1], each[0].order))
    return [(category, found / total) for category, found in scored[:3]]


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The code and the columns of each row of the file, a group before its leaves."""
    with path.open("rb") as file:
        groups = yaml.load(file, Loader=yaml.CSafeLoader)
    for order, group in enumerate(groups):
        yield group["code"], _values(group, None, order * 100)
        for at, leaf in enumerate(group["children"], start=1):
            yield leaf["code"], _values(leaf, group["code"], order * 100 + at)


def _values(row: dict[str, Any], parent: str | None, order: int) -> dict[str, Any]:
    told = {"name": row["name"], "name_en": row["name_en"], "parent_id": parent, "order": order}
    return told | {name: row[name] for name in LIMITS if name in row}
