from __future__ import annotations

import pytest

from tests.town import Town, build, today


@pytest.fixture
def town(db: None) -> Town:
    """The invented town as of today, since pages look at the clock."""
    return build(today())
