"""The cube is what the facts sum up to, however they came in, and whoever keeps it beside whom."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silin.facts import cube
from silin.facts.actions import FactRow, write
from silin.facts.folding import fold
from silin.facts.jobs import keep_cube
from silin.facts.models import Bookmark, Cell, Fact, Month
from silin.facts.rebuilding import rebuild
from silin.facts.settled import settled_to
from silin.facts.tests.books import facts, kept, raised, summed
from tests.late import held_open

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
UNIT = "610302007001"
random_story = settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def quiet(_done: int, _total: int, _what: str) -> None:
    """Nobody is told how far it is."""


def closed(**columns: object) -> FactRow:
    return FactRow.of("matter.closed", now=NOW, unit=UNIT, subject="matter:1", **columns)


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written meanwhile goes again; numbers go on from where they stand."""
    with transaction.atomic():
        Bookmark(reader="cube", number=settled_to()).save()
        yield
        transaction.set_rollback(True)


@random_story
@given(st.lists(facts(), min_size=1, max_size=2), st.sampled_from([9, 20_000]))
def test_folded_in_any_lots_it_is_what_the_facts_sum_up_to(
    db: None, lots: list[list[Fact]], at_most: int
) -> None:
    with taken_back():
        for lot in lots:
            Fact.objects.bulk_create(lot)
            while fold(at_most=at_most):
                pass
        assert kept() == summed(Fact.objects.all())
        before, said = kept(), cube.digest(range(202512, 202702))
        assert rebuild(quiet) == 0
        Cell.objects.filter(kind="").delete()
        Cell.objects.update(n=7)
        Cell.objects.filter(unit="nowhere").update(kind="stray")
        rebuild(quiet)
        assert kept() == before
        assert cube.digest(range(202512, 202702)) == said


def test_a_correction_touches_its_own_cell_only(db: None) -> None:
    first, second = closed(hours=2.0, on_time=True), closed(hours=1.0, on_time=False)
    write([first, second])
    assert fold() == 0
    old = Cell.objects.get(on_time=1)
    write([FactRow.undoing(Fact.objects.get(id=first.id)), closed(hours=3.0, on_time=False)])
    fold()
    cell = Cell.objects.get()
    assert (cell.on_time, cell.n, cell.seconds) == (0, 2, 4 * 3600)
    assert not Cell.objects.filter(pk=old.pk).exists()


def test_nothing_new_costs_two_statements(db: None) -> None:
    write([closed()])
    fold()
    with CaptureQueriesContext(connection) as seen:
        keep_cube(NOW)
    assert len(seen) <= (2 if connection.vendor == "sqlite" else 5)


def test_a_digest_is_of_the_cells_and_of_nothing_else(db: None) -> None:
    assert cube.digest([202611]) == cube.digest([]) == cube.digest([202512])
    write([closed(), closed(kind="report")])
    fold()
    said = cube.digest([202611])
    assert said == cube.digest([202611, 202611, 202612]) != cube.digest([202612])
    with CaptureQueriesContext(connection) as seen:
        assert cube.digest([202611]) == said
    assert len(seen) == 1
    late = closed()
    write([late])
    fold()
    assert cube.digest([202611]) != said
    write([FactRow.undoing(Fact.objects.get(id=late.id))])
    fold()
    assert cube.digest([202611]) == said


def test_a_digest_that_is_asked_while_cells_change_is_not_kept(db: None) -> None:
    write([closed()])
    fold()
    seen_before = Month.objects.get(pk=202611)
    write([closed()])
    fold()
    cube._digest_now(seen_before)
    assert Month.objects.get(pk=202611).digest == ""


def test_four_who_fold_at_once_and_two_who_write_lose_and_double_nothing(live_db: str) -> None:
    together = Barrier(6)

    def run(n: int) -> None:
        together.wait(20)
        try:
            for _turn in range(8):
                if n < 2:
                    write([closed(hours=1.5), closed(kind="report", on_time=True)])
                else:
                    fold(at_most=3)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(6)))
    while fold(at_most=3):
        pass
    assert kept() == summed(Fact.objects.all())
    assert sum(Cell.objects.values_list("n", flat=True)) == 32


def killed_at_the_bookmark(execute: Any, statement: str, *rest: Any) -> Any:
    """The process goes where it is about to write how far it has read."""
    if statement.startswith("UPDATE") and "facts_bookmark" in statement:
        os._exit(9)
    return execute(statement, *rest)


def test_killed_in_the_middle_nothing_is_lost_or_doubled(live_db: str) -> None:
    """The process goes after the cells were written, before the bookmark was: the next does it again."""
    write([closed(hours=1.5), closed(hours=1.5)])
    connections.close_all()
    child = os.fork()
    if child == 0:
        with connection.execute_wrapper(killed_at_the_bookmark):
            fold()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert kept() == {}
    fold()
    assert kept() == summed(Fact.objects.all())


def test_a_fact_that_comes_late_is_not_passed_over(live_db: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing comes late")
    with held_open(partial(raised, "matter:slow")):
        write([closed()])
        assert (fold(), kept()) == (0, {})
    fold()
    assert kept() == summed(Fact.objects.all()) != {}
