"""Limits hold for everybody at once and end with their window."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from silin.accounts.jobs import forget
from silin.accounts.limits import count
from silin.accounts.models import Attempt
from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI

NOW = datetime(2026, 3, 3, 12, tzinfo=SHANGHAI)
TEN_MINUTES = timedelta(minutes=10)
DAY = timedelta(days=1)


@pytest.mark.django_db
def test_the_limit_and_not_one_more() -> None:
    assert [count("sms:a", 3, TEN_MINUTES, NOW) for _ in range(3)] == [1, 2, 3]
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            count("sms:a", 3, TEN_MINUTES, NOW)
        assert (refused.value.code, refused.value.status) == ("too_many", 429)
    assert count("sms:b", 3, TEN_MINUTES, NOW) == 1


@pytest.mark.django_db
def test_a_new_window_begins_again() -> None:
    count("sms:a", 1, TEN_MINUTES, NOW)
    with pytest.raises(Refused):
        count("sms:a", 1, TEN_MINUTES, NOW + TEN_MINUTES - timedelta(seconds=1))
    assert count("sms:a", 1, TEN_MINUTES, NOW + TEN_MINUTES) == 1


@pytest.mark.django_db
def test_windows_of_different_length_do_not_meet() -> None:
    midnight = datetime.fromisoformat("2026-03-03T00:00:00+00:00")
    assert count("sms:a", 5, TEN_MINUTES, midnight) == 1
    assert count("sms:a", 5, DAY, midnight) == 1


@pytest.mark.django_db
def test_nobody_can_be_read_from_the_counts() -> None:
    count(f"sms:13812341234{'x' * 500}", 5, DAY, NOW)
    assert "13812341234" not in str(Attempt.objects.values().get())


@pytest.mark.django_db
def test_closed_windows_are_forgotten() -> None:
    count("sms:a", 5, DAY, NOW - 10 * DAY)
    count("sms:a", 5, timedelta(days=7), NOW - 5 * DAY)
    count("sms:a", 5, DAY, NOW)
    forget(NOW)
    assert Attempt.objects.count() == 2


def test_tries_at_once_are_all_counted(live_db: str) -> None:
    passed: list[int] = []
    start = threading.Barrier(8)

    def five_times() -> None:
        start.wait()
        for _ in range(5):
            try:
                passed.append(count("sms:a", 25, TEN_MINUTES, NOW))
            except Refused:
                continue
        connection.close()

    threads = [threading.Thread(target=five_times) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == list(range(1, 26))
    assert Attempt.objects.get().n == 40
