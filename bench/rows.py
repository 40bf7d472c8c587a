"""What one report costs and leaves: its statements, and the rows that the floor has to write as well."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silin.matters.models import Matter

INSERT = re.compile(r'INSERT (?:OR IGNORE )?INTO "(\w+)"')
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Table:
    """Rows of one table as text, without a key that counts up."""

    name: str
    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Watched:
    """One raised report: its statements (without begin and commit), and the rows it wrote.

    ``ids`` are the values in those rows that are new for every report, in each spelling of the database;
    ``sent`` is the client's own among them.
    """

    statements: list[str]
    tables: list[Table]
    ids: dict[str, str]


def watch(session: str, first: Mapping[str, str], second: Mapping[str, str]) -> Watched:
    """Raise two reports in this process as the holder of ``session``; the second is watched."""
    logging.getLogger("silin.request").setLevel(logging.WARNING)
    client = Client(headers={"accept": "application/json", "host": "127.0.0.1"})
    client.cookies["sessionid"] = session
    statements, _number = _raise(client, first)
    names = sorted({found[1] for each in statements if (found := INSERT.match(each))})
    before = {name: set(_rows(name)) for name in names}
    statements, number = _raise(client, second)
    new = {name: [row for row in _rows(name) if row not in before[name]] for name in names}
    tables = [Table(name, _columns(name), rows) for name, rows in new.items()]
    return Watched(statements, tables, _ids(number, second["client_id"], tables))


def statements_of_call(path: str, sent: object, headers: Mapping[str, str]) -> list[str]:
    """The statements of one call by which a system puts something down. Raises ``AssertionError``."""
    client = Client(headers={"host": "127.0.0.1", **headers})
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(path, sent, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return [each["sql"] for each in seen if not each["sql"].startswith(TRANSACTION)]


def table_of(name: str) -> Table:
    """All rows of a table as they stand now."""
    return Table(name, _columns(name), _rows(name))


def _raise(client: Client, sent: Mapping[str, str]) -> tuple[list[str], str]:
    """The statements that a report makes, and its number."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.post("/report/check/", sent)
    assert answer.status_code == 201, answer.content
    statements = [each["sql"] for each in seen if not each["sql"].startswith(TRANSACTION)]
    return statements, answer.json()["number"]


def _columns(table: str) -> list[str]:
    """The columns that an INSERT names."""
    [model] = [model for model in apps.get_models() if model._meta.db_table == table]
    fields = model._meta.concrete_fields
    return [
        str(field.column)
        for field in fields
        if field.get_internal_type() not in ("AutoField", "BigAutoField")
    ]


def _rows(table: str) -> list[Row]:
    columns = ", ".join(f'CAST("{column}" AS text)' for column in _columns(table))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{table}"')
        return list(cursor.fetchall())


def _ids(number: str, client_id: str, tables: list[Table]) -> dict[str, str]:
    """What is new in every report, each by the name of what it is; UUIDs as they stand in the rows."""
    matter = Matter.objects.get(number=number).pk
    ids = {number: "number", number.lower(): "number"}
    for name, key in (("matter", matter), ("client", UUID(client_id))):
        ids |= {str(key): name, key.hex: f"{name}_hex"}
    facts = [
        str(row[table.columns.index("id")])
        for table in tables
        if table.name == "facts_fact"
        for row in table.rows
    ]
    return ids | {fact: f"fact{n}" for n, fact in enumerate(facts)}
