"""Small tables that are read all the time and seldom change: kept in memory for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")


class Remembered(Generic[T]):
    """What ``read`` gave, kept for ``seconds`` for each database: changes elsewhere are seen after that."""

    def __init__(self, read: Callable[[], T], seconds: float = 2.0) -> None:
        self.read, self.seconds = read, seconds
        self._kept: dict[str, tuple[float, T]] = {}

    def __call__(self) -> T:
        """The rows, read anew when they are too old. Nobody may change what they are given."""
        here, now = str(connection.settings_dict["NAME"]), time.monotonic()
        kept = self._kept.get(here)
        if kept is None or now - kept[0] > self.seconds:
            kept = self._kept[here] = (now, self.read())
        return kept[1]

    def forget(self) -> None:
        """The rows were changed here: read them anew, now and once the change is committed."""
        self._kept.clear()
        transaction.on_commit(self._kept.clear)
