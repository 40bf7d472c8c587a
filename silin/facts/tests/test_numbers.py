"""Every fact has a number in the order of writing, those from before numbers too; a bookmark skips none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from silin.facts import settled
from silin.facts.actions import FactRow, write
from silin.facts.models import Fact
from silin.lib.appendonly import guard, missing
from silin.lib.ids import new_id

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
OLD = """
INSERT INTO facts_fact (id, name, day, ym, unit, place, kind, category, channel, outcome, level, n,
    amount, origin, subject)
VALUES (%s, 'matter.raised', 20261120, 202611, '610302007001', '', '', '', '', '', '', 1, 1,
        'person', %s)
"""


def raised(subject: str) -> None:
    write([FactRow.of("matter.raised", now=NOW, unit="610302007001", subject=subject)])


def subjects(bookmark: int) -> list[str]:
    return [fact.subject for fact in settled.since(bookmark, at_most=100)]


@contextmanager
def open_deed(subject: str) -> Iterator[None]:
    """Somebody has written a fact and does not come to an end before the block does."""
    begun, over = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                raised(subject)
                begun.set()
                assert over.wait(30)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(run)
        assert begun.wait(30)
        try:
            yield
        finally:
            over.set()
            done.result()


def test_a_fact_that_comes_late_with_a_lower_number_is_waited_for(live_db: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing comes late")
    raised("matter:first")
    assert subjects(0) == ["matter:first"]
    bookmark = settled.settled_to()
    with open_deed("matter:slow"):
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
    assert list(Fact.objects.order_by("number").values_list("id", flat=True)) == ids
    raised("matter:new")
    assert Fact.objects.order_by("number").values_list("subject", flat=True).last() == "matter:new"
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.filter(subject="matter:1").delete()
