"""Prepared databases for tests that need real commits, several threads or a running server.

The append-only books refuse Django's flush, so such a test gets a copy of a prepared database and the copy
is thrown away: a file on SQLite, ``CREATE DATABASE … TEMPLATE`` on PostgreSQL.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from silin import environment


def is_postgresql() -> bool:
    """Whether this run of the tests uses PostgreSQL."""
    return connection.vendor == "postgresql"


def prepare(folder: Path) -> str:
    """Keep the freshly migrated test database as a template; returns its name."""
    if is_postgresql():
        name = f"prepared_{uuid.uuid4().hex}"
        source = str(connection.settings_dict["NAME"])
        connections.close_all()
        _make_database(name, source)
        return name
    path = folder / "prepared.sqlite3"
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(path)) as target:
        connection.connection.backup(target)
    return str(path)


def copy(template: str, folder: Path) -> str:
    """A new database like ``template``; returns its name."""
    if is_postgresql():
        name = f"live_{uuid.uuid4().hex}"
        _make_database(name, template)
        return name
    path = folder / f"live-{uuid.uuid4().hex}.sqlite3"
    shutil.copyfile(template, path)
    return str(path)


def drop(name: str) -> None:
    """Throw a database away."""
    if is_postgresql():
        _run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    else:
        for path in Path(name).parent.glob(Path(name).name + "*"):
            path.unlink()


def lent(template: str, folder: Path) -> Iterator[str]:
    """A copy of ``template`` that the default connection points at for a while; the body of a fixture."""
    name = copy(template, folder)
    try:
        with pointed_at(name):
            yield name
    finally:
        drop(name)


@contextlib.contextmanager
def pointed_at(name: str) -> Iterator[str]:
    """Point the default connection (of this thread and of threads to come) at the database ``name``."""
    before = connections["default"]
    described = connections.settings["default"]
    real = environment.sqlite(Path(name)) if not is_postgresql() else {**described, "NAME": name}
    saved = dict(described)
    described.update(real)
    del connections["default"]
    try:
        yield name
    finally:
        connections["default"].close()
        described.clear()
        described.update(saved)
        connections["default"] = before


def nowhere() -> str:
    """The name of a database that is not there and cannot be made."""
    return "nowhere" if is_postgresql() else "/nowhere/silin.sqlite3"


def forget_migration(room: str) -> None:
    """Make the database at hand believe that the last migration of a room was not applied yet."""
    applied = MigrationRecorder(connection)
    last = max(name for label, name in applied.applied_migrations() if label == room)
    applied.record_unapplied(room, last)


def url_of(name: str) -> str:
    """The value of SILIN_DATABASE_URL for a program that shall use the database ``name``."""
    if not is_postgresql():
        return f"sqlite:///{name}"
    config = settings.DATABASES["default"]
    return f"postgresql://{config['USER']}@/{name}?host={quote(str(config['HOST']))}"


def make_empty(prefix: str) -> str:
    """An empty PostgreSQL database; returns its name."""
    name = f"{prefix}_{uuid.uuid4().hex}"
    _make_database(name, "template0")
    return name


def _make_database(name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _run(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _run(statement: sql.Composed) -> None:
    config = settings.DATABASES["default"]
    with psycopg.connect(
        host=config["HOST"], user=config["USER"], dbname="postgres", autocommit=True
    ) as link:
        link.execute(statement)
