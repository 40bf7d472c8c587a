"""The town with the sample of the catalogue, its ground counted from September on."""

from __future__ import annotations

from datetime import datetime

import pytest

from silin.assessment.sample import load_sample
from silin.lib.workdays import SHANGHAI
from silin.places.stocks import count_territory
from tests.town import MONDAY, Town, build


@pytest.fixture
def town(db: None) -> Town:
    town = build()
    load_sample()
    count_territory(datetime(2026, 9, 1, 12, tzinfo=SHANGHAI), as_of=MONDAY.date())
    return town
