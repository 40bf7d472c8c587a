"""Homes and their residents from spreadsheet to spreadsheet: what may be kept, who sees that it left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.history.models import Entry
from silin.imports.models import Batch
from silin.imports.tests.files import sent
from silin.imports.tests.test_desk import body
from silin.imports.tests.test_estates import Rows, bring
from silin.imports.tests.test_people import mistakes
from silin.people.joining import join
from silin.people.models import Household, Membership, Person
from tests.town import Town

HOMES = ["社区代码", "小区", "楼号", "单元", "门牌", "居住状态", "住房性质"]
RESIDENTS = ["社区代码", "小区", "楼号", "单元", "门牌", "姓名", "手机号", "出生年份", "搬走日期"]


@pytest.fixture
def li(client: Client, town: Town) -> Client:
    """The community's desk, which keeps the register there."""
    client.force_login(town.li)
    return client


@pytest.fixture
def here(town: Town) -> Town:
    """The town as the community's desk chooses it."""
    town.city = town.community
    return town


def home(town: Town, entrance: str, door: str, *more: object) -> list[object]:
    """A line of building 5."""
    return [town.community.code, "柳巷家园", "5", entrance, door, *more]


def test_homes_and_who_lives_in_them(li: Client, here: Town) -> None:
    rows = [home(here, "1单元", "３０２室", "", "自有"), home(here, "2", "101", "出租", "")]
    labels = dict(Household.State.choices), dict(Household.Tenure.choices)
    rows[0][6], rows[1][5] = str(labels[1]["own"]), str(labels[0]["let"])
    assert bring(li, here, "households", [HOMES, *rows]) == (2, 0)
    first, second = Household.objects.order_by("pk")
    assert (first.entrance, first.door, first.tenure, second.state) == ("1", "302", "own", "let")
    people = [
        home(here, "1", "302", "陈桂兰", "199 0000 0002", "1952年", ""),
        home(here, "1", "302", "陈小宝", "", "2018", ""),
        home(here, "2", "101", "租客", "13900000031", "", ""),
    ]
    assert bring(li, here, "residents", [RESIDENTS, *people]) == (3, 0)
    chen = Person.objects.get(name="陈桂兰")
    assert (chen.phone, chen.birth_year) == ("19900000002", 1952)
    people[2][6], people[1][8] = "13900000032", str(timezone.localdate())
    assert bring(li, here, "residents", [RESIDENTS, *people]) == (0, 2)
    assert Person.objects.get(name="租客").phone == "13900000032"
    assert Person.objects.get(name="陈小宝").left_on == timezone.localdate()
    rows[1][5] = str(labels[0]["empty"])
    assert bring(li, here, "households", [HOMES, *rows]) == (0, 1)
    assert not Membership.objects.filter(household=second, until=None).exists()


def test_somebody_who_stands_in_another_home_now_moves_there(li: Client, here: Town) -> None:
    bring(li, here, "households", [HOMES, home(here, "1", "101", "", ""), home(here, "1", "102", "", "")])
    line = home(here, "1", "101", "何春花", "13900000033", "", "")
    bring(li, here, "residents", [RESIDENTS, line])
    line[4] = "102"
    assert bring(li, here, "residents", [RESIDENTS, line]) == (1, 0)
    person = Person.objects.get(name="何春花")
    assert person.memberships.get(until=None).household.door == "102"
    assert bring(li, here, "residents", [RESIDENTS, [*line[:4], "101", *line[5:]]]) == (0, 0)


def test_what_cannot_be_in_the_register_is_said_at_the_cell(li: Client, here: Town) -> None:
    bring(li, here, "households", [HOMES, home(here, "1", "101", "", ""), home(here, "1", "102", "", "")])
    bring(li, here, "residents", [RESIDENTS, home(here, "1", "101", "何春花", "13900000033", "", "")])
    tomorrow, year = str(timezone.localdate() + timedelta(days=1)), timezone.localdate().year
    rows = [
        home(here, "1", "999", "甲", "", "", ""),
        home(here, "1", "102", "乙", "13900000041", year - 9, ""),
        home(here, "1", "102", "丙", "1390000004", "", ""),
        home(here, "1", "102", "丁", "", "1850", ""),
        home(here, "1", "102", "戊", "", "", tomorrow),
        home(here, "1", "101", "何春花", "", "", tomorrow),
        home(here, "1", "102", "己", "13900000042", "", ""),
        home(here, "1", "101", "己", "13900000042", "", ""),
    ]
    found = mistakes(li, here, "residents", [RESIDENTS, *rows])
    titles = ["门牌", "手机号", "手机号", "出生年份", "搬走日期", "搬走日期", "姓名"]
    assert [title for title, _words in found] == titles, found
    gone = [here.community.code, "柳巷家园", "88", "1", "101", "", ""]
    assert mistakes(li, here, "households", [HOMES, gone])[0][0] == "楼号"


def test_a_list_that_leaves_has_no_numbers_and_everybody_in_it_reads_that_it_left(
    li: Client, here: Town, client: Client
) -> None:
    bring(li, here, "households", [HOMES, home(here, "1", "101", "", "")])
    bring(li, here, "residents", [RESIDENTS, home(here, "1", "101", "=陈桂兰", "19900000002", "1952", "")])
    join(Person.objects.get(), here.chen, actor=here.li, now=timezone.now())
    for n, (key, query) in enumerate([("households", ""), ("residents", "?form=csv")], 1):
        data = body(li.get(f"/desk/imports/{key}/export/{query}"))
        assert b"19900000002" not in data
        assert Entry.objects.filter(subject=here.community.subject, action="take_out").count() == n
        file = {"place": here.city.code, "file": sent(data, key)}
        assert li.post(f"/desk/imports/{key}/", file).status_code == 302
        batch = Batch.objects.latest("pk")
        assert (batch.new, batch.changed, batch.unchanged, batch.bad) == (0, 0, 1, 0), batch.shown
    client.force_login(here.chen)
    page = client.get("/me/privacy/").content.decode()
    assert "把有您在内的名单导出去了" in page
    client.force_login(here.stranger)
    assert "名单" not in client.get("/me/privacy/").content.decode()


def test_whoever_keeps_no_register_sees_nothing_of_it(client: Client, here: Town) -> None:
    client.force_login(here.zhou)
    rows: Rows = [HOMES, home(here, "1", "101", "", "")]
    assert rows
    assert client.get("/desk/imports/residents/export/").status_code == 404
    assert client.get("/desk/imports/households/").status_code == 404
