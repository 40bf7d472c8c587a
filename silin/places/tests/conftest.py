from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils.translation import override

from silin.places.tests import tiny


@pytest.fixture(autouse=True)
def _chinese_first() -> Iterator[None]:
    """Every test begins in the first language: a page asked for by an earlier one leaves its own behind."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def town(db: None) -> tiny.Tiny:
    """The tiny city."""
    return tiny.build()
