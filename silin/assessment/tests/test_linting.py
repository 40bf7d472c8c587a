"""What may not stand in a catalogue, and that the sample holds to it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from silin.assessment.linting import problems
from silin.assessment.models import Catalogue, Heading, Indicator
from silin.assessment.sample import load_sample

pytestmark = pytest.mark.django_db
CLOSED = "count(matter.closed, on_time)"
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"num": "count(matter.closed, on_tiem)"}, "not_read", "第 1 行"),
    ({"den": "passing(count(matter.closed) >= 3)"}, "not_read", "passing()"),
    ({"den": ""}, "no_denominator", "分母"),
    ({"better": "down", "missing": "zero", "red": 30, "yellow": 10}, "missing", "不计"),
    ({"scoring": {"points": 3}}, "rule", "规则"),
    ({"scoring": {"points": 3, "magic": 4}}, "rule", "规则"),
    ({"scoring": {"points": 3, "banded": [[0, 50, 0], [60, None, 3]]}}, "bands", "相接"),
    ({"scoring": {"points": 3, "banded": [[0, 50, 0], [50, 90, 3]]}}, "bands", "相接"),
    ({"scoring": {"points": 3, "banded": [[0, 50, 0], [50, None, 2]]}}, "bands", "满分"),
    ({"scoring": {"points": 3, "linear": {"floor": 80, "target": 80}}}, "rule", "满分值"),
    ({"red": 95, "yellow": 80}, "lights", "红灯"),
    ({"scoring": {"points": 3, "linear": {"floor": 95, "target": 70}}}, "lights", "更差"),
    ({"num": "3", "den": "4"}, "no_source", "事实簿"),
    ({"source": "survey"}, "source", "来源"),
    ({"lead": ""}, "no_lead", "牵头"),
    ({"title_zh": "居民群接龙回复率"}, "burden", "签到"),
    ({"title_zh": "网格员每日签到率"}, "burden", "签到"),
    ({"num": "count(matter.reviewed, grade == 5)"}, "ratings", "平均"),
    ({"num": "count(matter.raised)", "better": "down", "red": 9, "yellow": 3}, "self_reported", "没人"),
    ({"code": "S1.9.1"}, "no_item", "S1.9"),
    ({"code": "S1.1.2"}, "twice", "两次"),
    ({"scoring": {"points": 9, "linear": {"floor": 70, "target": 95}}}, "sum", "100"),
]


@pytest.fixture
def catalogue() -> Catalogue:
    load_sample()
    return Catalogue.objects.get()


def test_the_sample_has_its_shape_and_nothing_wrong(catalogue: Catalogue) -> None:
    headings, indicators = list(catalogue.headings.all()), list(catalogue.indicators.all())
    levels = Counter(heading.level for heading in headings)
    assert (levels["type"], levels["task"], levels["item"], len(indicators)) == (4, 16, 48, 133)
    assert problems(headings, indicators) == []
    assert catalogue.digest == catalogue.digest_of_rows()
    assert load_sample() == 0


@pytest.mark.parametrize(("changed", "code", "says"), WRONG)
def test_what_does_harm_is_named(catalogue: Catalogue, changed: dict[str, Any], code: str, says: str) -> None:
    indicators = list(catalogue.indicators.all())
    row = next(each for each in indicators if each.code == "S1.1.1")
    plain = {"num": CLOSED, "den": "count(matter.closed)", "source": "facts", "missing": "not_applicable"}
    for name, value in {**plain, **changed}.items():
        setattr(row, name, value)
    found = [each for each in problems(list(catalogue.headings.all()), indicators) if each.code == code]
    assert found, "not noticed"
    assert any(says in each.message for each in found)


def test_weights_and_proofs_are_counted_over_the_whole(catalogue: Catalogue) -> None:
    headings, indicators = list(catalogue.headings.all()), list(catalogue.indicators.all())
    next(each for each in headings if each.level == Heading.Level.TYPE).weight = 31
    for row in indicators[:9]:
        row.source = Indicator.Source.EVIDENCE
    codes = {each.code for each in problems(headings, indicators)}
    assert {"weights", "evidence", "form"} <= codes
