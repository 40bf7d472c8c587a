"""Rows of models out of the few statements that are written by hand.

Putting a statement together costs the ORM more than the database needs to answer it. Where a statement is
asked for each request, it is written by hand; what comes back is made into rows as the ORM makes them,
through the same converters, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
Convert = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class _Part:
    """A table: its columns begin at ``at``; ``converting`` says by database which of them change how."""

    model: type[models.Model]
    fields: list[Any]
    at: int
    converting: dict[str, list[tuple[int, Any, list[Convert]]]]

    def converters(self) -> list[tuple[int, Any, list[Convert]]]:
        """Which values change, of which column, and how."""
        if connection.vendor not in self.converting:
            cols = [(n, field.get_col(self.model._meta.db_table)) for n, field in enumerate(self.fields)]
            every = [
                (n, col, [*connection.ops.get_db_converters(col), *col.get_db_converters(connection)])
                for n, col in cols
            ]
            self.converting[connection.vendor] = [each for each in every if each[2]]
        return self.converting[connection.vendor]


class Read:
    """Which columns of which tables a statement reads, by the alias that each table has in it.

    ``Read(p=(Post, ()), u=(User, ("id", "name")))`` reads all of a post and two columns of an account; what
    is not read is fetched when somebody asks for it.
    """

    def __init__(self, **tables: tuple[type[models.Model], Sequence[str]]) -> None:
        self._tables = tables

    @cached_property
    def columns(self) -> str:
        """What stands behind SELECT."""
        return ", ".join(
            f'{alias}."{field.column}"' for alias, part in self._parts.items() for field in part.fields
        )

    @cached_property
    def names(self) -> list[tuple[type[models.Model], str]]:
        """What is read, one by one: of which model, and the name of the attribute."""
        return [(part.model, field.attname) for part in self._parts.values() for field in part.fields]

    def row(self, model: type[M], values: Sequence[Any]) -> M:
        """The row of ``model`` in what the database gave, as the ORM would make it."""
        [part] = [each for each in self._parts.values() if each.model is model]
        read = list(values[part.at : part.at + len(part.fields)])
        for n, col, converters in part.converters():
            for convert in converters:
                read[n] = convert(read[n], col, connection)
        return model.from_db(connection.alias, [field.attname for field in part.fields], read)

    @cached_property
    def _parts(self) -> dict[str, _Part]:
        parts, at = dict[str, _Part](), 0
        for alias, (model, names) in self._tables.items():
            fields = [field for field in model._meta.concrete_fields if not names or field.attname in names]
            parts[alias] = _Part(model, fields, at, {})
            at += len(fields)
        return parts
