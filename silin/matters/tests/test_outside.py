"""Other systems at the desk: set up by a sheet of theirs, numbers noted, matters laid out for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from silin.history.models import Entry
from silin.imports.tests.files import opened, sent, xlsx
from silin.lib.refusal import Refused
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, OutsideSystem
from silin.matters.outside import check_link, give_ticket, set_system
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review
from silin.matters.verifying import verify
from silin.people.clients import AboutClient, end_client, make_client
from tests.house.world import hotline
from tests.town import Town, build, today

SYSTEM = {
    "code": "city_eye",
    "name": "城管平台",
    "name_en": "City eye",
    "kind": "platform",
    "link": "https://cg.example.org/case?id={number}",
    "valid_from": "2026-01-01",
    "takes": ["street_light"],
    "columns-TOTAL_FORMS": "3",
    "columns-INITIAL_FORMS": "0",
}
HEADS = ["案件编号", "问题描述", "事发地址", "联系电话", "上报渠道", "承办科室"]


@pytest.fixture
def here(db: None) -> Town:
    """The town as of today."""
    return build(today())


@pytest.fixture
def desk(here: Town) -> Callable[[str], Client]:
    """Somebody's browser."""

    def signed_in(who: str) -> Client:
        client = Client()
        client.force_login(getattr(here, who))
        return client

    return signed_in


def platform(**more: Any) -> OutsideSystem:
    """The platform of the city's management."""
    columns = [
        ["案件编号", "ticket", ""],
        ["问题描述", "words", ""],
        ["联系人", "caller", ""],
        ["联系电话", "phone", ""],
        ["上报渠道", "", "四邻"],
    ]
    said: dict[str, Any] = {"link": "https://cg.example.org/case?id={number}", "takes": ["street_light"]}
    row = OutsideSystem(
        code="city_eye", name="城管平台", name_en="City eye", kind="platform", columns=columns
    )
    for name, value in {**said, "valid_from": today().date(), **more}.items():
        setattr(row, name, value)
    return set_system(row, actor=None, now=today())


def raised(town: Town, words: str = "柳巷家园门口路灯不亮", **more: Any) -> Matter:
    """A matter of Chen's."""
    said = Report(words, town.lamp, place=town.grid, **more)
    return raise_matter("report", By(town.chen, today()), said)


def ticket(matter: Matter, number: str, **more: Any) -> dict[str, Any]:
    """The form by which a number is noted."""
    sent_by = {"do": "ticket", "version": matter.version, "client_id": uuid4()}
    return {**sent_by, "system": "city_eye", "ticket": number, **more}


def test_a_system_that_comes_in_with_a_key_names_it(here: Town, desk: Callable[[str], Client]) -> None:
    about = AboutClient("城管接口", "hotline", here.city, ["raise"])
    client, gone = (make_client(about, actor=None, now=today())[0] for _ in range(2))
    end_client(gone, actor=None, now=today())
    zhou, typed = desk("zhou"), {**SYSTEM, "do": "save"}
    assert zhou.post("/desk/outside/new/", {**typed, "client": str(gone.pk)}).status_code == 400
    assert zhou.post("/desk/outside/new/", {**typed, "client": str(client.pk)}).status_code == 302
    row = OutsideSystem.objects.get()
    assert (row.client, row.connected) == (client, True)
    assert "城管接口" in desk("li").get("/desk/outside/").content.decode()
    end_client(client, actor=None, now=today())
    assert "停用" in zhou.get("/desk/outside/set-up/").content.decode()
    assert f'value="{client.pk}" selected' in zhou.get("/desk/outside/city_eye/").content.decode()


def test_the_city_sets_a_system_up_by_a_sheet_of_theirs(here: Town, desk: Callable[[str], Client]) -> None:
    zhou = desk("zhou")
    read = {**SYSTEM, "do": "read", "file": sent(xlsx([["某区案件表"], HEADS, ["1"] * 6]), "案件.xlsx")}
    text = zhou.post("/desk/outside/new/", read).content.decode()
    assert not OutsideSystem.objects.exists()
    assert 'value="承办科室"' in text
    assert '<option value="ticket" selected>' in text
    rows = [("案件编号", "ticket", ""), ("问题描述", "words", ""), ("上报渠道", "", "四邻"), ("", "", "")]
    typed = {**SYSTEM, "do": "save", "columns-TOTAL_FORMS": "4"}
    for n, cells in enumerate(rows):
        typed |= {
            f"columns-{n}-{name}": cell
            for name, cell in zip(("heading", "field", "fixed"), cells, strict=True)
        }
    assert zhou.post("/desk/outside/new/", typed).status_code == 302
    row = OutsideSystem.objects.get()
    assert row.columns == [list(cells) for cells in rows[:3]]
    assert zhou.post("/desk/outside/new/", typed).status_code == 400
    page = zhou.get("/desk/outside/city_eye/").content.decode()
    assert "周敏" in page
    stale = {**typed, "name": "别的名字", "seen": "x"}
    assert zhou.post("/desk/outside/city_eye/", stale).status_code == 409
    twice = {**typed, "seen": "", "code": "other", "columns-1-field": "ticket"}
    answer_of = zhou.post("/desk/outside/new/", twice)
    assert "有两列内容重复" in answer_of.content.decode()
    assert desk("li").get("/desk/outside/city_eye/").status_code == 404


