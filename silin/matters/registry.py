"""The kinds this city uses, by key: ``settings.KINDS`` lists them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from silin.matters.kind import Kind


@lru_cache(maxsize=8)
def _kinds(paths: tuple[str, ...]) -> dict[str, Kind]:
    kinds: list[Kind] = [import_string(path) for path in paths]
    return {kind.key: kind for kind in kinds}


def kinds() -> dict[str, Kind]:
    """Every kind by its key."""
    return _kinds(tuple(settings.KINDS))


def get(key: str) -> Kind:
    """The kind with that key. Raises ``LookupError``."""
    if key not in kinds():
        raise LookupError(f"no kind of matter is called {key!r}; settings.KINDS has {sorted(kinds())}")
    return kinds()[key]


def confined() -> list[str]:
    """The kinds that few may read (``Kind.confined``)."""
    return [kind.key for kind in kinds().values() if kind.confined]


def set_by(posts: Iterable[UUID]) -> Q:
    """The matters that one of ``posts`` set as a task (``Kind.set_by``); nothing without any."""
    wanted, found = list(posts), Q(pk__in=[])
    if not wanted:
        return found
    rows = apps.get_model("matters", "Matter")._default_manager
    for kind in kinds().values():
        if kind.set_by:
            found |= Q(pk__in=rows.filter(**{f"{kind.set_by}__in": wanted}).values("pk"))
    return found
