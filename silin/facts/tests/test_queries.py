"""Sums are additive: a row taken back is as if it had never been."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from silin.facts.actions import FactRow, write
from silin.facts.queries import count, grouped, subjects

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def closed(unit: str, day: int = 20, **columns: Any) -> FactRow:
    subject = columns.pop("subject", f"matter:{unit}-{day}")
    moment = NOW.replace(day=day)
    return FactRow.of("matter.closed", now=moment, unit=unit, subject=subject, **columns)


@pytest.mark.django_db
def test_sums_per_unit() -> None:
    write(
        [
            closed("a", on_time=True, hours=2.0, kind="report"),
            closed("a", on_time=False, hours=30.5, kind="finding"),
            closed("b", outcome="on_the_spot"),
            FactRow.of("matter.reviewed", now=NOW, unit="a", subject="matter:1", grade=5),
            FactRow.of("matter.dispatched", now=NOW, unit="b", subject="matter:1", amount=3),
        ]
    )
    assert grouped("matter.closed") == {
        "a": {"n": 2, "amount": 2, "hours": 32.5, "grade": 0},
        "b": {"n": 1, "amount": 1, "hours": 0.0, "grade": 0},
    }
    assert grouped("matter.closed", where={"on_time": True})["a"]["n"] == 1
    assert grouped("matter.closed", where={"kind": ["report", "finding"]}, units=["a", "c"]).keys() == {"a"}
    assert grouped("matter.closed", units=[]) == {}
    assert grouped("matter.reviewed")["a"]["grade"] == 5
    assert grouped("matter.dispatched")["b"]["amount"] == 3
    assert count("matter.closed") == 3
    assert count("matter.closed", unit="a", on_time=False) == 1
    assert count("matter.looked_back") == 0


@pytest.mark.django_db
def test_both_ends_of_the_days_are_included() -> None:
    write([closed("a", day) for day in (1, 2, 3, 4)])
    assert count("matter.closed", since=date(2026, 11, 2), until=date(2026, 11, 3)) == 2
    assert count("matter.closed", since=date(2026, 11, 4)) == 1
    assert count("matter.closed", until=date(2026, 10, 31)) == 0
    assert count("matter.closed", since=date(2025, 12, 31), until=date(2027, 1, 1)) == 4


@pytest.mark.django_db
def test_a_row_taken_back_counts_for_nothing() -> None:
    wrong, right = closed("a", hours=9.0, on_time=False), closed("a", hours=3.0, on_time=True)
    write([wrong, replace(closed("a", hours=9.0, on_time=False), n=-1), right])
    assert grouped("matter.closed") == {"a": {"n": 1, "amount": 1, "hours": 3.0, "grade": 0}}
    assert subjects("matter.closed", "a", where={"on_time": False}) == []
    assert subjects("matter.closed", "a", where={"on_time": True}) == [right.subject]


@pytest.mark.django_db
def test_a_number_opens_to_its_subjects() -> None:
    write([closed("a", day, subject=f"matter:{day}") for day in (3, 1, 2)])
    write([closed("b", 1, subject="matter:b"), closed("a", 1, subject="matter:3")])
    assert subjects("matter.closed", "a") == ["matter:3", "matter:2", "matter:1"]
    assert subjects("matter.closed", {"a", "b"}, until=date(2026, 11, 1)) == [
        "matter:b",
        "matter:3",
        "matter:1",
    ]
    assert subjects("matter.closed", "a", limit=1) == ["matter:3"]


@pytest.mark.django_db
def test_each_answer_is_one_statement() -> None:
    with CaptureQueriesContext(connection) as seen:
        count("matter.closed")
        grouped("matter.closed", since=date(2026, 11, 1))
        subjects("matter.closed", "a")
    assert len(seen) == 3


@pytest.mark.django_db
def test_the_sums_are_found_by_the_index() -> None:
    with CaptureQueriesContext(connection) as seen:
        grouped("matter.closed", since=date(2026, 11, 1), until=date(2026, 11, 30), units=["a"])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + seen[0]["sql"])
            assert "facts_fact_cube" in str(cursor.fetchall())


@pytest.mark.parametrize("where", [{"colour": "red"}, {"hours": 1.0}, {"unit__contains": "a"}])
def test_a_column_that_facts_do_not_have_is_refused(where: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="facts have no"):
        count("matter.closed", **where)


def test_a_word_that_facts_do_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="not a word"):
        grouped("matter.exploded")


@pytest.mark.django_db
def test_grouped_equals_a_loop_over_the_rows() -> None:
    draw = random.Random(20261120)
    rows = [
        closed(
            draw.choice("abcd"),
            draw.randint(1, 28),
            on_time=draw.choice([True, False, None]),
            hours=draw.choice([None, 0.5, 8.0]),
            kind=draw.choice(["report", "finding"]),
            n=draw.choice([1, 1, -1]),
        )
        for _n in range(300)
    ]
    write(rows)
    since, until = date(2026, 11, 7), date(2026, 11, 7) + timedelta(days=14)
    expected: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for row in rows:
        if 20261107 <= row.day <= 20261121 and row.kind == "report" and row.on_time is True:
            expected[row.unit][0] += row.n
            expected[row.unit][1] += row.n * (row.hours or 0)
    where = {"kind": "report", "on_time": True}
    sums = grouped("matter.closed", where=where, since=since, until=until)
    assert {unit: [each["n"], each["hours"]] for unit, each in sums.items()} == expected
