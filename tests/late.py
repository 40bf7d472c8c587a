"""Somebody who has written and takes long to come to an end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def held_open(write: Callable[[], object]) -> Iterator[None]:
    """Somebody else does ``write`` in a transaction that is not over before the block is."""
    begun, over = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                write()
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
