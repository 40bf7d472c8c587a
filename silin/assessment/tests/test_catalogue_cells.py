"""What clerks really write into the cells of the catalogue, and what each of them is told at its place."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from silin.assessment.drafting import open_draft, set_row
from silin.assessment.models import Catalogue
from silin.assessment.sample import load_sample
from silin.assessment.tests.test_catalogue_sheet import (
    HEADINGS,
    INDICATORS,
    ON_TIME,
    brought_in,
    changed,
    exported,
    one,
    problems_of,
    sent,
    setting,
    table,
    told,
)
from silin.imports.models import BatchState
from silin.imports.undoing import undo
from silin.lib.tests.test_sheets import comma, ods, xls
from tests.town import MONDAY, Town, build
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
GRIDS_STAFFED, HOUSEHOLDS = "S1.1.1", "S1.1.2"
HEADS = ["指标编码", "红灯", "黄灯"]
NEW = {
    "指标编码": "S1.3.9",
    "指标名称": "夜间照明完好率",
    "分子": "count(matter.closed, on_time)",
    "分母": "count(matter.closed)",
    "计量单位": "百分比",
    "好坏方向": "越多越好",
    "计分方法": "按比例",
    "满分": 2,
    "零分线": 60,
    "目标值": 95,
    "红灯": 70,
    "黄灯": 90,
    "最少件数": 1,
    "没有数据时": "不计",
    "考核周期": "月",
    "来源": "日常工作",
    "牵头部门": "市住建局",
}


@pytest.fixture
def town() -> Town:
    """The town with the sample; nobody takes part yet."""
    built = build()
    load_sample()
    return built


@pytest.fixture
def zhou(town: Town) -> Client:
    return client_of(town.zhou)


@pytest.mark.parametrize(
    ("cells", "at", "words"),
    [
        ({"分子": "count(matter.closd)"}, "分子", "“matter.closed”？（第 1 行第 7 个字）"),
        ({"分子": "count(matter.closed"}, "分子", "第 1 行"),
        ({"分子": "__import__('os').system('x')"}, "分子", "第 1 行"),
        ({"分母": "passing(count(matter.closed) > 0)"}, "分母", "passing()"),
        ({"分子": "=A1&B1"}, "分子", "要填"),
        ({"分子": "count(round.due)", "分母": ""}, "分母", "分母"),
        ({"满分值": ""}, "满分值", "满分值"),
        ({"满分值": "70"}, "满分值", "不能相同"),
        ({"分值": "0"}, "分值", "大于 0"),
        ({"分值": "3%"}, "分值", "“3%”"),
        ({"满分值": "1e400"}, "满分值", "1e+400"),
        ({"满分值": "1e999999"}, "满分值", "1e+999999"),
        ({"满分值": "NaN"}, "满分值", "NaN"),
        ({"满分值": "九十五"}, "满分值", "九十五"),
        ({"红灯线": "96"}, "红灯线", "黄灯"),
        ({"牵头单位": ""}, "牵头单位", "牵头单位"),
        ({"计分方法": "看着给"}, "计分方法", "看着给"),
        ({"计分方法": "分档计分", "分档": "0到600分"}, "分档", "0–600: 2"),
        ({"计分方法": "分档计分", "分档": "0-60: 1; 70-: 4"}, "分档", "相接"),
        ({"中文名称": "居民群接龙参与率"}, "中文名称", "不是为居民办事"),
        ({"来源": "问卷调查"}, "来源", "日常工作"),
        ({"中文名称": ""}, "中文名称", "中文名称"),
    ],
)
def test_each_mistake_is_told_at_its_cell(
    zhou: Client, town: Town, cells: dict[str, Any], at: str, words: str
) -> None:
    found = problems_of(zhou, town, changed(exported(zhou), setting(**cells)))
    assert list(found) == [at], found
    assert words in found[at], found
    assert len(found[at]) < 300
    assert not Catalogue.objects.filter(published_at=None).exists()


@pytest.mark.parametrize("percent", ["85%", "８５％", "85.0", " 85 % "])
def test_a_percent_sign_is_taken_off_where_the_unit_is_percent(
    zhou: Client, town: Town, percent: str
) -> None:
    batch = sent(zhou, town, changed(exported(zhou), setting(红灯线=percent)))
    assert batch.bad == 0, batch.shown
    assert brought_in(zhou, batch) == 302
    assert one().red == 85


def test_elsewhere_a_percent_sign_is_refused(zhou: Client, town: Town) -> None:
    data = changed(exported(zhou), setting(红灯线="95%"), HOUSEHOLDS)
    assert "不是百分比" in problems_of(zhou, town, data)["红灯线"]


@pytest.mark.parametrize("write", [xls, ods, comma])
def test_an_offices_own_short_table_will_do(zhou: Client, town: Town, write: Any) -> None:
    batch = sent(zhou, town, write([HEADS, [ON_TIME, "８５", "95"]]), name="指标")
    assert (batch.changed, batch.bad) == (1, 0), batch.shown
    assert "还没有社区参加考核" in told(zhou, batch)
    assert brought_in(zhou, batch) == 302
    assert (one().red, one().yellow) == (85, 95)


def test_text_that_wants_to_be_more_stays_text(zhou: Client, town: Town) -> None:
    name = '<script>alert(1)</script>"=1+1'
    batch = sent(zhou, town, changed(exported(zhou), setting(出处=name)))
    assert "<script>alert" not in told(zhou, batch)
    assert brought_in(zhou, batch) == 302
    assert one().basis == name
    assert sent(zhou, town, exported(zhou, form="csv"), name="a.csv").changed == 0


def test_another_rule_needs_other_cells_and_leaves_the_old_ones_behind(zhou: Client, town: Town) -> None:
    batch = sent(zhou, town, changed(exported(zhou), setting(计分方法="达标计分")))
    assert batch.bad == 0, batch.shown
    assert brought_in(zhou, batch) == 302
    assert one().scoring == {"points": 4, "threshold": 95}
    assert sent(zhou, town, exported(zhou)).changed == 0
    found = problems_of(zhou, town, table([["代码", "零分值"], [ON_TIME, 70]]))
    assert "用不到" in found["零分值"]
    bands = setting(计分方法="分档计分", 分档="０至80：0；80~95：2; 95-:4", 满分值="")
    assert brought_in(zhou, sent(zhou, town, changed(exported(zhou), bands))) == 302
    assert one().scoring["banded"] == [[0, 80, 0], [80, 95, 2], [95, None, 4]]
    assert sent(zhou, town, exported(zhou)).changed == 0


def test_decimals_beyond_the_column_stay_as_they_are(zhou: Client, town: Town) -> None:
    open_draft(actor=town.zhou, now=MONDAY)
    row = one()
    row.red = 66.66666666666667
    row.scoring = {"points": 4, "linear": {"floor": 33.333333333333336, "target": 95}}
    set_row(row, actor=town.zhou, now=MONDAY)
    assert sent(zhou, town, exported(zhou)).changed == 0
    batch = sent(zhou, town, changed(exported(zhou), setting(满分值="96")))
    assert [cell["title"] for cell in batch.shown["changes"][0]["cells"]] == ["满分值"]
    assert brought_in(zhou, batch) == 302
    assert one().scoring["linear"] == {"floor": 33.333333333333336, "target": 96}
    assert one().red == 66.66666666666667


def test_a_new_indicator_goes_into_the_draft_and_can_be_taken_back(zhou: Client, town: Town) -> None:
    batch = sent(zhou, town, table([list(NEW), list(NEW.values())]))
    assert (batch.new, batch.bad) == (1, 0), batch.shown
    assert "平安型社区：分值合计 102，不是 100" in told(zhou, batch), batch.shown["notes"]
    assert brought_in(zhou, batch) == 302
    row = one("S1.3.9")
    assert (row.item, row.title_en, row.scoring["linear"]) == ("S1.3", "", {"floor": 60, "target": 95})
    codes = [each.code for each in row.catalogue.indicators.all()]
    assert codes[codes.index("S1.3.9") - 1].startswith("S1.3.")
    assert codes[codes.index("S1.3.9") + 1] == "S2.1.1"
    batch.refresh_from_db()
    undone = undo(batch, by=town.zhou, now=MONDAY)
    assert (undone.removed, undone.stayed) == (1, 0)
    assert "S1.3.9" not in [each.code for each in row.catalogue.indicators.all()]
    assert undone.state == BatchState.UNDONE


def test_what_a_file_changed_is_put_back_in_the_draft_only(zhou: Client, town: Town) -> None:
    batch = sent(zhou, town, changed(exported(zhou), setting(红灯线="85")))
    assert brought_in(zhou, batch) == 302
    answer = zhou.post(f"/desk/imports/batches/{batch.pk}/", {"do": "undo"})
    assert answer.status_code == 409
    assert "丢弃草稿" in answer.content.decode()
    assert one().red == 85


@pytest.mark.parametrize(
    ("code", "words"), [("S1.99.1", "S1.99"), ("s1.3.9", "S1.2.3"), ("S1.3", "S1.2.3"), ("X1.1.1", "X1.1")]
)
def test_a_new_code_stands_under_one_that_is_there(zhou: Client, town: Town, code: str, words: str) -> None:
    cells = {**NEW, "指标编码": code}
    assert words in problems_of(zhou, town, table([list(cells), list(cells.values())]))["代码"]


def test_a_whole_new_branch_comes_in_whatever_stands_first(zhou: Client, town: Town) -> None:
    heads = ["代码", "层级", "名称", "牵头单位", "权重"]
    rows: list[list[Any]] = [
        ["X1.1", "项目", "楼宇服务", "市商务局", 0],
        ["X1", "任务", "商圈", "市商务局", 0],
        ["X", "类型", "活力型社区", "市商务局", "10%"],
    ]
    batch = sent(zhou, town, table([heads, *rows]), HEADINGS)
    assert (batch.new, batch.bad) == (3, 0), batch.shown
    assert "权重合计不是 100" in told(zhou, batch), batch.shown["notes"]
    assert brought_in(zhou, batch) == 302
    draft = Catalogue.objects.draft()
    assert draft is not None
    assert draft.headings.get(code="X").weight == 10
    assert draft.headings.count() == 71
    assert sent(zhou, town, exported(zhou, HEADINGS), HEADINGS).changed == 0
    new = {**NEW, "指标编码": "X1.1.1"}
    assert sent(zhou, town, table([list(new), list(new.values())])).bad == 0
    batch.refresh_from_db()
    undone = undo(batch, by=town.zhou, now=MONDAY)
    assert (undone.removed, undone.stayed) == (3, 0), undone.shown
    found = problems_of(zhou, town, table([heads, ["S1.9", "任务", "不对", "", 0]]), HEADINGS)
    assert "S1.2" in found["代码"]


def test_a_file_may_not_say_a_line_twice(zhou: Client, town: Town) -> None:
    data = table([HEADS, [ON_TIME, 85, 95], ["Ｓ1.3.1", 84, 95]])
    assert "第 2 行" in problems_of(zhou, town, data)["代码"]


def test_where_there_is_no_catalogue_it_is_said(zhou: Client, town: Town) -> None:
    Catalogue.objects.all().delete()
    file = SimpleUploadedFile("a.xlsx", table([HEADS, [ON_TIME, 85, 95]]))
    answer = zhou.post(INDICATORS, {"place": town.city.code, "file": file})
    assert answer.status_code == 400
    assert "还没有指标体系" in answer.content.decode()
