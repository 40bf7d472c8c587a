"""How Chinese is spoken, for search: the syllables of a word, and of a person's name with its surname."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from silin.lib.text import HAN

ODD = """
万俟 mo qi, 尉迟 yu chi, 长孙 zhang sun, 澹台 tan tai, 令狐 ling hu, 
乐正 yue zheng, 单 shan, 仇 qiu, 解 xie, 查 zha,
曾 zeng, 区 ou, 任 ren, 朴 piao, 盖 ge, 翟 zhai, 缪 miao, 秘 bi, 繁 po, 折 she,
员 yun, 召 shao, 种 chong, 冼 xian, 洗 xian, 黑 he, 乜 nie, 晁 chao, 宓 fu, 郇 xun,
隗 wei, 牟 mou, 阚 kan, 宁 ning, 覃 qin, 卜 bu, 沈 shen, 贾 jia, 瞿 qu, 句 gou,
那 na, 盛 sheng, 车 che, 强 qiang, 乐 yue, 占 zhan, 哈 ha, 适 kuo,
谌 shen, 祭 zhai, 郗 chi, 都 du, 佴 nai
"""
SURNAMES = {sign: said for sign, _, said in (each.strip().partition(" ") for each in ODD.split(","))}
"""What a sign says where it is a surname and would be read as the everyday word, or might be."""

SOUNDS = Path(__file__).parent / "sounds.txt"
UNIT = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
SIGN = re.compile(f"[{HAN}]")
MARKS = str.maketrans({"ü": "v", "Ü": "v"})


class Sound(NamedTuple):
    """One Chinese sign, or one word in letters or digits, and how it is said."""

    sign: str
    said: str

    @property
    def initial(self) -> str:
        """The first letter of what is said; a word in letters or digits stays whole."""
        return self.said if self.sign == self.said else self.said[:1]


def plain(text: str) -> str:
    """Narrow, small letters, ``ü`` as it is typed (``v``)."""
    return unicodedata.normalize("NFKC", text).casefold().translate(MARKS)


def sounds(text: str) -> list[Sound]:
    """The signs of ``text`` with their syllables: ``榆树3号`` gives yu, shu, 3, hao.

    A sign with several readings is read as its neighbours ask (``重庆路``: chong). What is neither a letter,
    a digit nor Chinese is left out.
    """
    return _with(units(text), [])


def units(text: str) -> list[str]:
    """The signs and words of ``text``, each of which ``sounds`` gives a syllable."""
    return UNIT.findall(plain(text))


def name_sounds(name: str) -> list[Sound]:
    """As ``sounds``, the beginning read as a surname: ``单雄信`` is shan, ``尉迟恭`` yu chi."""
    parts = units(name)
    whole = "".join(parts)
    surname = next((each for each in SURNAMES if len(parts) > 1 and whole.startswith(each)), "")
    return _with(parts, SURNAMES[surname].split() if surname else [])


def _with(parts: list[str], known: list[str]) -> list[Sound]:
    """Each unit with its syllable; ``known`` are those of the first units."""
    said = known + [syllable for run in _runs(parts[len(known) :]) for syllable in _said(run)]
    return [Sound(unit, syllable) for unit, syllable in zip(parts, said, strict=True)]


def _runs(parts: list[str]) -> list[list[str]]:
    """Neighbouring Chinese signs together, since one helps to read the other."""
    runs: list[list[str]] = []
    for unit in parts:
        if runs and _is_han(unit) and _is_han(runs[-1][-1]):
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return runs


def _said(run: list[str]) -> list[str]:
    """The syllables of a run; of two phrases that begin with one sign the longer counts."""
    if not _is_han(run[0]):
        return run
    text, at, said = "".join(run), 0, list[str]()
    while at < len(text):
        known, longest = _known(text[at])
        for end in range(min(len(text), at + longest), at, -1):
            if text[at:end] in known:
                said += known[text[at:end]]
                break
        at = end
    return said


@lru_cache(maxsize=1_000)
def _known(sign: str) -> tuple[dict[str, list[str]], int]:
    """A sign and the phrases that begin with it, each with its syllables; how long they are at most.

    A sign that nobody knows how to say stands for itself.
    """
    alone, *tails = _lines().get(sign, sign).split("\t")
    said = {sign: [alone]}
    for phrase, _gap, odd in (each.partition(" ") for each in tails):
        said[sign + phrase] = odd.split() or [alone, *(_alone(each) for each in phrase)]
    return said, max(map(len, said))


def _alone(sign: str) -> str:
    return _lines().get(sign, sign).partition("\t")[0]


@cache
def _lines() -> dict[str, str]:
    """``sounds.txt`` by its signs: the readings of the package pypinyin (MIT), written down by their test.

    A line is a sign, its syllable and how the phrases go on that begin with it, with their syllables where
    the signs alone would be said otherwise. So they take 11 MB of a process; in the package it was 55.
    """
    lines = SOUNDS.read_text(encoding="utf-8").splitlines()
    return {sign: sys.intern(rest) for sign, _tab, rest in (line.partition("\t") for line in lines)}


def _is_han(unit: str) -> bool:
    return SIGN.match(unit) is not None
