"""The list of the year comes in as a spreadsheet: a dry run, an error sheet, each line once."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet, scope_of
from silin.imports.models import Batch
from silin.imports.undoing import undo
from silin.kinds.rectification.actions import plan
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.tests.conftest import MEASURE, in_days
from silin.lib.sheets.writing import export_csv
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.people.actions import add_post, appoint
from tests.town import Town, person

HEADS = "社区代码,序号,问题,问题描述,整改时限,指标代码"


@pytest.fixture
def peopled(town: Town, now: datetime) -> Town:
    """The town with somebody at the desk of the other community too."""
    post = add_post("community_desk", town.other, actor=None, now=now)
    appoint(post, person("河沿值班小孙"), actor=None, now=now)
    return town


def sent(town: Town, now: datetime, *lines: str) -> Batch:
    data = "\n".join([HEADS, *lines]).encode()
    return upload(get_sheet("rectifications"), town.street, data, name="2026.csv", by=town.guo, now=now)


def lines(town: Town, now: datetime) -> list[str]:
    day = in_days(now, 90).isoformat()
    return [
        f"{town.community.code},2026-01,楼道堆物,两个单元堆满纸箱,{day},S1.1.1",
        f"{town.other.code},2026-01,没有议事记录,一年没开过议事会,{day},",
    ]


def test_each_line_becomes_one_task(peopled: Town, now: datetime) -> None:
    town = peopled
    batch = sent(town, now, *lines(town, now))
    assert Matter.objects.count() == 0, "a dry run sets nothing"
    page = Client()
    page.force_login(town.guo)
    assert "没有议事记录" in page.get(f"/desk/imports/batches/{batch.pk}/").text
    commit(batch, by=town.guo, now=now)
    assert Matter.objects.count() == 2
    row = Rectification.objects.get(unit=town.community)
    assert (row.own_number, row.reference, row.self_reported) == ("2026-01", "S1.1.1", False)
    assert row.setter is not None
    assert row.setter.kind_id == "street_duty"
    plan(row.matter, By(town.li, now, words=MEASURE), in_charge="李建民", done_by=in_days(now, 9))
    again = sent(town, now, *lines(town, now))
    assert again.new == again.changed == 0
    assert Matter.objects.count() == 2


def test_what_is_wrong_is_said_at_its_cell(peopled: Town, now: datetime) -> None:
    town = peopled
    commit(sent(town, now, *lines(town, now)), by=town.guo, now=now)
    first, _second = lines(town, now)
    day = in_days(now, 90).isoformat()
    batch = sent(
        town,
        now,
        first.replace("楼道堆物", "楼道堆杂物"),
        f"{town.community.code},2026-02,飞线充电,拉线,2020-01-01,",
        f"{town.grid.code},2026-03,飞线充电,拉线,{day},",
        f"{town.county.code},2026-04,飞线充电,拉线,{day},",
        f"{town.community.code},2026-05,飞线充电,拉线,{day},",
    )
    assert (batch.new, batch.bad) == (1, 4)
    assert Matter.objects.count() == 2


def test_a_list_is_taken_back_but_for_what_was_begun(peopled: Town, now: datetime) -> None:
    town = peopled
    batch = commit(sent(town, now, *lines(town, now)), by=town.guo, now=now)
    row = Rectification.objects.get(unit=town.community)
    plan(row.matter, By(town.li, now, words=MEASURE), in_charge="李建民", done_by=in_days(now, 9))
    undone = undo(batch, by=town.guo, now=now)
    assert (undone.removed, undone.stayed) == (1, 1)
    assert sorted(Matter.objects.values_list("state", flat=True)) == ["in_hand", "withdrawn"]
    commit(sent(town, now, *lines(town, now)), by=town.guo, now=now)
    assert Matter.objects.filter(state="assigned").count() == 1, "the number is free again"


def test_what_was_set_goes_out_as_it_was_set(peopled: Town, now: datetime) -> None:
    town = peopled
    commit(sent(town, now, *lines(town, now)), by=town.guo, now=now)
    sheet = get_sheet("rectifications")
    rows = sheet.load(scope_of(town.street, town.guo, now))
    text = "".join(export_csv(sheet, rows.values()))
    data = text.encode()
    batch = upload(sheet, town.street, data, name="again.csv", by=town.guo, now=now)
    assert (batch.new, batch.changed, batch.bad) == (0, 0, 0)
