"""How many statements a page costs, and how many bytes on the wire."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

LOOKS = 4


def packed(content: bytes) -> int:
    """The bytes of ``content`` as they are sent."""
    return len(gzip.compress(content, 6))


def statements(client: Client, address: str, sent: Mapping[str, str] | None = None) -> int:
    """The fewest statements of a few looks at a page, or at the answer to what is ``sent`` there.

    What is remembered for a few seconds is read anew when a slow machine takes longer than that between two
    looks; it is no part of the page's cost.
    """
    counts = []
    for _look in range(LOOKS):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            answer = client.get(address) if sent is None else client.post(address, sent)
        assert answer.status_code == 200, address
        counts.append(len(seen))
    return min(counts)
