"""Facts are written once, in the vocabulary's words and columns, on the day it was here."""

from __future__ import annotations

import threading
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from silin.facts.actions import FactRow, day_of, write
from silin.facts.models import Fact
from silin.facts.vocabulary import MATTERS, OPTIONAL, WORDS

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def closed(**columns: Any) -> FactRow:
    return FactRow.of("matter.closed", now=NOW, unit="610302007001", subject="matter:1", **columns)


def test_a_row_has_exactly_the_columns_of_the_book() -> None:
    columns = {field.name for field in Fact._meta.concrete_fields}
    assert {field.name for field in fields(FactRow)} == columns - {"ym", "number"}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC), 20261120),
        (datetime(2026, 11, 20, 16, tzinfo=UTC), 20261121),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), 20270101),
    ],
)
def test_the_day_is_the_local_one(moment: datetime, day: int) -> None:
    assert day_of(moment) == day


def test_a_moment_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        day_of(NOW.replace(tzinfo=None))


@pytest.mark.django_db
def test_all_columns_are_kept() -> None:
    row = closed(
        place="61030200700101001",
        kind="report",
        category="light",
        channel="web",
        outcome="fixed",
        level="community",
        on_time=True,
        hours=7.5,
        origin="system",
    )
    write([row])
    fact = Fact.objects.get(id=row.id)
    for field in fields(FactRow):
        assert getattr(fact, field.name) == getattr(row, field.name)
    assert (fact.day, fact.ym, fact.n, fact.amount) == (20261120, 202611, 1, 1)


@pytest.mark.django_db
def test_many_rows_cost_one_insert_and_none_cost_nothing() -> None:
    with CaptureQueriesContext(connection) as seen:
        write([closed() for _n in range(10)])
        write([])
    assert [query["sql"].split()[0] for query in seen] == ["INSERT"]


@pytest.mark.django_db
def test_the_same_row_twice_is_one_row() -> None:
    row = closed(hours=1.0)
    write([row])
    write([replace(row, hours=2.0), closed()])
    assert Fact.objects.count() == 2
    assert Fact.objects.get(id=row.id).hours == 1.0


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (replace(closed(), name="matter.exploded"), "not a word"),
        (closed(grade=5), "has no grade"),
        (replace(closed(), name="matter.raised", on_time=False), "has no on_time"),
        (replace(closed(), name="matter.raised", amount=2), "has no amount"),
        (closed(outcome="exploded"), "is no outcome"),
        (closed(channel="pigeon"), "is no channel"),
        (closed(level="moon"), "is no level"),
        (closed(origin="rumour"), "is no origin"),
        (closed(n=2), "n is 1 or -1"),
        (replace(closed(), unit=""), "needs unit"),
        (replace(closed(), name="matter.reviewed", grade=6), "a grade is 1 to 5"),
        (replace(closed(), name="matter.reviewed", grade=0), "a grade is 1 to 5"),
    ],
)
@pytest.mark.django_db
def test_what_the_vocabulary_does_not_know_is_refused_before_anything_is_written(
    row: FactRow, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        write([closed(), row])
    assert not Fact.objects.exists()


def test_every_word_has_a_room_a_meaning_and_known_columns() -> None:
    for name, word in WORDS.items():
        assert word.room, name
        assert word.meaning, name
        assert word.columns <= set(OPTIONAL), name
        assert not word.outcomes or "outcome" in word.columns, name
    assert all(len(name) <= 40 for name in WORDS)
    assert {word.room for word in MATTERS.values()} == {"matters"}


def test_no_word_is_said_twice() -> None:
    assert len(WORDS) == 22 + 10 + 4 + 7 + 3 + 9 + 3 + 4 + 30 + 3 + 3


def test_two_at_once_with_the_same_id_leave_one_row(live_db: str) -> None:
    row = closed()
    together = threading.Barrier(4)

    def write_it() -> None:
        try:
            together.wait(20)
            write([row, closed()])
        finally:
            connection.close()

    threads = [threading.Thread(target=write_it) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Fact.objects.filter(id=row.id).count() == 1
    assert Fact.objects.count() == 5
