"""Paths that change: what keeps a copy of one, here or further up, is told in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils.module_loading import import_string

from silin.places.models import Number


@dataclass(frozen=True)
class Followed:
    """What rooms further up are told: new paths by the old ones, and the buildings with another grid.

    A path stands for everything under it. ``settings.FOLLOWERS`` lists who is told.
    """

    paths: dict[str, str] = field(default_factory=dict)
    buildings: dict[int, int] = field(default_factory=dict)


def follow(told: Followed) -> None:
    """Bring in line what keeps copies of paths, and of the grids of buildings."""
    if not told.paths and not told.buildings:
        return
    repath(Number.objects.all(), "place_path", told.paths)
    for name in settings.FOLLOWERS:
        import_string(name)(told)


def repath(rows: QuerySet[Any], column: str, paths: Mapping[str, str]) -> None:
    """Put the new beginning before what stands in ``column`` under each of the old paths."""
    for old, new in paths.items():
        under = rows.filter(**{f"{column}__gte": old, f"{column}__lt": f"{old}a"})
        under.update(**{column: Concat(Value(new), Substr(column, len(old) + 1))})
