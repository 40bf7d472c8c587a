from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from silin.lib.remembering import Remembered

pytestmark = pytest.mark.django_db


def reader() -> Callable[[], int]:
    numbers = count(1)
    return lambda: next(numbers)


def test_it_is_read_once_and_again_when_forgotten() -> None:
    remembered = Remembered(reader(), seconds=60)
    assert [remembered(), remembered()] == [1, 1]
    remembered.forget()
    assert [remembered(), remembered()] == [2, 2]


def test_it_is_read_again_when_too_old() -> None:
    remembered = Remembered(reader(), seconds=-1)
    assert [remembered(), remembered()] == [1, 2]
