from __future__ import annotations

import pytest
from django.utils import timezone

from tests.town import Town, build


@pytest.fixture
def town(db: None) -> Town:
    """The invented town as of today, since pages look at the clock."""
    return build(timezone.now())
