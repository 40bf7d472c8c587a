"""Whatever a table lets in, it lets out and in again as the same: every table, ugly words in its cells."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silin.imports.actions import commit, upload
from silin.imports.flow import Checked, check, in_text, scope_of
from silin.imports.undoing import undo
from silin.lib.geodata import read_file
from silin.lib.refusal import Refused
from silin.lib.sheets.sheet import Scope, Sheet, find_sheets
from silin.lib.sheets.writing import csv_lines, export, export_csv
from silin.people.organisations import About, add_organisation
from silin.people.register import put_down_household
from silin.people.teams import AboutTeam, add_team
from silin.places.facility_actions import add_block
from silin.places.models import EstateFigure
from tests.house.world import catalogue, hotline
from tests.town import MONDAY, Town

UGLY = [
    "=1+1",
    "＝Ａ１",
    "+86 139",
    "@柳",
    "-",
    "—",
    "无",
    "0012",
    "'0",
    "'=x",
    "甲\n乙",
    "　全角 ",
    "1.0",
    "TRUE",
    "2024-05-06",
    "合计",
    '"；，,\t"',
    "_x0041_",
    "𠮷",
    "长" * 60,
]
WORDS = st.one_of(
    st.sampled_from(UGLY), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
)
YES_NO, BLANK = st.sampled_from(["是", "×", "√", "", "无"]), st.just("")
COUNT = st.sampled_from(["", "１２", "12.0", "1,200", "0"])
DAY = st.sampled_from(["", "2024年5月6日", "２０２４／５／６", "20240506", "二〇二四年五月六日"])


@pytest.fixture
def full(town: Town) -> Town:
    """The town with what the tables refer to."""
    by: dict[str, Any] = {"actor": None, "now": MONDAY}
    add_block(town.community, "柳巷东段", **by)
    add_organisation(town.community, About("柳巷居委会", "committee"), **by)
    add_team(town.community, AboutTeam("=志愿队", "patrol"), **by)
    put_down_household(town.building, entrance="1", door="0101", **by)
    hotline(MONDAY)
    catalogue()
    return town


def lines(town: Town) -> dict[str, dict[str, Any]]:
    """For each table what may stand in a line: a fixed cell, or one of many."""
    of_matters = {"duties": of_duties(town), "categories": of_categories(), "rules": of_rules(town)}
    of_matters |= {"outside_types": of_types(), "matters": of_orders()}
    of_matters |= {"rectifications": of_the_year(town)}
    return {**of_places(town), **of_people(town), **of_matters, **of_the_catalogue()}


def of_the_catalogue() -> dict[str, dict[str, Any]]:
    """The tables of what communities are assessed by."""
    name = {"中文名称": st.sampled_from(["夜间照明", "=照明", "'0"]), "英文名": WORDS, "牵头单位": "市住建局"}
    heading = {**name, "代码": "S1.9", "层级": "项目", "目标定位": "安民", "类型权重": COUNT}
    how = {"计分方法": "按比例", "分值": st.sampled_from(["２", "1.5"]), "零分值": "60%", "满分值": "９５％"}
    sums = {"分子": "count(matter.closed, on_time)", "分母": "count(matter.closed)", "出处": WORDS}
    lights = {"红灯线": "70", "黄灯线": "90.0", "最少件数": "1", "没有数据时": "不计"}
    words = {"数值单位": "百分比", "好坏方向": "越多越好", "考核周期": "月", "来源": "日常工作"}
    indicator = {**name, "代码": st.sampled_from(["S1.1.9", "S1.1.１"]), **how, **sums, **lights, **words}
    return {"headings": heading, "indicators": indicator}


def of_duties(town: Town) -> dict[str, Any]:
    """The table of duty lists."""
    what = {"哪张清单": "权责清单", "地点代码": town.community.code, "清单编号": "3.1", "清单内容": WORDS}
    return {**what, "单位": st.sampled_from(["", "柳巷居委会"]), "事项类别": "路灯不亮", "依据文件": WORDS}


def of_the_year(town: Town) -> dict[str, Any]:
    """The table of what is to be put right this year."""
    what = {"地点代码": town.community.code, "清单编号": "2026-１", "问题": WORDS, "问题描述": WORDS}
    return {**what, "整改时限": "2027年5月6日", "周期": st.sampled_from(["", "2026-Q2"]), "目标": WORDS}


def of_categories() -> dict[str, Any]:
    """The table of what matters may be about."""
    limits = {"签收给几个工作小时": st.sampled_from(["1", "8"]), "办完给几个工作日": "12.0"}
    names = {
        "代码": "snow",
        "中文名称": st.sampled_from(["积雪", "=积雪"]),
        "英文名": "Snow",
        "四型标记": "安",
        "关键词": WORDS,
    }
    return {**names, **limits, "排第几": "7", "在用": st.sampled_from(["是", "×"])}


def of_types() -> dict[str, Any]:
    """The table of what the hotline calls a matter."""
    return {"系统代码": "h12345", "在那边叫什么": WORDS, "我们的类别代码": st.sampled_from(["noise", "gas"])}


def of_orders() -> dict[str, Any]:
    """The table of the hotline's orders."""
    what = {"工单编号": st.sampled_from(["BJ-１", "=1", "0012"]), "诉求内容": WORDS, "诉求标题": WORDS}
    called = {
        "来电时间": st.sampled_from(["", "2026/10/19 8:05"]),
        "联系电话": st.sampled_from(["", "13900000074"]),
    }
    return {
        **what,
        **called,
        "诉求类型": "路灯不亮",
        "地址": WORDS,
        "是否保密": YES_NO,
        "办理时限": "3个工作日",
    }


