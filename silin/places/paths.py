"""Paths that change: what keeps a copy of one, here or further up, is told in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils.module_loading import import_string

from silin.lib.refusal import Words
from silin.places.models import Number, Place


@dataclass(frozen=True)
class Followed:
    """What rooms further up are told: new paths by the old ones, the buildings with another grid, and which
    place comes after one that closes.

    A path stands for everything under it. ``settings.FOLLOWERS`` lists who is told.
    """

    paths: dict[str, str] = field(default_factory=dict)
    buildings: dict[int, int] = field(default_factory=dict)
    heirs: Sequence[tuple[Place, Place]] = ()


@dataclass(frozen=True)
class Consequence:
    """What a change of grids does elsewhere: name and value for the history, words for a person."""

    name: str
    value: object
    words: Words


def follow(told: Followed) -> list[Consequence]:
    """Bring in line what keeps copies of paths, of the grids of buildings, and what a closed place had."""
    if not (told.paths or told.buildings or told.heirs):
        return []
    repath(Number.objects.all(), "place_path", told.paths)
    return [each for name in settings.FOLLOWERS for each in import_string(name)(told)]


def repath(rows: QuerySet[Any], column: str, paths: Mapping[str, str]) -> None:
    """Put the new beginning before what stands in ``column`` under each of the old paths."""
    for old, new in paths.items():
        under = rows.filter(**{f"{column}__gte": old, f"{column}__lt": f"{old}a"})
        under.update(**{column: Concat(Value(new), Substr(column, len(old) + 1))})
