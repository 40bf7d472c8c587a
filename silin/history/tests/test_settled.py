"""A bookmark skips no line, whoever commits last, on both databases."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from itertools import pairwise

import pytest
from django.db import connection, connections, transaction

from silin.history import settled
from silin.history.actions import record
from silin.history.models import Entry
from tests.late import held_open
from tests.town import MONDAY


class _NotThis(Exception):
    """The transaction is taken back."""


def written(subject: str, *, wait: float = 0, keep: bool = True) -> None:
    """A deed that is written, takes ``wait`` seconds more, and is kept or taken back."""
    try:
        with transaction.atomic():
            record(subject=subject, action="raise", actor=None, now=MONDAY, first=True)
            time.sleep(wait)
            if not keep:
                raise _NotThis
    except _NotThis:
        pass


def open_deed(subject: str) -> AbstractContextManager[None]:
    """Somebody has written a line and does not come to an end before the block does."""
    return held_open(partial(record, subject=subject, action="raise", actor=None, now=MONDAY, first=True))


def subjects(bookmark: int) -> list[str]:
    return [entry.subject for entry in settled.since(bookmark, at_most=100)]


def test_a_line_that_comes_late_with_a_lower_number_is_waited_for(live_db: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing comes late")
    written("matter:first")
    assert subjects(0) == ["matter:first"]
    bookmark = settled.settled_to()
    with open_deed("matter:slow"):
        written("matter:quick")
        assert Entry.objects.order_by("-pk").values_list("subject", flat=True)[0] == "matter:quick"
        assert subjects(bookmark) == []
        assert subjects(bookmark) == []
    assert subjects(bookmark) == ["matter:slow", "matter:quick"]


def test_whoever_writes_all_the_time_does_not_hold_the_reader_up_for_ever(live_db: str) -> None:
    """Writers follow one another so closely that never nobody writes; lines come out all the same."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing comes late")
    written("matter:first")
    open_ones = [open_deed(f"matter:{n}") for n in range(4)]
    read = list[list[str]]()
    for before, after in pairwise(open_ones):
        if not read:
            before.__enter__()
            read.append(subjects(0))
        after.__enter__()
        before.__exit__(None, None, None)
        read.append(subjects(0))
    open_ones[-1].__exit__(None, None, None)
    first, *rest = ["matter:first", "matter:0", "matter:1", "matter:2"]
    assert read == [[], [first], [first, *rest[:1]], [first, *rest[:2]]]
    assert subjects(0) == [first, *rest, "matter:3"]


def test_all_that_many_write_at_once_is_read_once_and_in_order(live_db: str) -> None:
    """Four write, some slowly and some in vain, while one reads on: it reads what there is, no line twice."""
    over, read = threading.Event(), list[int]()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for n in range(25):
                written(f"matter:{seed}-{n}", wait=chance.choice((0, 0, 0.01)), keep=chance.random() < 0.8)
        finally:
            connections.close_all()

    def follow() -> None:
        try:
            while not over.is_set() or settled.since(read[-1] if read else 0, at_most=7):
                read.extend(entry.pk for entry in settled.since(read[-1] if read else 0, at_most=7))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        reader = pool.submit(follow)
        writers = [pool.submit(write, seed) for seed in range(4)]
        for each in writers:
            each.result()
        over.set()
        reader.result(60)
    assert read == list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    assert len(read) > 40
