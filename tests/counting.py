"""How many statements a page costs, and how many bytes on the wire."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silin.lib import remembering

LOOKS = 2


def packed(content: bytes) -> int:
    """The bytes of ``content`` as they are sent."""
    return len(gzip.compress(content, 6))


def statements(client: Client, address: str, sent: Mapping[str, str] | None = None) -> int:
    """The fewer statements of two looks at a page, or at the answer to what is ``sent`` there.

    What is remembered for a few seconds is no part of the page's cost.
    """
    counts = []
    with _as_remembered():
        for _look in range(LOOKS):
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(address) if sent is None else client.post(address, sent)
            assert answer.status_code == 200, address
            counts.append(len(seen))
    return min(counts)


@contextmanager
def _as_remembered() -> Iterator[None]:
    """What is remembered stays so, however long a slow machine takes between two looks."""
    now = time.monotonic()
    with patch.object(remembering, "time", SimpleNamespace(monotonic=lambda: now)):
        yield
