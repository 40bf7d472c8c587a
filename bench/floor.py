"""The floor of raising a report: a bare WSGI handler that writes the same rows by hand-written SQL.

It looks nothing up, asks for no right and renders nothing: it reads the client's id from the form, puts fresh
ids into rows that a real report left, inserts them in one transaction over a connection that each thread
keeps, and answers. Server, workers, threads, database and durability are those of ``silin web``, since both
read the same ``SILIN_*`` variables. ``python -m bench.floor FILE`` serves what ``bench.raising`` noted there.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import psycopg

from silin import environment

ENV = environment.read(os.environ)
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
FILE = "BENCH_FLOOR"

Insert = tuple[str, list[Any], list[tuple[int, str, str]]]
"""A statement, its values, and which of them are to be changed: where, what stands there, what it is."""


class Floor:
    """The handler of one process."""

    def __init__(self, told: dict[str, Any]) -> None:
        sign = "%s" if "postgresql" in ENV.database["ENGINE"] else "?"
        self.inserts = [insert for table in told["tables"] for insert in _inserts(table, told["ids"], sign)]
        self.kept = threading.local()

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        """Every POST is a report; anything else asks whether somebody is there."""
        if environ["REQUEST_METHOD"] != "POST":
            start("200 OK", [("Content-Length", "3")])
            return [b"ok\n"]
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        if environ["CONTENT_TYPE"] == "application/json":
            json.loads(body)
            fresh = _fresh(environ["HTTP_IDEMPOTENCY_KEY"])
        else:
            fresh = _fresh(parse_qs(body)["client_id"][0])
        self.write(fresh)
        answer = json.dumps({"number": fresh["number"]}).encode()
        start("201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]

    def write(self, fresh: dict[str, str]) -> None:
        """All rows in one transaction."""
        execute = self.connection().execute
        execute("BEGIN IMMEDIATE" if isinstance(self.kept.link, sqlite3.Connection) else "BEGIN")
        for statement, values, changes in self.inserts:
            filled = list(values)
            for at, old, name in changes:
                filled[at] = filled[at].replace(old, fresh[name])
            execute(statement, filled)
        execute("COMMIT")

    def connection(self) -> Any:
        """The connection that this thread keeps."""
        if not hasattr(self.kept, "link"):
            self.kept.link = _connect()
        return self.kept.link


def _inserts(table: dict[str, Any], ids: dict[str, str], sign: str) -> Iterable[Insert]:
    columns = ", ".join(f'"{column}"' for column in table["columns"])
    signs = ", ".join([sign] * len(table["columns"]))
    for row in table["rows"]:
        changes = [
            (at, old, name)
            for at, value in enumerate(row)
            for old, name in ids.items()
            if isinstance(value, str) and old in value
        ]
        yield f'INSERT INTO "{table["name"]}" ({columns}) VALUES ({signs})', row, changes


def _fresh(client_id: str) -> dict[str, str]:
    matter, client = uuid4(), UUID(client_id)
    facts = {f"fact{n}": uuid4().hex for n in range(4)}
    ids = {"matter": str(matter), "matter_hex": matter.hex, "client": str(client), "client_hex": client.hex}
    return {"number": "".join(secrets.choice(SIGNS) for _ in range(8)), **ids, **facts}


def _connect() -> Any:
    described = ENV.database
    if "postgresql" in described["ENGINE"]:
        login = {"host": described["HOST"], "user": described["USER"], "dbname": described["NAME"]}
        return psycopg.connect(autocommit=True, prepare_threshold=3, **login)
    link = sqlite3.connect(described["NAME"], timeout=described["OPTIONS"]["timeout"], isolation_level=None)
    link.executescript(described["OPTIONS"]["init_command"])
    return link


def main(words: Sequence[str]) -> None:
    """Serve until told to stop, as ``silin web`` does."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ[FILE] = words[0]
    Server(
        "bench.floor:application",
        address=ENV.address,
        port=ENV.port,
        interface=Interfaces.WSGI,
        workers=ENV.workers,
        blocking_threads=ENV.threads,
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
elif FILE in os.environ:
    application = Floor(json.loads(Path(os.environ[FILE]).read_text()))