def of_rules(town: Town) -> dict[str, Any]:
    """The table of who gets what."""
    what = {"编号": st.sampled_from(["7", "１２"]), "类别代码": st.sampled_from(["", "street_light"])}
    return {**what, "地点代码": town.community.code, "派给": "社区值班", "从哪天起": "2027年5月6日"}


def of_places(town: Town) -> dict[str, dict[str, Any]]:
    """The tables of the territory."""
    place = {"社区代码": town.community.code}
    estate, point = {**place, "小区名称": "柳巷家园"}, {"经度": "107.1", "纬度": "34.3"}
    figure, hours = (
        str(EstateFigure.Name.LIFTS.label),
        ["24小时", "周一至周五 8:30-12:00；周六 9:00-12:00", ""],
    )
    open_when = {"开放时间": st.sampled_from(hours), "启用日期": DAY}
    shop = {"种类": "药店", "名称": WORDS, "具体位置": WORDS, "街区": "柳巷东段", "电话": WORDS}
    said = {"项目": figure, "截至哪天": DAY, "多少": COUNT, "谁说的": WORDS}
    return {
        "divisions": {"代码": "990102001003", "名称": WORDS, "上级代码": "990102001000"},
        "grids": {**place, "网格名称": WORDS},
        "estates": {**place, "小区名称": WORDS, "没有物业管理": YES_NO, "哪家企业": WORDS},
        "buildings": {**estate, "楼号": WORDS, "网格编号": town.grid.code, "单元数": COUNT, **point},
        "estate_figures": {**estate, **said},
        "facilities": {**place, **shop, **open_when},
    }


