"""What the stories of faults share: one seed for all chance, waiting, and whether the books are whole.

What is chance comes from one seed. It is printed (``SILIN_TEST_SEED=…`` replays it); in which order threads
and processes get their turn is the machine's own.
"""

from __future__ import annotations

import os
import random
from functools import partial

from django.db import connection

from silin.history.queries import check
from tests import servers

PATIENCE = 60.0  # the supervisor waits up to 30 seconds before it starts again what falls and falls
until = partial(servers.until, seconds=PATIENCE)


def drawn() -> random.Random:
    """The chance of one test."""
    seed = int(os.environ.get("SILIN_TEST_SEED", random.randrange(10**6)))
    print(f"replay with SILIN_TEST_SEED={seed}")
    return random.Random(seed)


def books_are_whole() -> None:
    """The chains of the history hold, and so does the database's own file."""
    assert check() == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
