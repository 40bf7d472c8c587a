"""The tree of categories: loaded from YAML, proposed from the words of a report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from silin.forms.schema import read_schema
from silin.matters.models import Category
from silin.matters.terms import BEGINNING, forget, hold, leaves, set_questions

__all__ = ["PROPOSED", "leaves", "load_categories", "suggest"]

SAMPLE = Path(__file__).parent / "data" / "categories.yaml"
PROPOSED = 3
NAMED, LIMITS = ("name", "name_en", "parent", "order"), ("mark", "respond_hours", "handle_days", "keywords")


@transaction.atomic
def load_categories(path: Path = SAMPLE, now: datetime | None = None) -> int:
    """Write the tree in the YAML file (groups with ``children``); loading it again changes nothing.

    Gives the number of leaves. Only what the file names is written; other rows stay. What a row said before
    is kept with its day.
    """
    now = now or timezone.now()
    groups = _groups(path)
    rows, asked = dict(_rows(groups)), dict(_questions(groups))
    known = Category.objects.in_bulk(list(rows))
    new: list[Category] = []
    changed: list[Category] = []
    for code, values in rows.items():
        row = known.get(code) or Category(code=code)
        if code in asked:
            values["questions"] = set_questions(code, read_schema(asked[code]), actor=None, now=now)
        if code in known and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        (changed if code in known else new).append(row)
    Category.objects.bulk_create(new)
    hold(new, BEGINNING)
    if changed:
        Category.objects.bulk_update(changed, [*NAMED, *LIMITS, "questions"])
        hold(changed, localdate(now), for_open=True)
    forget()
    return sum(values["parent_id"] is not None for values in rows.values())


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
    return [(category, found / total) for category, found in scored[:PROPOSED]]


def _groups(path: Path) -> Any:
    with path.open("rb") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def _rows(groups: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The code and the columns of each row of the file, a group before its leaves."""
    for order, group in enumerate(groups):
        yield group["code"], _values(group, None, order * 100)
        for at, leaf in enumerate(group["children"], start=1):
            yield leaf["code"], _values(leaf, group["code"], order * 100 + at)


def _questions(groups: Any) -> Iterator[tuple[str, Any]]:
    """What is asked beside the words, by code."""
    leaves_of_file = (leaf for group in groups for leaf in group["children"])
    return ((leaf["code"], leaf["questions"]) for leaf in leaves_of_file if leaf.get("questions"))


def _values(row: dict[str, Any], parent: str | None, order: int) -> dict[str, Any]:
    told = {"name": row["name"], "name_en": row["name_en"], "parent_id": parent, "order": order}
    return told | {name: row[name] for name in LIMITS if name in row}
