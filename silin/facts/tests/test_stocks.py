"""Stocks: the book's sum is the last count, whatever came before and however often it was counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silin.facts.models import Fact
from silin.facts.stocks import Stock, book, write_stocks

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
NAMES = ("stock.grids", "stock.facilities")
UNITS = ("990102001001", "990102001002")
KEYS = [Stock("stock.grids", unit) for unit in UNITS]
KEYS += [Stock("stock.facilities", unit, kind) for unit in UNITS for kind in ("clinic", "market")]

histories = st.lists(st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9)), min_size=1, max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(histories)
def test_the_sum_up_to_each_night_is_that_nights_count(db: None, nights: list[dict[Stock, int]]) -> None:
    for night, held in enumerate(nights):
        write_stocks(NAMES, partial(dict, held), now=NOW + timedelta(days=night))
        assert {key: n for key, n in book(NAMES).items() if n} == {key: n for key, n in held.items() if n}


def test_counted_twice_nothing_is_written(db: None) -> None:
    held = {KEYS[0]: 4, KEYS[2]: 1}
    assert write_stocks(NAMES, lambda: held, now=NOW) == 2
    assert write_stocks(NAMES, lambda: held, now=NOW) == 0
    assert write_stocks(NAMES, lambda: {KEYS[0]: 3}, now=NOW) == 2
    rows = Fact.objects.order_by("pk").values_list("name", "amount", "origin", "subject")
    assert list(rows)[2:] == [
        ("stock.facilities", -1, "system", "unit:990102001001"),
        ("stock.grids", -1, "system", "unit:990102001001"),
    ]


def test_what_another_room_counts_stays(db: None) -> None:
    write_stocks(["stock.facilities"], lambda: {KEYS[2]: 7}, now=NOW)
    write_stocks(["stock.grids"], lambda: {KEYS[0]: 2}, now=NOW)
    assert book(NAMES) == {KEYS[0]: 2, KEYS[2]: 7}


def test_what_was_not_announced_is_not_counted(db: None) -> None:
    with pytest.raises(ValueError, match=r"stock\.facilities"):
        write_stocks(["stock.grids"], lambda: {KEYS[2]: 7}, now=NOW)
    assert not Fact.objects.exists()


def test_four_loops_at_once_count_once(live_db: str) -> None:
    barrier = Barrier(4)

    def count(_n: int) -> int:
        barrier.wait()
        try:
            return write_stocks(NAMES, lambda: {KEYS[0]: 4, KEYS[3]: 2}, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(count, range(4))) == [0, 0, 0, 2]
    assert book(NAMES) == {KEYS[0]: 4, KEYS[3]: 2}
