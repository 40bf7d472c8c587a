"""Rows that should never have been: taken away where nothing hangs on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext as _

from silin.lib.sheets.sheet import CellProblem

AT_ONCE = 500


def remove_rows(model: type[Model], keys: Mapping[int, Any], own: Collection[str] = ()) -> list[CellProblem]:
    """Delete the rows of ``model`` with ``keys``, by the line that made them; tells which stay.

    A row stays on which anything hangs but what is its ``own``, named as the model names it.
    """
    held = _held(model, set(keys.values()), own)
    free = [key for key in keys.values() if key not in held]
    for some in _parts(free):
        for relation in _relations(model):
            if relation.get_accessor_name() in own:
                _rows(relation, some).delete()
        model._base_manager.filter(pk__in=some).delete()
    return [stays(line, _("Something else hangs on it by now.")) for line, key in keys.items() if key in held]


def stays(line: int, why: str) -> CellProblem:
    """The row of this line is not taken away."""
    return CellProblem(line, "", "stays", why, "")


def _held(model: type[Model], keys: Collection[Any], own: Collection[str]) -> set[Any]:
    held: set[Any] = set()
    for relation in _relations(model):
        if relation.get_accessor_name() not in own:
            name = relation.field.name
            for some in _parts(keys):
                held |= set(_rows(relation, some).values_list(name, flat=True))
    return held


def _relations(model: type[Model]) -> list[ForeignObjectRel]:
    """Whatever points at the model, in any room."""
    fields = model._meta.get_fields(include_hidden=True)
    return [each for each in fields if isinstance(each, ForeignObjectRel) and not each.many_to_many]


def _rows(relation: ForeignObjectRel, keys: Collection[Any]) -> Any:
    found: Any = relation.related_model
    return found._base_manager.filter(**{f"{relation.field.name}__in": keys})


def _parts(keys: Collection[Any]) -> Iterator[list[Any]]:
    left = iter(keys)
    while some := list(islice(left, AT_ONCE)):
        yield some
