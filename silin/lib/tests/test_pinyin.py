"""How names are said: surnames as surnames, streets as streets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.seg.mmseg import seg

from silin.lib.pinyin import MARKS, SIGN, SOUNDS, name_sounds, sounds
from silin.lib.search import LONGEST, hashed, person_keys, public_keys, query_key


def one_by_one(unknown: str) -> Any:
    """A sign that nobody knows how to say stands for itself. (The package's types forget lists.)"""
    return list(unknown)


def read(word: str) -> list[str]:
    """As the package reads it whose readings are ours."""
    return [each.translate(MARKS) for each in lazy_pinyin([word], errors=one_by_one)]


def said(text: str) -> str:
    return " ".join(each.said for each in sounds(text))


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("单雄信", "shan xiong xin"),
        ("仇英", "qiu ying"),
        ("解晓东", "xie xiao dong"),
        ("查良镛", "zha liang yong"),
        ("曾国藩", "zeng guo fan"),
        ("区小明", "ou xiao ming"),
        ("尉迟恭", "yu chi gong"),
        ("任静", "ren jing"),
        ("王单", "wang dan"),
        ("吕布", "lv bu"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti"),
        ("Anna Lü", "anna lv"),
    ],
)
def test_a_surname_is_read_as_one(name: str, spoken: str) -> None:
    assert " ".join(each.said for each in name_sounds(name)) == spoken


def test_neighbours_help_to_read_a_sign() -> None:
    assert said("重庆路") == "chong qing lu"
    assert said("重阳社区") == "chong yang she qu"
    assert said("３号楼 A座") == "3 hao lou a zuo"


@pytest.mark.parametrize(
    "typed", ["wangshuqin", "Wang Shu Qin", "王淑", "淑琴", "wsq", "shuqin", "WSQ", "sq"]
)
def test_a_person_is_found_by_runs_of_the_name(typed: str) -> None:
    assert query_key(typed) in person_keys("王淑琴")


@pytest.mark.parametrize("typed", ["王琴", "wq", "李", "wangqin", "angsh"])
def test_nobody_is_found_by_what_is_not_a_run(typed: str) -> None:
    assert query_key(typed) not in person_keys("王淑琴")


def test_both_readings_of_a_surname_find_the_person() -> None:
    assert {"shanxiongxin", "danxiongxin", "sxx", "dxx"} <= person_keys("单雄信")


@pytest.mark.parametrize(
    "typed", ["榆", "榆树", "树社", "社区", "yushu", "yus", "shushe", "yssq", "榆树社区居"]
)
def test_a_place_is_found_by_any_part(typed: str) -> None:
    assert any(key.startswith(query_key(typed)) for key in public_keys("榆树社区居民委员会"))


def test_usual_endings_make_few_keys() -> None:
    assert len(public_keys("榆树社区居民委员会")) <= 9


def test_hashed_keys_say_nothing() -> None:
    keys = hashed(person_keys("王淑琴"))
    assert len(keys) == len(person_keys("王淑琴"))
    assert all(set(key) <= set("0123456789abcdef") for key in keys)


@given(st.text(max_size=40))
def test_any_text_can_be_spelled(text: str) -> None:
    for keys in (public_keys(text), person_keys(text)):
        assert all(len(key) <= LONGEST for key in keys)
    assert query_key(text) == query_key(query_key(text))


@given(st.text(alphabet="幸福金桂榆树河沿3a", min_size=1, max_size=8), st.data())
def test_every_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    units = [each.sign for each in sounds(name)]
    begin = data.draw(st.integers(0, len(units) - 1))
    end = data.draw(st.integers(begin + 1, len(units)))
    part = query_key("".join(units[begin:end]))
    assert any(key.startswith(part) for key in public_keys(name))


def test_the_readings_are_those_of_the_package() -> None:
    signs = {sign: read(sign)[0] for sign in map(chr, PINYIN_DICT) if SIGN.match(sign)}
    tails: dict[str, list[str]] = {}
    for phrase in PHRASES_DICT:
        spoken, alone = read(phrase), [signs.get(sign, sign) for sign in phrase]
        odd = "" if spoken == alone else " " + " ".join(spoken)
        tails.setdefault(phrase[0], []).append(phrase[1:] + odd)
    rows = ([sign, signs.get(sign, sign), *sorted(tails.get(sign, []))] for sign in sorted({*signs, *tails}))
    wanted = "".join("\t".join(row) + "\n" for row in rows)
    if SOUNDS.read_text(encoding="utf-8") != wanted:
        SOUNDS.write_text(wanted, encoding="utf-8")
        pytest.fail("sounds.txt was brought up to date: look at it and commit it")


@given(st.lists(st.sampled_from(sorted(PHRASES_DICT)), max_size=6).map("".join))
def test_a_text_is_read_as_the_package_reads_it(text: str) -> None:
    """Behind a mark, since the package gives up where a text ends in the middle of a phrase."""
    words = [word for word in seg.cut(f"{text}。") if word != "。"]
    assert [each.said for each in sounds(text)] == [syllable for word in words for syllable in read(word)]
