"""Key-set paging: a page begins after the last row seen, however many rows came or went in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused

Row = TypeVar("Row", bound=Model)
Shown = TypeVar("Shown")


@dataclass(frozen=True)
class Page(Generic[Shown]):
    """Some rows in order; ``next`` and ``previous`` are given back as ``after`` and are empty at the ends."""

    rows: list[Shown]
    next: str
    previous: str


@dataclass(frozen=True)
class _Key:
    """One column of the order. Empty values stand last in both directions, on every database."""

    name: str
    falling: bool
    nullable: bool
    field: Field[Any, Any]

    def order(self, backwards: bool) -> OrderBy:
        ends = {"nulls_first" if backwards else "nulls_last": True} if self.nullable else {}
        return F(self.name).desc(**ends) if self.falling != backwards else F(self.name).asc(**ends)

    def is_at(self, value: Any) -> Q:
        return self._is_empty(True) if value is None else Q(**{self.name: value})

    def is_beyond(self, value: Any, backwards: bool, *, or_at: bool = False) -> Q | None:
        """The rows on the far side of ``value`` (or level with it); None when there can be none."""
        if value is None:
            return self._is_empty(False) if backwards else None
        side = ("lt" if self.falling != backwards else "gt") + ("e" if or_at else "")
        beyond = Q(**{f"{self.name}__{side}": value})
        return beyond | self._is_empty(True) if self.nullable and not backwards else beyond

    def _is_empty(self, empty: bool) -> Q:
        return Q(**{f"{self.name}__isnull": empty})


def page_by_key(queryset: QuerySet[Row], order: Sequence[str], after: str = "", size: int = 20) -> Page[Row]:
    """At most ``size`` rows of ``queryset`` in ``order``, beginning where ``after`` points.

    ``order`` names own fields or annotations, a minus before a name turns it round; the primary key is added
    so that equal rows keep their places. ``after`` is ``""`` or the ``next`` or ``previous`` of another page
    of the same list. Going back never stops half-way down the first page. Raises ``Refused`` (``bad_page``).
    """
    keys = _keys(queryset, order)
    backwards, edge = _read(queryset, keys, after)
    found = queryset.order_by(*(key.order(backwards) for key in keys))
    if edge:
        found = found.filter(_beyond(keys, edge, backwards))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards and not more:
        return page_by_key(queryset, order, "", size)
    if backwards:
        rows.reverse()
    first = _values(keys, rows[0]) if rows else edge
    return Page(
        rows,
        next=_write(queryset, keys, False, _values(keys, rows[-1])) if more or backwards else "",
        previous=_write(queryset, keys, True, first) if edge else "",
    )


def _keys(queryset: QuerySet[Row], order: Sequence[str]) -> list[_Key]:
    keys = [_key(queryset, name.removeprefix("-"), name.startswith("-")) for name in order]
    if not any(key.field.primary_key for key in keys):
        keys.append(_key(queryset, "pk", keys[-1].falling if keys else False))
    return keys


def _key(queryset: QuerySet[Row], name: str, falling: bool) -> _Key:
    if name in queryset.query.annotations:
        return _Key(name, falling, True, queryset.query.annotations[name].output_field)
    meta = queryset.model._meta
    field = meta.pk if name == "pk" else meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is not a column of {meta.label}")
    return _Key(name, falling, field.null, field)


def _beyond(keys: Sequence[_Key], edge: Sequence[Any], backwards: bool) -> Q:
    """Rows after the edge: beyond it in the first column, or level there and beyond it in the second, …"""
    ways, level = [], Q()
    for key, value in zip(keys, edge, strict=True):
        beyond = key.is_beyond(value, backwards)
        if beyond is not None:
            ways.append(level & beyond)
        level &= key.is_at(value)
    # The databases do not see through the alternatives; this bound lets them begin in the middle of an index.
    bound = keys[0].is_beyond(edge[0], backwards, or_at=True) if not keys[0].nullable else None
    return (bound or Q()) & reduce(or_, ways)


def _values(keys: Sequence[_Key], row: Row) -> list[Any]:
    return [getattr(row, key.name) for key in keys]


def _write(queryset: QuerySet[Row], keys: Sequence[_Key], backwards: bool, edge: Sequence[Any]) -> str:
    plain = [value if value is None or isinstance(value, int | float | str) else str(value) for value in edge]
    return signing.dumps([backwards, *plain], salt=_salt(queryset, keys))


def _read(queryset: QuerySet[Row], keys: Sequence[_Key], after: str) -> tuple[bool, list[Any]]:
    if not after:
        return False, []
    try:
        backwards, *plain = signing.loads(after, salt=_salt(queryset, keys))
    except signing.BadSignature as error:
        message = _("That place in the list is gone. Please begin at the top.")
        raise Refused("bad_page", message, field="after") from error
    return backwards, [key.field.to_python(value) for key, value in zip(keys, plain, strict=True)]


def _salt(queryset: QuerySet[Row], keys: Sequence[_Key]) -> str:
    """A signed place is good for its own list only: the same model in the same order."""
    order = ",".join(f"{'-' * key.falling}{key.name}" for key in keys)
    return f"silin.paging {queryset.model._meta.label} {order}"
