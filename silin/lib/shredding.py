"""Making sure that what was deleted is not left lying in the free space of the database."""

from __future__ import annotations

from django.db import connection


def shred() -> None:
    """Empty what a deletion leaves behind: SQLite's log of writes, PostgreSQL's dead rows.

    SQLite zeroes deleted rows itself (``secure_delete``); its log still holds the pages of before until it is
    written back. Not to be called in a transaction, where it does nothing.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        else:
            cursor.execute("VACUUM")
