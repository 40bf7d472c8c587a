"""Numbers a city may change: the finest place wins, then the latest day."""

from __future__ import annotations

from datetime import date

import pytest

from silin.places.numbers import number, set_number
from silin.places.tests.tiny import Tiny
from tests.town import MONDAY


def test_the_finest_place_and_the_latest_day_win(town: Tiny) -> None:
    set_number("test_share", 1, valid_from=date(2024, 1, 1), actor=None, now=MONDAY)
    set_number("test_share", 2, valid_from=date(2025, 1, 1), actor=None, now=MONDAY)
    set_number("test_share", 3, valid_from=date(2024, 1, 1), path=town.county.path, actor=None, now=MONDAY)
    assert number("test_share", day=date(2024, 6, 1)) == 1
    assert number("test_share", day=date(2025, 6, 1)) == 2
    assert number("test_share", town.elm.path, date(2025, 6, 1)) == 3
    assert number("test_share", town.far.path, date(2025, 6, 1)) == 2
    set_number("test_share", 4, valid_from=date(2024, 1, 1), path=town.county.path, actor=None, now=MONDAY)
    assert number("test_share", town.county.path, date(2024, 6, 1)) == 4


def test_a_number_that_nobody_set_is_a_mistake(db: None) -> None:
    with pytest.raises(LookupError, match="no number"):
        number("test_never")
    set_number("test_later", 1, valid_from=date(2030, 1, 1), actor=None, now=MONDAY)
    with pytest.raises(LookupError, match="no number"):
        number("test_later", day=date(2029, 12, 31))
