"""Taking a database out whole while others write to it, and putting it back.

SQLite goes by its own online backup, PostgreSQL by ``pg_dump`` on a snapshot from which the counts come too.
"""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused

Ask = Callable[[str], Iterable[tuple[Any, ...]]]
PATH = "/usr/local/bin:/usr/bin:/bin"
PASSING = ("cache", "django_session")  # what is worth nothing a day later, and lets nobody in again
HEADS = """
SELECT e.subject, e.seq, e.hash FROM history_entry e
JOIN (SELECT subject, max(seq) AS seq FROM history_entry GROUP BY subject) newest
ON newest.subject = e.subject AND newest.seq = e.seq
"""
SEALS = "SELECT 'seal', up_to, digest FROM history_seal"


def known_by(ask: Ask, tables: Iterable[str]) -> dict[str, Any]:
    """What a database is known again by: rows of each table, newest lines of all chains, seals."""
    rows = {table: next(iter(ask(f'SELECT count(*) FROM "{table}"')))[0] for table in sorted(tables)}
    return {"rows": rows, "heads": _sum(ask(HEADS)), "seals": _sum(ask(SEALS))}


def take(target: Path) -> dict[str, Any]:
    """Write the database to ``target`` as it is at one moment; gives what it is known by at that moment."""
    return _take_postgresql(target) if connection.vendor == "postgresql" else _take_sqlite(target)


def put(source: Path) -> None:
    """Let the database be what ``take`` wrote. Raises ``Refused`` (``program``)."""
    if connection.vendor == "postgresql":
        words = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _run(["pg_restore", *words, *_login(), str(source)])
    else:
        connection.ensure_connection()
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
    connection.close()


def known_here() -> dict[str, Any]:
    """What the database at hand is known by."""
    return known_by(_ask, _tables())


def _take_sqlite(target: Path) -> dict[str, Any]:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA secure_delete = ON")
        for table in PASSING:
            copy.execute(f'DELETE FROM "{table}"')
        copy.commit()
        copy.execute("PRAGMA journal_mode = DELETE")
        return known_by(copy.execute, _tables())


def _take_postgresql(target: Path) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            without = [f"--exclude-table-data={table}" for table in PASSING]
            words = ["--format=custom", f"--snapshot={snapshot}", "--no-owner", *without]
            _run(["pg_dump", *words, *_login(), f"--file={target}"])
            return known_by(_ask, _tables())
        finally:
            cursor.execute("ROLLBACK")


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name not in PASSING]


def _ask(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _sum(rows: Iterable[tuple[Any, ...]]) -> str:
    """A digest that does not depend on the order: every database sorts in its own way."""
    digests = (hashlib.sha256(repr(tuple(row)).encode()).digest() for row in rows)
    return f"{sum(int.from_bytes(each, 'big') for each in digests) % 2**256:064x}"


def _login() -> list[str]:
    config = connection.settings_dict
    said = {"--host": config["HOST"], "--port": config["PORT"], "--username": config["USER"]}
    return [*(f"{word}={value}" for word, value in said.items() if value), f"--dbname={config['NAME']}"]


def _run(words: list[str]) -> None:
    surroundings = {"PATH": PATH, "PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
    try:
        subprocess.run(words, check=True, capture_output=True, text=True, env=surroundings)
    except FileNotFoundError as error:
        message = _("%(program)s is not installed here. It comes with PostgreSQL's client programs.")
        raise Refused("program", message % {"program": words[0]}) from error
    except subprocess.CalledProcessError as error:
        said = {"program": words[0], "words": error.stderr.strip()[-300:]}
        raise Refused("program", _("%(program)s failed: %(words)s") % said) from error
