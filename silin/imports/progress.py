"""How far long work is: told to other processes while its transaction is still open."""

from __future__ import annotations

from time import monotonic

from django.core.cache import caches

from silin.imports.models import Batch

PAUSE = 0.5
"""Seconds between two words at least."""

KEPT = 3600


class Watch:
    """Leaves word how far the work on a batch is."""

    def __init__(self, batch: Batch) -> None:
        self.key = _key(batch)
        self.said = 0.0

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total`` rows."""
        if done == total or monotonic() - self.said >= PAUSE:
            caches["progress"].set(self.key, (done, total), KEPT)
            self.said = monotonic()


def how_far(batch: Batch) -> tuple[int, int] | None:
    """How many of how many rows are done; None where nothing is known yet."""
    found = caches["progress"].get(_key(batch)) if batch.taken_at else None
    return found if isinstance(found, tuple) else None


def _key(batch: Batch) -> str:
    """Of this one start: what was said of an earlier one, or before a restore, is not how far this one is."""
    taken = batch.taken_at.timestamp() if batch.taken_at else 0
    return f"imports:{batch.pk}:{batch.state}:{taken:.6f}"
