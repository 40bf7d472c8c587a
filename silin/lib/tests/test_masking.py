"""What identifies a person is found in their words and covered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.lib.masking import Found, cover, find_personal, mask_id_number, mask_phone


def test_fields_are_masked() -> None:
    assert mask_phone("13812341234") == "138****1234"
    assert mask_id_number("610303198001011234") == "6103**********1234"


@pytest.mark.parametrize("short", ["", "1", "1234567"])
def test_too_short_to_leave_anything(short: str) -> None:
    assert mask_phone(short) == "*" * len(short)


@pytest.mark.parametrize(
    ("words", "kind", "found", "covered"),
    [
        ("打我电话13812341234谢谢", "phone", "13812341234", "打我电话138****1234谢谢"),
        ("138 1234 1234", "phone", "138 1234 1234", "138 **** 1234"),
        ("138-1234-1234。", "phone", "138-1234-1234", "138-****-1234。"),
        ("１３８１２３４１２３４", "phone", "１３８１２３４１２３４", "１３８****１２３４"),
        ("+86 13812341234", "phone", "+86 13812341234", "+86 1******1234"),
        ("物业0917-3261234没人接", "phone", "0917-3261234", "物业091*-***1234没人接"),
        ("身份证610303198001011234", "id_number", "610303198001011234", "身份证6103**********1234"),
        ("61030319800101123x", "id_number", "61030319800101123x", "6103**********123x"),
        ("610303 19800101 1234", "id_number", "610303 19800101 1234", "6103** ******** 1234"),
        ("陕C12345堵住了门", "plate", "陕C12345", "陕****45堵住了门"),
        ("陕c·d1234挂", "plate", "陕c·d1234挂", "陕*·****4挂"),
        ("陕AD12345", "plate", "陕AD12345", "陕*****45"),
    ],
)
def test_found_and_covered(words: str, kind: str, found: str, covered: str) -> None:
    (only,) = find_personal(words)
    assert (only.kind, only.text, words[only.start : only.end]) == (kind, found, found)
    assert cover(words, [only]) == covered


@pytest.mark.parametrize(
    "words",
    [
        "路灯坏了三天",
        "2026年11月20日 19:12",
        "编号 3-1197,K7QM-3XZP",
        "610303001001 是宝石的代码",
        "水表读数 12345678901234",
        "610303198013451234",  # no such month
        "二维码 61030319800101123456",
        "22812341234",
        "12812341234",
    ],
)
def test_other_numbers_are_left_alone(words: str) -> None:
    assert find_personal(words) == []


def test_several_in_one_sentence_come_in_order() -> None:
    words = "陕C12345的车主13812341234,证件610303198001011234,或13912345678"
    assert [each.kind for each in find_personal(words)] == ["plate", "phone", "id_number", "phone"]
    assert (
        cover(words, find_personal(words)) == "陕****45的车主138****1234,证件6103**********1234,或139****5678"
    )
    assert find_personal(cover(words, find_personal(words))) == []


def test_one_find_can_be_left_open() -> None:
    words = "13812341234 和 13912345678"
    first, _ = find_personal(words)
    assert cover(words, [first]) == "138****1234 和 13912345678"


@given(st.text("陕C138 -x.１２路0", max_size=60))
def test_any_words_can_be_searched(words: str) -> None:
    found = find_personal(words)
    assert len(cover(words, found)) == len(words)
    assert all(isinstance(each, Found) and words[each.start : each.end] == each.text for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
