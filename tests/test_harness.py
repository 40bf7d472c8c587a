"""The harness itself: a live database keeps what threads commit, and the next test knows nothing of it."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from silin.accounts.models import User


def _add(name: str) -> None:
    User.objects.create(name=name)
    connection.close()


@pytest.mark.parametrize("turn", [1, 2])
def test_live_db_is_shared_by_threads_and_fresh_for_each_test(live_db: str, turn: int) -> None:
    threads = [threading.Thread(target=_add, args=(f"neighbour {n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.count() == 3


@pytest.mark.django_db
def test_the_ordinary_test_database_stays_as_it_was() -> None:
    assert User.objects.count() == 0
