from __future__ import annotations

import pytest
from django.test import Client

from tests.town import Town, build


@pytest.fixture
def town(db: None) -> Town:
    """The invented town."""
    return build()


@pytest.fixture
def zhou(client: Client, town: Town) -> Client:
    """The city's administrator at the desk, who may change the register."""
    client.force_login(town.zhou)
    return client
