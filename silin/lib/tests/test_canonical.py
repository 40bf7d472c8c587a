"""The same value gives the same bytes, whatever wrote it and wherever it was kept."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.lib.canonical import canonical, digest

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_keys_are_sorted_and_nothing_is_wasted() -> None:
    assert canonical({"b": [1, 2.5], "a": "灯"}) == '{"a":"灯","b":[1,2.5]}'.encode()


def test_whole_numbers_are_whole_however_they_were_written() -> None:
    assert canonical([1.0, 1e16, -0.0]) == b"[1,10000000000000000,0]"


def test_what_json_cannot_say_itself_becomes_text() -> None:
    said = [UUID(int=1), date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)]
    assert canonical(said) == b'["00000000-0000-0000-0000-000000000001","2026-01-02","2026-01-02T00:00:00Z"]'


@pytest.mark.parametrize("value", [{1, 2}, b"raw", object()])
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@given(VALUES)
def test_a_value_that_went_through_json_has_the_same_digest(value: object) -> None:
    try:
        expected = digest(value)
    except UnicodeEncodeError:
        return
    assert digest(json.loads(json.dumps(value))) == expected
    assert digest(json.loads(canonical(value))) == expected
