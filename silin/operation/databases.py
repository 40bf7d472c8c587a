"""Taking a database out whole while others write to it, and putting it back.

SQLite goes by its own online backup, PostgreSQL by ``pg_dump`` on a snapshot from which the counts come too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused

Ask = Callable[[str], Iterable[tuple[Any, ...]]]
PATH = "/usr/local/bin:/usr/bin:/bin"
PASSING = ("cache", "django_session")  # what is worth nothing a day later, and lets nobody in again
SIDES = ("-wal", "-shm", "")
LETTING_GO, PAUSE = 3, 0.1  # seconds
SESSIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
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


def exchange(staged: Path, stamp: str) -> None:
    """Let the database be what ``take`` wrote to ``staged``; what was here is set aside under ``stamp``.

    PostgreSQL does it in one transaction. Raises ``Refused`` (``program``, ``running``).
    """
    if connection.vendor == "postgresql":
        _exchange_postgresql(staged, stamp)
        return
    here = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.move(staged, f"{here}.restoring")  # to the same disk: from here on it is renamed only
    for end in SIDES:
        if os.path.exists(f"{here}{end}"):
            os.rename(f"{here}{end}", f"{aside(stamp)}{end}")
    os.rename(f"{here}.restoring", here)


def put_back(stamp: str) -> None:
    """Bring back what ``exchange`` set aside under ``stamp``; nothing happens where it set nothing aside."""
    if connection.vendor == "postgresql":
        _put_back_postgresql(stamp)
        return
    connection.close()
    here = Path(connection.settings_dict["NAME"])
    Path(f"{here}.restoring").unlink(missing_ok=True)
    if not os.path.exists(aside(stamp)):
        return
    for end in SIDES:
        if end:
            Path(f"{here}{end}").unlink(missing_ok=True)
        if os.path.exists(f"{aside(stamp)}{end}"):
            os.rename(f"{aside(stamp)}{end}", f"{here}{end}")


def aside(stamp: str) -> str:
    """Where that lies which was here before: a file, or a schema of the same database."""
    if connection.vendor == "postgresql":
        return f"before_{stamp}"
    return f"{connection.settings_dict['NAME']}.before-{stamp}"


def others() -> int:
    """How many other programs stay connected to a PostgreSQL database.

    The server takes a moment to notice that one was killed or has gone: those that go meanwhile are none.
    """
    if connection.vendor != "postgresql":
        return 0
    until = time.monotonic() + LETTING_GO
    while (n := int(next(iter(_ask(SESSIONS)))[0])) and time.monotonic() < until:
        time.sleep(PAUSE)
    return n


@contextmanager
def pointed_at(path: Path) -> Iterator[None]:
    """Let the connection be one to another SQLite file for a while."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = path
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


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
            words = ["--format=custom", f"--snapshot={snapshot}", f"--schema={_schema()}", *without]
            _run(["pg_dump", *words, *_login(), f"--file={target}"])
            return known_by(_ask, _tables())
        finally:
            cursor.execute("ROLLBACK")


def _exchange_postgresql(staged: Path, stamp: str) -> None:
    """Without the last line psql gives everything up: a fault on the way, or our death, changes nothing."""
    schema = _schema()
    connection.close()
    words = ["pg_restore", f"--schema={schema}", "--no-owner", "--no-acl", "--file=-", str(staged)]
    psql = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *_login()]
    begin = f'BEGIN; ALTER SCHEMA "{schema}" RENAME TO "{aside(stamp)}"; CREATE SCHEMA "{schema}";\n'
    try:
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(words, stdout=subprocess.PIPE, stderr=said, env=_surroundings()) as reading,
            subprocess.Popen(
                psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=_surroundings()
            ) as writing,
        ):
            assert reading.stdout
            assert writing.stdin
            with suppress(BrokenPipeError):
                writing.stdin.write(begin.encode())
                shutil.copyfileobj(reading.stdout, writing.stdin)
                if reading.wait() == 0:
                    writing.stdin.write(b"COMMIT;\n")
            with suppress(BrokenPipeError):
                writing.stdin.close()
            well = writing.wait() == 0 and reading.wait() == 0
            said.seek(0)
            why = said.read().decode(errors="replace").strip()[-300:]
    except FileNotFoundError as error:
        raise _not_installed(error.filename) from error
    if not well:
        raise _failed("pg_restore", why)


def _put_back_postgresql(stamp: str) -> None:
    schema, old = _schema() or "public", aside(stamp)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [old])
        if cursor.fetchone() is None:
            return
        with transaction.atomic():
            cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
            cursor.execute(f'ALTER SCHEMA "{old}" RENAME TO "{schema}"')
    connection.close()


def _schema() -> str:
    return str(next(iter(_ask("SELECT current_schema()")))[0] or "")


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
    try:
        subprocess.run(words, check=True, capture_output=True, text=True, env=_surroundings())
    except FileNotFoundError as error:
        raise _not_installed(words[0]) from error
    except subprocess.CalledProcessError as error:
        raise _failed(words[0], error.stderr.strip()[-300:]) from error


def _surroundings() -> dict[str, str]:
    return {"PATH": PATH, "PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}


def _not_installed(program: str) -> Refused:
    message = _("%(program)s is not installed here. It comes with PostgreSQL's client programs.")
    return Refused("program", message % {"program": program})


def _failed(program: str, words: str) -> Refused:
    return Refused("program", _("%(program)s failed: %(words)s") % {"program": program, "words": words})
