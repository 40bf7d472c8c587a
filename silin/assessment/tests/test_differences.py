"""What a version says otherwise than another names every row and field that differs, and no other."""

from __future__ import annotations

import pytest

from silin.assessment.differences import differences
from silin.assessment.models import Catalogue, Heading, Indicator
from tests.town import Town

pytestmark = pytest.mark.django_db


def test_every_field_of_a_row_is_told(town: Town) -> None:
    rows = Catalogue.objects.get(number=1).indicators
    for name, value, words in (
        ("title_zh", "另一个名称", ("中文名称", "另一个名称")),
        ("title_en", "Another", ("英文名", "Another")),
        ("num", "count(matter.raised)", ("分子", "count(matter.raised)")),
        ("den", "", ("分母", "–")),
        ("unit", "count", ("数值单位", "个数")),
        ("better", "down", ("好坏方向", "越少越好")),
        ("min_den", 77, ("最少件数", "77")),
        ("missing", "zero", ("没有数据时", "不得分")),
        ("period", "year", ("考核周期", "年")),
        ("red", 12.5, ("红灯线", "12.5")),
        ("yellow", 13.25, ("黄灯线", "13.25")),
        ("lead", "另一个局", ("牵头单位", "另一个局")),
        ("source", "survey", ("来源", "问卷调查")),
        ("basis", "另一份文件", ("出处", "另一份文件")),
    ):
        before, after = rows.get(code="S1.3.1"), rows.get(code="S1.3.1")
        setattr(after, name, value)
        [found] = differences([before], [after])
        [(label, was, now)] = found.fields
        assert (found.code, found.sort, label, now) == ("S1.3.1", "changed", *words)
        assert was != now


def test_another_way_of_earning_points_is_told_field_by_field(town: Town) -> None:
    rows = Catalogue.objects.get(number=1).indicators
    before, after = rows.get(code="S1.3.1"), rows.get(code="S1.3.1")
    after.scoring = {"points": before.points, "deduct_event": {"lose": 0.5}}
    [found] = differences([before], [after])
    said = {label: (was, now) for label, was, now in found.fields}
    assert said["计分方法"][1] == "每件扣分"
    assert said["满分值"][1] == "–"
    assert said["每次扣分"] == ("–", "0.5")


def test_rows_that_are_new_or_gone(town: Town) -> None:
    catalogue = Catalogue.objects.get(number=1)
    sorts: list[list[Heading] | list[Indicator]] = [
        list(catalogue.headings.all()),
        list(catalogue.indicators.all()),
    ]
    for rows in sorts:
        assert differences(rows, rows) == []
        for at, row in enumerate(rows):
            rest = [*rows[:at], *rows[at + 1 :]]
            assert [(each.code, each.sort) for each in differences(rows, rest)] == [(row.code, "gone")]
            assert [(each.code, each.sort) for each in differences(rest, rows)] == [(row.code, "new")]
