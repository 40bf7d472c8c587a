"""Ids in the order of time; numbers that survive the telephone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.lib.ids import ALPHABET, draw, draw_number, new_id, read_number, show_number
from silin.lib.refusal import Refused


def test_ids_are_version_7_and_in_order() -> None:
    ids = [new_id() for _ in range(2000)]
    assert ids == sorted(set(ids))
    assert {each.version for each in ids} == {7}


def test_numbers_have_no_signs_that_look_alike() -> None:
    assert len(ALPHABET) == 32
    assert not set("01IO") & set(ALPHABET)
    drawn = {draw_number() for _ in range(500)}
    assert len(drawn) == 500
    assert {len(number) for number in drawn} == {8}
    assert set("".join(drawn)) == set(ALPHABET)
    assert len(draw(16)) == 16


@given(st.text(ALPHABET, min_size=8, max_size=8))
def test_a_number_is_read_as_it_is_shown(number: str) -> None:
    assert read_number(show_number(number)) == number
    assert read_number(f" {number[:3].lower()} {number[3:]} ") == number


@pytest.mark.parametrize(
    "typed", ["k7qm-3xzp", "K7QM 3XZP", "Ｋ７ＱＭ－３ＸＺＰ", "k7qm—3xzp", "No. K7QM3XZP"[4:]]
)
def test_ways_to_type_one_number(typed: str) -> None:
    assert read_number(typed) == "K7QM3XZP"


@pytest.mark.parametrize(
    "typed", ["", "K7QM3XZ", "K7QM3XZPP", "K7QM3XZ0", "K7QM3XZI", "路灯坏了三天了吧", "K7QM3XZ٣"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_number(typed)
    assert (refused.value.code, refused.value.field) == ("bad_number", "number")
