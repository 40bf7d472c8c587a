"""Rows that the product's own verbs write once, and that later tests of the run get back as they were.

What is written is the same each time; only the verbs' work is saved, which was a quarter of the suite's.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models, transaction

from silin.lib import keyring
from tests.databases import is_postgresql

T = TypeVar("T")
Rows = dict[type[models.Model], dict[Any, Any]]
"""Of each table its rows by their key: values on SQLite, a row's own text on PostgreSQL."""


@dataclass(frozen=True)
class Kept:
    """What was given back, pickled, which rows went or changed, and which came or changed."""

    given: bytes
    gone: Rows
    come: Rows


_kept: dict[Hashable, Kept] = {}


def once(name: Hashable, write: Callable[[], T]) -> T:
    """What ``write`` gives, with its rows; from the second time on both are copies.

    Only where the database holds nothing yet that ``write`` would stumble over.
    """
    key = (name, connection.vendor, keyring.keys())
    if key not in _kept:
        before = _rows()
        given = write()
        after = _rows()
        _kept[key] = Kept(pickle.dumps(given), _beyond(before, after), _beyond(after, before))
        return given
    with transaction.atomic():
        for table, rows in _kept[key].gone.items():
            table._base_manager.filter(pk__in=list(rows)).delete()
        for table, rows in _kept[key].come.items():
            _insert(table, list(rows.values()))
        if is_postgresql():
            _count_on(_kept[key].come)
    copied: T = pickle.loads(_kept[key].given)
    return copied


def _rows() -> Rows:
    found: Rows = {}
    for table in apps.get_models(include_auto_created=True):
        name, pk = _quoted(table._meta.db_table), _quoted(str(table._meta.pk.column))
        what = f"{pk}::text, {name}::text" if is_postgresql() else f"{pk}, *"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {what} FROM {name}")
            found[table] = {key: row[0] if is_postgresql() else tuple(row) for key, *row in cursor.fetchall()}
    return found


def _beyond(here: Rows, there: Rows) -> Rows:
    """The rows that are not the same ``there``."""
    rows = {
        table: {key: row for key, row in mine.items() if there[table].get(key) != row}
        for table, mine in here.items()
    }
    return {table: mine for table, mine in rows.items() if mine}


def _insert(table: type[models.Model], rows: list[Any]) -> None:
    name = _quoted(table._meta.db_table)
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(f"INSERT INTO {name} SELECT (unnest(%s::text[])::{name}).*", [rows])
        else:
            cursor.executemany(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)


def _count_on(come: Rows) -> None:
    """PostgreSQL's sequences do not see rows that bring their number along."""
    counted = {table: rows for table, rows in come.items() if isinstance(table._meta.pk, models.AutoField)}
    with connection.cursor() as cursor:
        for table, rows in counted.items():
            last = max(int(key) for key in rows)
            where = [table._meta.db_table, table._meta.pk.column, last]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", where)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