@pytest.mark.parametrize(
    "link",
    [
        "http://cg.example.org/{number}",
        "https://{number}.example.org/",
        "https://me:secret@example.org/{number}",
        "https://example.org/{secret}",
        'https://example.org/"><script>',
        "javascript:alert(1)",
        "https://example.org",
    ],
)
def test_only_a_plain_link_may_stand_on_our_pages(link: str) -> None:
    with pytest.raises(Refused, match="bad_link"):
        check_link(link)
    check_link("https://example.org:8443/case?id={number}&ours={matter}")


def test_a_number_is_noted_found_and_leads_there(here: Town, desk: Callable[[str], Client]) -> None:
    platform()
    li, matter = desk("li"), raised(here)
    there = f"/desk/m/{matter.number}/"
    assert li.post(there, ticket(matter, " CG-２０２６ 7 ")).status_code == 303
    page = li.get(there).content.decode()
    assert 'href="https://cg.example.org/case?id=CG-20267"' in page
    assert "您记下了外部系统的编号：CG-20267" in page
    assert matter.number in li.get("/desk/?q=cg-20267").content.decode()
    other = raised(here, "另一盏路灯不亮")
    refused = li.post(f"/desk/m/{other.number}/", ticket(other, "CG-20267"))
    assert refused.status_code == 409
    assert "这个编号已经是另一件事项的" in refused.content.decode()
    assert li.post(there, ticket(matter, "")).status_code == 400
    assert desk("stranger").post(there, ticket(matter, "CG-9")).status_code == 404
    text = Client().get(f"/open/m/{matter.number}/").content.decode()
    assert "CG-20267" not in text


def test_a_matter_is_copied_in_one_tap_without_a_name(here: Town, desk: Callable[[str], Client]) -> None:
    platform()
    li, matter = desk("li"), raised(here)
    page = li.get(f"/desk/m/{matter.number}/").content.decode()
    assert "案件编号：\n问题描述：柳巷家园门口路灯不亮\n联系人：\n联系电话：\n上报渠道：四邻" in page
    assert "data-copy" in page
    there = f"/desk/m/{matter.number}/for/city_eye/"
    assert li.get(there).status_code == 302
    assert not Entry.objects.filter(action="reveal").exists()
    text = li.post(there).content.decode()
    assert "联系人：陈桂兰\n联系电话：19900000002" in text
    looked = Entry.objects.get(action="reveal")
    assert looked.words.text == "抄到：城管平台"
    kept = raised(here, "路灯不亮，别说是我", name_withheld=True)
    assert li.post(f"/desk/m/{kept.number}/for/city_eye/").status_code == 404


def test_the_sheet_of_the_day_has_their_columns(here: Town, desk: Callable[[str], Client]) -> None:
    system = platform()
    matter, li = raised(here, "=cmd 路灯不亮"), desk("li")
    said = Report("猫跑了", here.lamp, place=here.grid, name_withheld=True)
    raise_matter("report", By(here.chen, today()), said)
    give_ticket(matter, By(here.li, today()), system=system, number="CG1")
    page = opened(li.get("/desk/outside/city_eye/list.xlsx").content)
    lines = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert lines == [
        ["案件编号", "问题描述", "联系人", "联系电话", "上报渠道"],
        ["CG1", "=cmd 路灯不亮", "", "", "四邻"],
        ["", "猫跑了", "", "", "四邻"],
    ]
    named = opened(li.get("/desk/outside/city_eye/list.xlsx?names=1").content)
    assert [cell.value or "" for cell in named["D"]] == ["联系电话", "19900000002", ""]
    assert Entry.objects.get(action="take_out").fields == {"sheet": "outside.city_eye", "rows": 2}
    assert li.get("/desk/outside/city_eye/list.pdf").status_code == 404
    other = opened(li.get("/desk/outside/city_eye/list.xlsx?since=2020-01-01").content)
    assert other.max_row == 1
    assert "件事项" in li.get("/desk/outside/city_eye/day/").content.decode()
    wrong = li.get("/desk/outside/city_eye/day/?since=2026-05-01&until=2026-01-01").content.decode()
    assert "开始日期要在前" in wrong


def test_a_grade_is_kept_from_whoever_handled_it(here: Town, desk: Callable[[str], Client]) -> None:
    system = hotline(today())
    matter = raised(here)
    give_ticket(matter, By(here.li, today()), system=system, number="BJ1")
    done = answer(
        accept(matter, By(here.wang, today())), By(here.wang, today(), words="换好了"), outcome="advised"
    )
    review(verify(done, By(here.chen, today())), By(here.chen, today()), grade=1)
    rows = desk("li").get("/desk/outside/h12345/list.csv").getvalue()
    assert "非常不满意" in rows.decode()
    Matter.objects.filter(pk=matter.pk).update(handler=here.li)
    rows = desk("li").get("/desk/outside/h12345/list.csv").getvalue()
    assert "非常不满意" not in rows.decode()


def test_the_list_of_the_desk_leaves_with_the_numbers(here: Town, desk: Callable[[str], Client]) -> None:
    matter = raised(here)
    give_ticket(matter, By(here.li, today()), system=platform(), number="CG1")
    raised(here, "另一盏路灯不亮")
    rows = desk("li").get("/desk/list.csv?tab=going").getvalue()
    ends = sorted(line.rpartition(",")[2] for line in rows.decode().splitlines())
    assert ends == ["", "城管平台 CG1", "外部系统编号"]
    task = desk("wang").get(f"/w/tasks/{matter.number}/").content.decode()
    assert "CG1" in task
