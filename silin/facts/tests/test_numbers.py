"""Every fact has a number in the order of writing, those from before numbers too; a bookmark skips none."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from silin.facts import settled
from silin.facts.models import Fact
from silin.facts.tests.books import raised
from silin.lib.appendonly import guard, missing
from silin.lib.ids import new_id
from tests.late import held_open

OLD = """
INSERT INTO facts_fact (id, name, day, ym, unit, place, kind, category, channel, outcome, level, n,
    amount, origin, subject)
VALUES (%s, 'matter.raised', 20261120, 202611, '610302007001', '', '', '', '', '', '', 1, 1,
        'person', %s)
"""


def subjects(bookmark: int) -> list[str]:
    return [fact.subject for fact in settled.since(bookmark, at_most=100)]


def test_a_fact_that_comes_late_with_a_lower_number_is_waited_for(live_db: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing comes late")
    raised("matter:first")
    assert subjects(0) == ["matter:first"]
    bookmark = settled.settled_to()
    with held_open(partial(raised, "matter:slow")):
        raised("matter:quick")
        assert subjects(bookmark) == []
    assert subjects(bookmark) == ["matter:slow", "matter:quick"]


def _back_to_the_first_migration() -> MigrationExecutor:
    """The tables of facts as they were before numbers, and empty."""
    executor = MigrationExecutor(connection)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("facts_"):
                cursor.execute(f"DROP TABLE {table}")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'facts'")
    executor.loader.build_graph()
    executor.migrate([("facts", "0001_initial")])
    guard(connection)
    executor.loader.build_graph()
    return executor


def test_facts_from_before_numbers_get_them_in_the_order_of_writing(live_db: str) -> None:
    executor = _back_to_the_first_migration()
    ids = sorted((new_id() for _ in range(50)), reverse=True)
    with connection.cursor() as cursor:
        for n, each in enumerate(ids):
            cursor.execute(OLD, [each if connection.vendor == "postgresql" else each.hex, f"matter:{n}"])
    executor.migrate(executor.loader.graph.leaf_nodes("facts"))
    guard(connection)  # as migrate does at its end: SQLite has made the table anew
    assert missing(connection) == []
    with connection.cursor() as cursor:
        assert connection.introspection.get_primary_key_column(cursor, "facts_fact") == "number"
    assert list(Fact.objects.order_by("number").values_list("id", flat=True)) == ids
    raised("matter:new")
    assert Fact.objects.order_by("number").values_list("subject", flat=True).last() == "matter:new"
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.filter(subject="matter:1").delete()
