"""Somebody's words: what is kept of them and how they are found again."""

from __future__ import annotations

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from silin.lib.refusal import Refused
from silin.lib.text import bigrams, clean_words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  路灯坏了 \n", "路灯坏了"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("cafe\u0301", "café"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("\ufeff路灯", "路灯"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\ud800", ""),
    ],
)
def test_what_is_kept(typed: str, kept: str) -> None:
    assert clean_words(typed, field="words") == kept


@given(st.text(max_size=300))
def test_clean_words_stay_as_they_are(text: str) -> None:
    once = clean_words(text, field="words")
    assert clean_words(once, field="words") == once
    assert unicodedata.is_normalized("NFC", once)


def test_too_many_characters_are_counted() -> None:
    with pytest.raises(Refused) as refused:
        clean_words("灯" * 20_000, field="words")
    assert (refused.value.code, refused.value.field) == ("too_long", "words")
    with translation.override("en"):
        assert str(refused.value.message) == "Too long by 18000: there is room for 2000 characters."
    assert clean_words("灯" * 2000, field="words") == "灯" * 2000


@pytest.mark.parametrize(("typed", "least"), [("", 1), (" \n\x00 ", 1), ("灯", 4)])
def test_too_few_characters(typed: str, least: int) -> None:
    with pytest.raises(Refused) as refused:
        clean_words(typed, field="why", at_least=least)
    assert (refused.value.code, refused.value.field) == ("missing", "why")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("路灯坏了", ["路灯", "灯坏", "坏了"]),
        ("灯", ["灯"]),
        ("3号楼LED灯，ＬＥＤ！", ["3", "号楼", "led", "灯"]),
        ("路灯 路灯", ["路灯"]),
        ("snake_case", ["snake", "case"]),
        ("𠮷野家", ["𠮷野", "野家"]),
        ("", []),
        ("……", []),
    ],
)
def test_bigrams(text: str, tokens: list[str]) -> None:
    assert bigrams(text) == tokens


@given(st.text("路灯坏了三天楼", min_size=2, max_size=30), st.data())
def test_every_piece_of_two_or_more_is_found(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(begin + 2, len(text)))
    assert set(bigrams(text[begin:end])) <= set(bigrams(text))
