"""Books that only grow: triggers that refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL).

A model says ``append_only = True``; nothing else is needed. A later migration may rebuild a SQLite table and
silently drop its triggers, so ``migrate`` (this app's) calls ``guard`` at its end, every time, and
``silin check`` asks ``missing``. The triggers guard against mistakes and against code; whoever owns the
database can drop them, which is why history is also chained and sealed.
"""

from __future__ import annotations

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

EVENTS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}

SQLITE_TRIGGER = """
CREATE TRIGGER "{name}" BEFORE {event} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION silin_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$body$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {scope} EXECUTE PROCEDURE silin_append_only()
"""
SQLITE_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
POSTGRESQL_TRIGGERS = """
SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
"""


def guard(connection: BaseDatabaseWrapper) -> list[str]:
    """Put in place what is missing on the append-only tables of this database; returns their names."""
    wanted = missing(connection)
    with connection.cursor() as cursor:
        if wanted and connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for name in wanted:
            _create(cursor, connection.vendor, name)
    return wanted


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that should stand (and be switched on) but do not, as ``<table>_no_<event>``.

    A table that is not there yet misses nothing: that is the business of the migrations.
    """
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        cursor.execute(SQLITE_TRIGGERS if connection.vendor == "sqlite" else POSTGRESQL_TRIGGERS)
        standing = {row[0] for row in cursor.fetchall()}
    names = [
        f"{table}_no_{event}" for table in tables() if table in there for event in EVENTS[connection.vendor]
    ]
    return [name for name in names if name not in standing]


def tables() -> list[str]:
    """The tables of every model that says ``append_only = True``."""
    models = (model for model in apps.get_models() if getattr(model, "append_only", False))
    return sorted(model._meta.db_table for model in models)


def _create(cursor: CursorWrapper, vendor: str, name: str) -> None:
    table, event = name.rsplit("_no_", 1)
    if vendor == "sqlite":
        cursor.execute(SQLITE_TRIGGER.format(name=name, event=event.upper(), table=table))
        return
    scope = "STATEMENT" if event == "truncate" else "ROW"
    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
    cursor.execute(POSTGRESQL_TRIGGER.format(name=name, event=event.upper(), table=table, scope=scope))
