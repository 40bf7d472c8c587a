"""How many statements a page costs."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

LOOKS = 4


def statements(client: Client, address: str) -> int:
    """The fewest statements of a few looks at a page.

    What is remembered for a few seconds is read anew when a slow machine takes longer than that between two
    looks; it is no part of the page's cost.
    """
    counts = []
    for _look in range(LOOKS):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200, address
        counts.append(len(seen))
    return min(counts)
