from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from tests.town import Town, build


@pytest.fixture(autouse=True)
def tiny_kinds(settings: Settings) -> None:
    settings.KINDS = [
        "silin.kinds.report.kind.KIND",
        "silin.matters.tests.tiny.KIND",
        "silin.matters.tests.tiny.UNVERIFIED",
    ]


@pytest.fixture
def town(db: None) -> Town:
    return build()
