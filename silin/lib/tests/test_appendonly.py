"""The books refuse to be changed, and no migration takes that from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker

from silin.lib.appendonly import guard, missing, tables
from silin.lib.ids import new_id

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
TABLES = ["facts_fact", "history_entry", "history_seal"]


def model(label: str) -> Any:
    """A model of an upper room by its label: ``lib`` does not import them."""
    return apps.get_model(label)


def write_one(table: str) -> Any:
    if table == "facts_fact":
        return model("facts.Fact").objects.create(
            name="matter.raised", day=20261120, ym=202611, unit="1", subject="matter:1"
        )
    if table == "history_seal":
        return model("history.Seal").objects.create(
            day=date(2026, 11, 20), up_to=0, entries=0, heads=0, sealed_at=NOW
        )
    return model("history.Entry").objects.create(
        subject=f"matter:{new_id()}", seq=1, at=NOW, action="raise", hash="0" * 64
    )


def test_the_books_say_that_they_only_grow() -> None:
    assert tables() == TABLES


@pytest.mark.django_db
def test_the_migrated_test_database_misses_nothing() -> None:
    assert missing(connection) == []
    assert guard(connection) == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_update_and_delete_are_refused_through_the_orm(table: str) -> None:
    row = write_one(table)
    rows = type(row)._default_manager.filter(pk=row.pk)
    column = row._meta.concrete_fields[1].attname
    for change in (row.save, row.delete, rows.delete, lambda: rows.update(**{column: getattr(row, column)})):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    assert rows.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_update_and_delete_are_refused_through_raw_sql(table: str) -> None:
    row = write_one(table)
    column = row._meta.concrete_fields[1].column
    for sql in (f'UPDATE "{table}" SET "{column}" = "{column}"', f'DELETE FROM "{table}"'):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(sql)
    assert type(row)._default_manager.filter(pk=row.pk).exists()


@pytest.mark.django_db
def test_truncate_is_refused_where_there_is_one() -> None:
    if connection.vendor == "sqlite":
        assert not any(name.endswith("_no_truncate") for name in all_names(connection))
        return
    for table in TABLES:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(f'TRUNCATE "{table}" CASCADE')


@pytest.mark.django_db
def test_a_trigger_that_is_dropped_is_missed_and_put_back() -> None:
    drop(connection, "history_entry", "history_entry_no_delete")
    assert missing(connection) == ["history_entry_no_delete"]
    assert guard(connection) == ["history_entry_no_delete"]
    assert missing(connection) == []


@pytest.mark.django_db
def test_a_trigger_that_is_switched_off_is_missed_too() -> None:
    if connection.vendor == "sqlite":
        return
    connection.cursor().execute('ALTER TABLE "facts_fact" DISABLE TRIGGER ALL')
    assert missing(connection) == [f"facts_fact_no_{event}" for event in ("update", "delete", "truncate")]
    guard(connection)
    assert missing(connection) == []


@pytest.fixture
def scratch(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A SQLite file of its own, migrated by the product's ``migrate`` as far as the book of deeds."""
    described = {**connections.settings["default"], "ENGINE": "django.db.backends.sqlite3"}
    described |= {"NAME": str(tmp_path / "scratch.sqlite3"), "OPTIONS": {}}
    with django_db_blocker.unblock():
        connections.settings["scratch"] = described
        call_command("migrate", "history", database="scratch", verbosity=0)
        yield connections["scratch"]
        connections["scratch"].close()
        del connections["scratch"], connections.settings["scratch"]


def test_a_table_that_is_not_there_yet_misses_nothing(scratch: BaseDatabaseWrapper) -> None:
    assert "facts_fact" not in scratch.introspection.table_names()
    assert missing(scratch) == []


@pytest.mark.parametrize("change", ["alter", "add"])
def test_a_later_migration_drops_them_and_migrate_puts_them_back(
    scratch: BaseDatabaseWrapper, change: str
) -> None:
    model("history.Entry").objects.using("scratch").create(
        subject="matter:1", seq=1, at=NOW, action="raise", hash="0" * 64
    )
    rebuild(scratch, change)
    assert missing(scratch) == ["history_entry_no_update", "history_entry_no_delete"]
    call_command("migrate", "history", database="scratch", verbosity=0)
    assert missing(scratch) == []
    with pytest.raises(IntegrityError, match="append-only"):
        model("history.Entry").objects.using("scratch").filter(seq=1).delete()


def test_a_look_at_the_plan_changes_nothing(scratch: BaseDatabaseWrapper) -> None:
    drop(scratch, "history_entry", "history_entry_no_update")
    call_command("migrate", "history", database="scratch", verbosity=0, plan=True)
    call_command("migrate", "history", database="scratch", verbosity=0, check_unapplied=True)
    assert missing(scratch) == ["history_entry_no_update"]


def test_every_book_is_guarded_by_its_own_word() -> None:
    """A model says ``append_only``; nobody keeps a second list."""
    said = [each for each in apps.get_models() if getattr(each, "append_only", False)]
    assert {each._meta.db_table for each in said} == set(TABLES)


def rebuild(database: BaseDatabaseWrapper, change: str) -> None:
    """What a later migration of the table does: another length of a column, or another column."""
    entry = model("history.Entry")
    with database.schema_editor() as editor:
        if change == "alter":
            old = entry._meta.get_field("action")
            new = models.CharField(max_length=50)
            new.set_attributes_from_name("action")
            new.model = entry
            editor.alter_field(entry, old, new)
        else:
            added = models.CharField(max_length=10, default="here")
            added.set_attributes_from_name("where")
            added.model = entry
            editor.add_field(entry, added)


def drop(database: BaseDatabaseWrapper, table: str, name: str) -> None:
    on = "" if database.vendor == "sqlite" else f' ON "{table}"'
    with database.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"{on}')


def all_names(database: BaseDatabaseWrapper) -> list[str]:
    with database.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return [row[0] for row in cursor.fetchall()]