def of_people(town: Town) -> dict[str, dict[str, Any]]:
    """The tables of people."""
    place, body = {"地点代码": town.community.code}, st.sampled_from(["", "柳巷居委会"])
    home = {"社区代码": town.community.code, "小区": "柳巷家园", "楼号": "5", "单元": "1单元"}
    office = {"办公电话": WORDS, "地址": WORDS, "成立时间": DAY}
    seat = {"岗位种类": "网格管家", "地点代码": town.grid.code, "第几个": st.sampled_from(["", "２", "7"])}
    term = {"从哪天起": DAY, "交叉任职": YES_NO, "来源": st.sampled_from(["", "志愿者"])}
    number, colour = {"手机号": "１３９００００００７２"}, st.sampled_from(["", "红色"])
    born = st.sampled_from(["", "１９５２年"])
    someone = {"姓名": WORDS, "手机号": st.sampled_from(["", "13900000073"])}
    return {
        "organisations": {**place, "单位名称": WORDS, "单位类别": "社会组织", "上级单位": body, **office},
        "posts": {
            **seat,
            "单位": body,
            "办公电话": WORDS,
            "姓名": WORDS,
            **number,
            **term,
            "代班人": "王淑琴",
        },
        "teams": {**place, "队伍名称": WORDS, "队伍类别": "巡逻", "颜色": colour},
        "team_members": {
            **place,
            "队伍名称": "=志愿队",
            "姓名": WORDS,
            **number,
            "队长": YES_NO,
            "加入日期": DAY,
        },
        "households": {**home, "门牌": WORDS, "单元": WORDS, "居住状态": st.sampled_from(["", "出租"])},
        "residents": {**home, "门牌": "０１０１室", **someone, "出生年份": born},
    }


def looked_at(sheet: Sheet, scope: Scope, data: bytes | str) -> Checked:
    """What a file would change."""
    return check(sheet, scope, read_file(data if isinstance(data, bytes) else data.encode()))


def assert_the_same(sheet: Sheet, scope: Scope) -> None:
    """An export of either form changes nothing when it comes back."""
    rows = list(sheet.load(scope).values())
    for data in (export(sheet, rows), "".join(export_csv(sheet, rows))):
        again = looked_at(sheet, scope, data)
        assert again.reading.problems == []
        assert again.differences.changes == []
        assert again.differences.unchanged == len(rows)


@pytest.mark.parametrize("key", [sheet.key for sheet in find_sheets()])
def test_what_is_exported_comes_back_unchanged(full: Town, key: str) -> None:
    sheet = next(sheet for sheet in find_sheets() if sheet.key == key)
    scope = scope_of(full.city, None, MONDAY)
    cells = {name: _strategy(each) for name, each in lines(full)[key].items()}
    brought = 0

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.nested_given],
    )
    @given(line=st.fixed_dictionaries(cells))
    def try_it(line: dict[str, str]) -> None:
        nonlocal brought
        with transaction.atomic():
            checked: Checked | None = None
            file = "".join(csv_lines(list(line), [list(line.values())]))
            with contextlib.suppress(Refused):
                checked = looked_at(sheet, scope, file)
            if checked is not None and not checked.reading.problems:
                sheet.lock(scope)
                sheet.write(scope, checked.differences.changes)
                brought += 1
                assert_the_same(sheet, scope)
            transaction.set_rollback(True)

    try_it()
    assert brought, "no line was good"


@pytest.mark.parametrize("key", [sheet.key for sheet in find_sheets()])
def test_what_was_brought_in_is_taken_back_without_a_trace(full: Town, key: str) -> None:
    sheet = next(sheet for sheet in find_sheets() if sheet.key == key)
    scope = scope_of(full.city, None, MONDAY)
    cells = {name: _strategy(each) for name, each in lines(full)[key].items()}
    before = {known: in_text(sheet, row) for known, row in sheet.load(scope).items()}
    tried = 0

    @settings(
        max_examples=5,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.nested_given],
    )
    @given(line=st.fixed_dictionaries(cells))
    def try_it(line: dict[str, str]) -> None:
        nonlocal tried
        file = "".join(csv_lines(list(line), [list(line.values())])).encode()
        with transaction.atomic(), contextlib.suppress(Refused):
            batch = upload(sheet, full.city, file, name="甲.csv", by=None, now=MONDAY)
            if batch.new and not batch.bad:
                undone = undo(commit(batch, by=None, now=MONDAY), by=None, now=MONDAY)
                assert (undone.removed, undone.stayed) == (1, 0), undone.shown
                assert {known: in_text(sheet, row) for known, row in sheet.load(scope).items()} == before
                tried += 1
            transaction.set_rollback(True)

    try_it()
    assert tried, "no line was new"


def _strategy(cell: Any) -> st.SearchStrategy[str]:
    return cell if isinstance(cell, st.SearchStrategy) else st.just(cell)
