"""What people say in the demo: varied, in season, in plain words, filled in to the last gap."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from silin.demo.blocks import quarters
from silin.demo.fates import fates
from silin.demo.people import Names, cast
from silin.demo.plane import DATA
from silin.demo.quarrels import counts
from silin.demo.words import Saying, Speaker, foretold, leaves, talk
from tests.town import MONDAY

FIRST = date(2026, 5, 24)
STIFF = "请注意 温馨提示 进行 予以 相关部门 系统异常 ！ ! 该同志 特此 贵单位"


def told(seed: str) -> list[tuple[date, Saying, str]]:
    """1500 matters over 26 weeks as the demo mixes them: day, what was said, what was answered."""
    speaker, rng, areas = Speaker(seed), random.Random(seed), quarters()
    rows = []
    for _number in range(1500):
        area, day = rng.choice(areas), FIRST + timedelta(days=rng.randint(0, 181))
        house, lot = rng.choice(area.houses), rng.random()
        saying = (
            speaker.settle(area, house) if lot < 0.1 else speaker.say(area, house, day, worker=lot < 0.45)
        )
        rows.append((day, saying, saying.settled or speaker.pick(saying.done, rng, saying.slots)))
    return rows


@pytest.fixture(scope="module")
def rows() -> list[tuple[date, Saying, str]]:
    return told("test")


def test_no_text_comes_three_times(rows: list[tuple[date, Saying, str]]) -> None:
    assert max(Counter(saying.words for _day, saying, _done in rows).values()) <= 2
    titles = Counter(saying.title for _day, saying, _done in rows)
    assert max(titles.values()) <= 2
    assert len(titles) > 350


def test_the_whole_half_year_says_nothing_three_times(db: None) -> None:
    areas = quarters()
    homes = {area.code: list(lives) for area, _sits, lives in cast(areas, Names("city"))}
    sayings = [each.saying for each in fates(areas, homes, MONDAY, Speaker("city"), spare=counts())]
    assert len(sayings) > 6000
    for texts in ([each.title for each in sayings], [each.words for each in sayings]):
        said = Counter([*texts, *foretold()])
        assert [(text, said[text]) for text in texts if said[text] > 2] == []


def test_titles_are_short_and_everything_is_filled_in(rows: list[tuple[date, Saying, str]]) -> None:
    for _day, saying, done in rows:
        assert 0 < len(saying.title) <= 18
        assert 6 <= len(saying.words) <= 120
        assert done
        assert not set("{}<>|") & set(saying.title + saying.words + saying.spot + done)


def test_nobody_talks_like_an_office(rows: list[tuple[date, Saying, str]]) -> None:
    text = "".join(saying.title + saying.words + done for _day, saying, done in rows)
    assert not [word for word in STIFF.split() if word in text]


def test_the_season_shows(rows: list[tuple[date, Saying, str]]) -> None:
    months = {code: Counter[int]() for code in leaves()}
    for day, saying, _done in rows:
        months[saying.category][day.month] += 1
    assert set(months["heating"]) == {11}
    assert sum(months["flooding"][month] for month in (7, 8, 9)) > months["flooding"][11] * 3
    assert not months["roof_leak"][11] or months["roof_leak"][7]


def test_every_leaf_of_the_sample_has_words() -> None:
    path = Path(__file__).parents[2] / "matters" / "data" / "categories.yaml"
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {leaf["code"] for group in groups for leaf in group["children"]} == set(leaves())


def test_nobody_of_the_bulletins_is_named() -> None:
    never = yaml.safe_load((DATA / "names.yaml").read_text(encoding="utf-8"))["never"][:7]
    everything = "".join(path.read_text(encoding="utf-8") for path in (DATA / "words").glob("*.yaml"))
    assert not [name for name in never if name in everything + str(talk())]


def test_the_same_words_each_time(rows: list[tuple[date, Saying, str]]) -> None:
    assert told("test") == rows
