"""Bringing every encrypted value under the first key, batch by batch, while others read and write.

A value is exchanged only where it is still what was read, so somebody who writes in between loses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.db import connection, transaction

from silin.lib import keyring
from silin.lib.personal import ClosedTextField, PersonalCharField

PAGE = 2000
FILES = 10
"""Of columns that hold whole files so many values at a time."""


class Column(NamedTuple):
    """A table, its primary key, and the encrypted column, as the database calls them; how many at a time."""

    table: str
    key: str
    name: str
    most: int = PAGE


def columns() -> list[Column]:
    """Every encrypted column of the product."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, PersonalCharField | ClosedTextField):
                key: Any = model._meta.pk
                most = FILES if isinstance(field, ClosedTextField) else PAGE
                found.append(Column(model._meta.db_table, str(key.column), str(field.column), most))
    return found


def count() -> dict[str, int]:
    """How many values each key closes; under ``""`` those that none opens."""
    keys = keyring.keys()
    counted: Counter[str] = Counter()
    for column in columns():
        for _pk, secret in _rows(column, PAGE):
            counted[_key_of(secret, keys)] += 1
    return dict(counted)


def rewrite(rows: int) -> Iterator[tuple[str, int, int]]:
    """Exchange what is under an old key; after each batch the column's name, how far, and of how many.

    Raises ``cryptography.fernet.InvalidToken`` at a value that no key opens.
    """
    for column in columns():
        total, done = _total(column), 0
        for batch in _batches(column, rows):
            _exchange(column, batch)
            done += len(batch)
            yield f"{column.table}.{column.name}", done, max(total, done)


def _exchange(column: Column, batch: list[tuple[Any, str]]) -> None:
    table, pk, name = map(connection.ops.quote_name, column[:3])
    old = [(key, secret) for key, secret in batch if not keyring.is_under_first(secret)]
    if not old:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for key, secret in old:
            new = keyring.rewrite(secret)
            sql = f"UPDATE {table} SET {name} = %s WHERE {pk} = %s AND {name} = %s"
            cursor.execute(sql, [new, key, secret])


def _rows(column: Column, size: int) -> Iterator[tuple[Any, str]]:
    for batch in _batches(column, size):
        yield from batch


def _batches(column: Column, size: int) -> Iterator[list[tuple[Any, str]]]:
    """Full values in the order of their keys, a batch at a time: no long cursor, no long transaction."""
    table, pk, name = map(connection.ops.quote_name, column[:3])
    size = min(size, column.most)
    after: list[Any] = []
    while True:
        beyond = f"AND {pk} > %s" if after else ""
        sql = f"SELECT {pk}, {name} FROM {table} WHERE {name} <> '' {beyond} ORDER BY {pk} LIMIT {int(size)}"
        with connection.cursor() as cursor:
            cursor.execute(sql, after)
            batch = cursor.fetchall()
        if not batch:
            return
        yield batch
        after = [batch[-1][0]]


def _total(column: Column) -> int:
    table, _pk, name = map(connection.ops.quote_name, column[:3])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {name} <> ''")
        return int(cursor.fetchone()[0])


def _key_of(secret: str, keys: tuple[str, ...]) -> str:
    for key in keys:
        try:
            Fernet(key).decrypt(secret.encode())
        except InvalidToken:
            continue
        return key
    return ""
