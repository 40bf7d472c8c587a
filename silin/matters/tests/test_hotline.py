"""The hotline's morning: its sheet becomes matters, comes again, and goes back answered in the evening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.history.models import Entry
from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import opened, saved, sent, xlsx
from silin.matters.bookkeeping import differences
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Category, Matter, OutsideSystem, OutsideType, Ticket
from silin.matters.outside import set_type
from silin.people.actions import add_post, appoint
from silin.places.actions import add_place
from silin.places.models import Place
from tests.house.world import hotline
from tests.town import MONDAY, Town, build, person, today

HEADS = ["工单编号", "来电时间", "来电人", "联系电话", "诉求标题", "诉求内容", "诉求类型", "区域", "地址"]
HEADS += ["承办单位", "办理时限", "是否回访", "是否保密", "话务员"]
LAMP = [
    "BJ２０２６１１２７０００１",
    "2026年11月27日 8时12分",
    "王女士",
    "19900001111",
    "路灯不亮",
    "柳巷家园5号楼前面的路灯坏了三天，晚上接孩子看不见",
    "市政设施/路灯",
    "柳巷社区",
    "柳巷家园5号楼2单元301",
    "柳巷街道",
    "5个工作日",
    "是",
    "否",
    "07",
]
NOISE = ["BJ0002", "2026/11/27 8:40", "", "", "", "楼下饭馆油烟呛人，开不了窗", "", "河沿社区", "河沿北口"]
NOISE += ["", "2026-12-01", "", "是", "07"]
LOST = [
    "BJ0003",
    "2026-11-27 09:05",
    "赵先生",
    "0917-3321234",
    "垃圾没人收",
    "垃圾桶满了三天",
    "",
    "",
    "北环路",
]
LOST += ["", "", "否", "", "11"]
ROWS = [LAMP, NOISE, LOST]


@pytest.fixture
def here(db: None) -> Town:
    """The town as of today, with its hotline."""
    town = build(today())
    hotline(today())
    return town


def guo(town: Town) -> Client:
    """The clerk of the street's centre, where the hotline's sheet arrives."""
    client = Client()
    client.force_login(town.guo)
    return client


def send(client: Client, place: Place, rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> Batch:
    """Send the sheet; the batch that came of it."""
    data = {"place": place.code, "file": sent(xlsx([heads, *rows]), "热线.xlsx")}
    answer = client.post("/desk/imports/matters/", data)
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def decide(client: Client, batch: Batch, do: str = "all") -> str:
    """Press a button on the page of the batch; what it says then."""
    url = f"/desk/imports/batches/{batch.pk}/"
    client.post(url, {"do": do})
    batch.refresh_from_db()
    return client.get(url).content.decode()


def test_the_morning_sheet_becomes_matters(here: Town) -> None:
    clerk = guo(here)
    batch = send(clerk, here.street, ROWS)
    text = clerk.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    assert (batch.new, batch.bad) == (3, 0)
    assert "话务员" in text
    assert "王女士" not in text
    assert "19900001111" not in text
    decide(clerk, batch)
    assert batch.state == BatchState.COMMITTED
    lamp = Matter.objects.get(tickets__number="BJ202611270001")
    assert (lamp.title, lamp.category_id, lamp.building, lamp.spot) == (
        "路灯不亮",
        "street_light",
        here.building,
        "2单元301",
    )
    assert lamp.raiser == User.objects.by_phone("19900001111")
    assert (lamp.channel, lamp.holder, lamp.name_withheld) == ("hotline", here.worker_post, False)
    ticket = lamp.tickets.get()
    assert ticket.called_at == datetime(2026, 11, 27, 8, 12, tzinfo=MONDAY.tzinfo)
    assert ticket.due_at == datetime(2026, 12, 4, 8, 12, tzinfo=MONDAY.tzinfo)
    assert ticket.wants_call
    fumes = Matter.objects.get(tickets__number="BJ0002")
    assert (fumes.place, fumes.name_withheld, fumes.raiser) == (here.other, True, None)
    lost = Matter.objects.get(tickets__number="BJ0003")
    assert (lost.place, lost.spot, lost.raiser) == (here.street, "北环路", None)
    assert list(differences()) == []


def lamp_of_today() -> Matter:
    """The matter of the lamp."""
    return Matter.objects.get(tickets__number="BJ202611270001")


def test_the_next_morning_repeats_are_words_more_and_no_second_matter(here: Town) -> None:
    clerk = guo(here)
    decide(clerk, send(clerk, here.street, ROWS))
    again = [*LAMP[:5], "路灯还是没人修，今天有人绊倒了", *LAMP[6:12], "是", "07"]
    batch = send(clerk, here.street, [again, NOISE, ["BJ0009", *LOST[1:5], "楼道灯也坏了", *LOST[6:]]])
    assert (batch.new, batch.changed, batch.unchanged) == (1, 1, 1)
    text = clerk.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    assert "补充到原来的事项里" in text
    decide(clerk, batch)
    assert Matter.objects.count() == 4
    lamp = lamp_of_today()
    told = Entry.objects.get(subject=lamp.subject, action="hear_more")
    assert told.words.text == "路灯还是没人修，今天有人绊倒了"
    assert lamp.name_withheld
    assert send(clerk, here.street, [again]).unchanged == 1
    page = clerk.get(f"/desk/m/{lamp.number}/").content.decode()
    assert "工单 BJ202611270001 又发来一次" in page


def test_the_same_caller_is_offered_as_a_candidate(here: Town) -> None:
    clerk = guo(here)
    decide(clerk, send(clerk, here.street, [LAMP]))
    second = ["BJ0007", *LAMP[1:5], "柳巷家园门口的路灯又灭了", *LAMP[6:]]
    batch = send(clerk, here.street, [second])
    text = clerk.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    assert "来电人里有 1 位在这里已有没办完的事项" in text
    decide(clerk, batch)
    page = clerk.get(f"/desk/m/{Matter.objects.get(tickets__number='BJ0007').number}/").content.decode()
    assert f'value="{lamp_of_today().number}"' in page


def test_a_wrong_sheet_is_taken_back_where_nobody_has_touched_it(here: Town) -> None:
    clerk = guo(here)
    batch = send(clerk, here.street, ROWS)
    decide(clerk, batch)
    lamp = lamp_of_today()
    accept(lamp, By(here.wang, today()))
    text = decide(clerk, batch, "undo")
    assert (batch.removed, batch.stayed) == (2, 1)
    assert "已经有人动过了" in text
    assert set(Matter.objects.values_list("state", flat=True)) == {"in_hand", "withdrawn"}
    assert [ticket.matter for ticket in Ticket.objects.all()] == [lamp]
    assert sum(Fact.objects.filter(name="matter.raised").values_list("n", flat=True)) == 1
    assert list(differences()) == []
    assert send(clerk, here.street, ROWS).new == 2


def test_bad_lines_are_told_and_the_others_come_in(here: Town) -> None:
    clerk = guo(here)
    rows = [
        LAMP,
        ["BJ0002", "昨天上午", *NOISE[2:]],
        ["", *LOST[1:]],
        ["BJ0005", "2026-11-27", "", "", "", "", *LOST[6:]],
        ["BJ0006", "2026-11-27", "", "", "咨询", "你好", "其他", *LOST[7:]],
        LAMP,
    ]
    batch = send(clerk, here.street, rows)
    assert (batch.new, batch.bad) == (1, 5)
    text = clerk.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    for words in ("“昨天上午”不是日期", "不知道是什么事", "看不出属于哪个类别", "第 2 行"):
        assert words in text
    decide(clerk, batch, "good")
    assert Matter.objects.count() == 1
    set_type(OutsideSystem.objects.get(), "*", here.lamp, actor=None, now=today())
    assert send(clerk, here.street, [rows[4]]).new == 1


def test_the_type_of_the_hotline_leads_to_a_category(here: Town) -> None:
    noise = Category.objects.get(pk="noise")
    set_type(OutsideSystem.objects.get(), "市政设施/路灯", noise, actor=here.zhou, now=today())
    assert OutsideType.objects.count() == 1
    clerk = guo(here)
    decide(clerk, send(clerk, here.street, [LAMP]))
    assert lamp_of_today().category == noise


def test_the_answers_go_back_in_the_hotlines_own_sheet(here: Town) -> None:
    clerk = guo(here)
    decide(clerk, send(clerk, here.street, ROWS))
    lamp, now = lamp_of_today(), today()
    wang = By(here.wang, now, words="=换好了灯泡")
    answer(accept(lamp, By(here.wang, now)), wang, outcome="advised")
    heads = [*HEADS, "办理结果"]
    rows = [[*NOISE, ""], ["没编号", *LOST[1:], ""], [*LAMP, ""], ["=1+1", "哪天", *LOST[2:], ""]]
    data = {"file": sent(xlsx([["宝石区热线工单"], heads, *rows]), "热线.xlsx")}
    page = opened(clerk.post("/desk/outside/h12345/answers/", data).content)
    lines = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert lines[0] == [*heads, "办理情况", "办结时间", "办理单位", "满意度"]
    assert [line[0] for line in lines[1:]] == ["BJ0002", "没编号", LAMP[0], "=1+1"]
    fumes, unknown, done, bad = lines[1:]
    assert (fumes[13], fumes[14]) == ("07", "")
    assert fumes[15].startswith("等待派单") or "在" in fumes[15]
    assert unknown[15] == "还没有导入"
    assert done[14].endswith("=换好了灯泡")
    assert done[16]
    assert bad[15].startswith("没有导入：")
    assert page.cell(5, 1).data_type == "s"
    assert Matter.objects.count() == 3


def test_strangers_and_other_desks_find_nothing(here: Town) -> None:
    clerk = guo(here)
    decide(clerk, send(clerk, here.street, ROWS))
    county = add_place(
        name="西城区", level="county", parent=here.city, actor=None, now=MONDAY, code="990103000000"
    )
    other = person("西城的人")
    appoint(add_post("county_duty", county, actor=None, now=MONDAY), other, actor=None, now=MONDAY)
    client = Client()
    client.force_login(other)
    assert client.get(f"/desk/m/{lamp_of_today().number}/").status_code == 404
    found = client.get("/desk/?q=BJ202611270001").content.decode()
    assert lamp_of_today().number not in found
    assert lamp_of_today().number in clerk.get("/desk/?q=BJ202611270001").content.decode()
    data = {"file": sent(xlsx([HEADS, *ROWS]), "热线.xlsx")}
    page = opened(client.post("/desk/outside/h12345/answers/", data).content)
    assert {row[14].value for row in page.iter_rows(min_row=2)} == {"还没有导入"}
    assert client.get(f"/desk/imports/batches/{Batch.objects.get().pk}/").status_code == 404
    client.force_login(here.stranger)
    for address in ("/desk/outside/", "/desk/outside/h12345/day/", "/desk/outside/h12345/list.csv"):
        assert client.get(address).status_code == 404


def test_merged_cells_and_formulas_do_no_harm(here: Town) -> None:
    book = openpyxl.Workbook()
    for row in [
        ["热线交办单"],
        HEADS,
        LAMP,
        ["BJ0010", *LAMP[1:5], "=cmd|' /C calc'!A0 井盖坏了", *LAMP[6:]],
    ]:
        book.active.append(row)
    book.active["F4"].data_type = "s"
    book.active["H4"] = None
    book.active.merge_cells("H3:H4")
    clerk = guo(here)
    data = {"place": here.street.code, "file": sent(saved(book), "热线.xlsx")}
    clerk.post("/desk/imports/matters/", data)
    decide(clerk, Batch.objects.latest("pk"))
    assert Matter.objects.filter(building=here.building).count() == 2
    sheet = clerk.get("/desk/outside/h12345/list.csv")
    text = sheet.getvalue().decode()
    assert "'=cmd" in text
    assert "19900001111" not in text
