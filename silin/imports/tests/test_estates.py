"""The register of estates, buildings, figures and facilities at the desk, from spreadsheet to spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client

from silin.history.models import Entry
from silin.imports.models import Batch
from silin.imports.tests.files import sent, xlsx
from silin.imports.tests.test_desk import body, decide
from silin.places.estate_actions import Said, add_figure, set_entrance
from silin.places.facility_actions import add_block, add_facility
from silin.places.hours import parse_hours
from silin.places.models import Building, Estate, EstateFigure, Facility, FacilityKind
from tests.town import MONDAY, Town

Rows = Sequence[Sequence[Any]]
ESTATES = ["社区代码", "小区名称", "建成年份", "没有物业管理", "改造情况"]
BUILDINGS = ["社区代码", "小区名称", "楼号", "网格编号", "单元数", "层数", "经度", "纬度"]
FIGURES = ["社区代码", "小区名称", "项目", "截至哪天", "数量", "谁说的"]
FACILITIES = ["社区代码", "种类", "名称", "具体位置", "街区", "开放时间"]


@pytest.fixture
def full(town: Town) -> Town:
    """The town with something in each of the tables."""
    estate = town.building.estate
    add_figure(estate, Said("lifts", 2, date(2026, 5, 6), "物业公司"), actor=None, now=MONDAY)
    add_figure(estate, Said("lifts", 3, date(2026, 5, 6), "现场清点"), actor=None, now=MONDAY)
    values = {
        "kind": FacilityKind.objects.get(pk="pharmacy"),
        "name": "柳巷药店",
        "block": add_block(town.community, "柳巷东段", actor=None, now=MONDAY),
        "hours": parse_hours("周一至周五 8:30-18:00"),
        "lon": 107.123456789,
        "lat": 34.3,
    }
    add_facility(town.grid, values, actor=None, now=MONDAY)
    return town


def send(client: Client, town: Town, key: str, rows: Rows) -> Batch:
    """Send a spreadsheet for the whole city; the batch that came of it."""
    answer = client.post(f"/desk/imports/{key}/", {"place": town.city.code, "file": sent(xlsx(rows))})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def bring(client: Client, town: Town, key: str, rows: Rows) -> tuple[int, int]:
    """Send and bring in; how many are new and how many changed. Sent again, nothing is."""
    batch = send(client, town, key, rows)
    assert batch.bad == 0, batch.shown
    decide(client, batch, "all")
    again = send(client, town, key, rows)
    assert (again.new, again.changed, again.bad) == (0, 0, 0), again.shown
    return batch.new, batch.changed


def unchanged(client: Client, town: Town, key: str, rows: int) -> None:
    """What is exported comes back as it is."""
    for query in ("", "?form=csv"):
        data = body(client.get(f"/desk/imports/{key}/export/{query}"))
        answer = client.post(f"/desk/imports/{key}/", {"place": town.city.code, "file": sent(data, key)})
        assert answer.status_code == 302
        batch = Batch.objects.latest("pk")
        assert (batch.new, batch.changed, batch.unchanged, batch.bad) == (0, 0, rows, 0), batch.shown


def problems(client: Client, town: Town, key: str, rows: Rows) -> list[tuple[int, str]]:
    """Line and words of what is wrong; nothing of it can be brought in whole."""
    batch = send(client, town, key, rows)
    assert "有错" in decide(client, batch, "all", status=409)
    return [(each["line"], each["words"]) for each in batch.shown["problems"]]


def test_wide_digits_name_the_same_as_plain_ones(zhou: Client, town: Town) -> None:
    row = [town.community.code, "柳巷家园", "１１", town.grid.code, "2", "6", "", ""]
    assert bring(zhou, town, "buildings", [BUILDINGS, row]) == (1, 0)
    assert bring(zhou, town, "buildings", [BUILDINGS, [*row[:2], "11", *row[3:]]]) == (0, 0)
    assert Building.objects.get(number="11").floors == 6
    twice = [[*row[:2], each, *row[3:]] for each in ("１２Ａ", "12A")]
    [(line, words)] = problems(zhou, town, "buildings", [BUILDINGS, *twice])
    assert (line, "第 2 行" in words) == (3, True)


def test_what_stands_here_in_wide_digits_is_met_in_either_spelling(zhou: Client, full: Town) -> None:
    """As an earlier version let it in: nothing is renamed by the way, and nothing is there twice."""
    Estate.objects.update(name="柳巷家园２期")
    Building.objects.filter(pk=full.building.pk).update(number="５")
    unchanged(zhou, full, "buildings", 1)
    unchanged(zhou, full, "estate_figures", 1)
    row = [full.community.code, "柳巷家园2期", "5", full.grid.code, "2", "9", "", ""]
    assert bring(zhou, full, "buildings", [BUILDINGS, row]) == (0, 1)
    full.building.refresh_from_db()
    assert (full.building.number, full.building.floors) == ("５", 9)
    row[1:3] = "柳巷家园２期", "６"
    assert bring(zhou, full, "buildings", [BUILDINGS, row]) == (1, 0)
    Building.objects.create(estate=full.building.estate, grid=full.grid, number="5", entrances=1, floors=3)
    unchanged(zhou, full, "buildings", 3)


@pytest.mark.parametrize("key", ["estates", "buildings", "estate_figures", "facilities"])
def test_what_is_exported_changes_nothing(zhou: Client, full: Town, key: str) -> None:
    entries = Entry.objects.count()
    unchanged(zhou, full, key, 1)
    assert Entry.objects.count() == entries


def test_estates(zhou: Client, full: Town) -> None:
    code = full.community.code
    rows = [ESTATES, [code, "柳巷家园", "1986年", "是", ""], [code, "老厂家属院", "", "", "已列入计划"]]
    assert bring(zhou, full, "estates", rows) == (1, 1)
    known = Estate.objects.get(name="柳巷家园")
    assert (known.pk, known.built_year, known.no_manager) == (full.building.estate_id, 1986, True)
    assert Estate.objects.called("laochang").get().renewal == "planned", "it is found by its name"
    bad = [ESTATES, ["990102009001", "别处", "", "", ""], [code, "新城", "2199", "", ""]]
    [(one, where), (two, when)] = problems(zhou, full, "estates", bad)
    assert (one, two) == (2, 3)
    assert "没有这个代码的社区" in where
    assert "那一年还没到" in when


def test_buildings(zhou: Client, full: Town) -> None:
    code, grid = full.community.code, full.grid.code
    rows = [
        BUILDINGS,
        [code, "柳巷家园", "5", grid, "", "7层", "", ""],
        [code, "柳巷家园", "10A", grid, "2个", "18", "107.1051", "34.3051"],
    ]
    assert bring(zhou, full, "buildings", rows) == (1, 1)
    known, new = Building.objects.order_by("pk")
    assert (known.pk, known.entrances, known.floors, known.lon) == (full.building.pk, 3, 7, None)
    assert (new.number, new.grid, new.entrances, new.lon) == ("10A", full.grid, 2, 107.1051)
    for number in ("1", "2"):
        set_entrance(new, number, {}, actor=None, now=MONDAY)
    bad = [
        BUILDINGS,
        [code, "没有的小区", "1", grid, "1", "6", "", ""],
        [code, "柳巷家园", "1", full.other_grid.code, "1", "6", "", ""],
        [code, "柳巷家园", "10A", grid, "1", "18", "", ""],
        [code, "柳巷家园", "11", grid, "1", "6", "107.1", ""],
    ]
    found = problems(zhou, full, "buildings", bad)
    assert [line for line, _words in found] == [2, 3, 4, 5]
    wanted = ("没有这个名称的小区", "没有这个编号的网格", "已经逐个登记了 2 个单元", "经度和纬度要一起填")
    for (_line, words), part in zip(found, wanted, strict=True):
        assert part in words
    assert Building.objects.count() == 2


def test_figures_stay_when_others_follow(zhou: Client, full: Town) -> None:
    code = full.community.code
    rows = [
        FIGURES,
        [code, "柳巷家园", str(EstateFigure.Name.LIFTS.label), "2026-05-06", "4", "物业公司"],
        [code, "柳巷家园", str(EstateFigure.Name.PARKING.label), "2026.10.1", "120", "物业公司"],
    ]
    assert bring(zhou, full, "estate_figures", rows) == (1, 1)
    lifts = EstateFigure.objects.filter(name="lifts").order_by("pk")
    assert list(lifts.values_list("value", flat=True)) == [2, 3, 4]
    assert lifts.newest().get().recorded_by == full.zhou
    cameras = str(EstateFigure.Name.CAMERA_COVER.label)
    bad = [
        FIGURES,
        [code, "没有的小区", rows[1][2], "2026-05-06", "4", "物业公司"],
        [code, "柳巷家园", rows[1][2], "2199-05-06", "4", "物业公司"],
        [code, "柳巷家园", cameras, "2026-05-06", "4", "派出所"],
    ]
    found = problems(zhou, full, "estate_figures", bad)
    for (_line, words), part in zip(found, ("没有这个名称的小区", "那一天还没到", "1"), strict=True):
        assert part in words


def test_facilities(zhou: Client, full: Town) -> None:
    code = full.community.code
    rows = [
        FACILITIES,
        [full.grid.code, "药店", "柳巷药店", "", "柳巷东段", "24小时"],
        [code, "公交站", "柳巷口", "路东", "", ""],
        [code, "公交站", "柳巷口", "路西", "", ""],
    ]
    assert bring(zhou, full, "facilities", rows) == (2, 1)
    known = Facility.objects.get(name="柳巷药店")
    assert (known.hours, known.lon) == (parse_hours("24小时"), 107.123456789)
    assert known.block
    assert Facility.objects.called("liuxiangkou").count() == 2
    bad = [
        FACILITIES,
        ["990102009001", "药店", "别处的", "", "", ""],
        [code, "飞机场", "新的", "", "", ""],
        [code, "药店", "新的", "", "没有的街区", ""],
        [code, "药店", "新药店", "", "", "看心情"],
    ]
    found = problems(zhou, full, "facilities", bad)
    assert [line for line, _words in found] == [2, 3, 4, 5]
    for (_line, words), part in zip(
        found, ("没有这个代码的社区或网格", "没有这个种类", "没有这个名称的街区"), strict=False
    ):
        assert part in words
