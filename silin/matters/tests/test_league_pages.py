"""The league: shares with their two counts, ranks that move, and every number open to its matters."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from openpyxl import load_workbook

from silin.facts.actions import FactRow, write
from silin.matters import league
from silin.matters.models import Matter
from silin.matters.tests.pages import answered, make_town, raised, signed_in
from silin.people.actions import add_post, appoint
from silin.places.actions import add_place
from silin.places.models import Place
from tests.counting import statements
from tests.town import Town, person

NOW = timezone.now()


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def li(here: Town) -> Client:
    return signed_in(here.li)


def month(back: int = 0) -> int:
    return league.months(back + 1, localdate())[back]


def in_month(back: int) -> datetime:
    first = timezone.localtime().replace(day=1, hour=12)
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def count(place: Place, *, on_time: int = 0, late: int = 0, back: int = 0, subject: str = "") -> None:
    """Facts as the engine leaves them: so many closed on time, so many out of time."""
    rows = []
    for n in range(on_time + late):
        name = "matter.closed" if n < on_time else "matter.overdue"
        columns = {"on_time": True, "outcome": "fixed"} if n < on_time else {}
        about = subject or f"matter:{uuid4()}"
        rows.append(
            FactRow.of(
                name,
                now=in_month(back),
                unit=place.unit,
                place=place.code,
                subject=about,
                kind="report",
                category="street_light",
                channel="web",
                **columns,
            )
        )
    write(rows)


def league_of(place: Place, **query: object) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/desk/league/{place.code}/?{asked}"


def test_a_communitys_desk_is_led_to_its_county(here: Town, li: Client) -> None:
    assert li.get("/desk/league/")["Location"] == f"/desk/league/{here.county.code}/"
    assert signed_in(here.zhou).get("/desk/league/")["Location"] == f"/desk/league/{here.city.code}/"


def test_shares_ranks_and_moves(here: Town, li: Client) -> None:
    count(here.community, on_time=9, late=1)
    count(here.other, on_time=6, late=4)
    count(here.community, on_time=5, late=5, back=1)
    count(here.other, on_time=8, late=2, back=1)
    page = li.get(league_of(here.county)).content.decode()
    first, second = page.index('nm">柳巷社区'), page.index('nm">河沿社区')
    assert first < second
    assert "90.0" in page
    assert "60.0" in page
    assert "▲ 1" in page
    assert "▼ 1" in page
    assert "75.0<small>%</small> <small>15 / 20</small>" in page
    before = li.get(league_of(here.county, month=month(1))).content.decode()
    assert before.index('nm">河沿社区') < before.index('nm">柳巷社区')


def test_the_own_row_is_tinted(here: Town, li: Client) -> None:
    count(here.community, on_time=5)
    count(here.other, on_time=6)
    page = li.get(league_of(here.county)).content.decode()
    assert page.count('aria-selected="true"') == 1
    assert "柳巷社区" in page.partition('aria-selected="true"')[2].partition("</tr>")[0]


def test_too_few_cases_have_no_rank(here: Town, li: Client) -> None:
    count(here.community, on_time=4)
    page = li.get(league_of(here.county)).content.decode()
    assert page.count("件数太少</span>") == 2
    assert "不排名" in page


def test_streets_and_counties_sum_up(here: Town) -> None:
    count(here.community, on_time=9, late=1)
    count(here.other, on_time=6, late=4)
    zhou = signed_in(here.zhou)
    for level, name in (("street", "柳巷街道"), ("county", "东城区")):
        page = zhou.get(league_of(here.city, level=level)).content.decode()
        assert "level=community&month" not in page
        assert "75.0" in page
        assert f">{name}</a>" in page


def test_a_community_without_a_street_counts_too(here: Town) -> None:
    lone = add_place(
        name="直管社区居委会", level="community", parent=here.county, actor=None, now=NOW, code="990102000001"
    )
    count(lone, on_time=5)
    rows = {row.place: row.on_time for row in league.league(here.county, "community", month())}
    assert rows == {here.community: 0, here.other: 0, lone: 5}


def test_a_fact_that_was_taken_back_does_not_count(here: Town, li: Client) -> None:
    count(here.community, on_time=6)
    row = FactRow.of(
        "matter.closed",
        now=in_month(0),
        unit=here.community.code,
        subject="matter:x",
        kind="report",
        on_time=True,
        n=-1,
    )
    write([row])
    assert "<small>5 / 5</small>" in li.get(league_of(here.county)).content.decode()


def test_each_number_opens_to_its_matters(here: Town, li: Client) -> None:
    own, other = answered(here, "三楼灯不亮"), raised(here, "河边护栏松了", place=here.other_grid)
    count(here.community, on_time=1, subject=own.subject)
    count(here.other, late=1, subject=other.subject)
    page = li.get(league_of(here.county)).content.decode()
    address = f"/desk/league/{here.community.code}/matters/?month={month()}&amp;which=on_time"
    assert address in page
    behind = li.get(address.replace("&amp;", "&")).content.decode()
    assert own.title in behind
    assert own.shown_number in behind
    hidden = li.get(f"/desk/league/{here.other.code}/matters/?month={month()}&which=late").content.decode()
    assert other.title not in hidden
    assert "其中 1 件不在你的辖区" in hidden
    city = signed_in(here.zhou)
    both = city.get(f"/desk/league/{here.county.code}/matters/?month={month()}&which=late").content.decode()
    assert other.title in both


def test_the_matters_behind_a_number_as_a_spreadsheet(here: Town, li: Client) -> None:
    own = answered(here, "三楼灯不亮")
    count(here.community, on_time=1, subject=own.subject)
    address = f"/desk/league/{here.community.code}/matters/?month={month()}&which=on_time&as=csv"
    data = b"".join(li.get(address))
    assert own.shown_number in data.decode("utf-8-sig")


def test_an_empty_number_says_so(here: Town, li: Client) -> None:
    page = li.get(f"/desk/league/{here.county.code}/matters/").content.decode()
    assert "这个数后面没有事项" in page


def test_the_league_as_a_spreadsheet(here: Town, li: Client) -> None:
    count(here.community, on_time=9, late=1)
    answer = li.get(f"/desk/league/{here.county.code}/list.csv?level=community&month={month()}")
    data = b"".join(answer).decode("utf-8-sig")
    head, first, second = csv.reader(io.StringIO(data))
    assert head[0] == "名次"
    assert first == ["1", here.community.code, "柳巷社区", "9", "1", "90.0%"]
    assert second == ["", here.other.code, "河沿社区", "0", "0", ""]
    answer = li.get(f"/desk/league/{here.county.code}/list.xlsx?level=community&month={month()}")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [[cell or "" for cell in row] for row in rows] == [head, first, second]


@pytest.mark.parametrize(
    "query", ["level=galaxy", "month=2026", "month=202613", "month=２０２６１０", "level=city"]
)
def test_nonsense_in_the_address_is_said(here: Town, li: Client, query: str) -> None:
    assert li.get(f"/desk/league/{here.county.code}/?{query}").status_code == 400


def test_an_unknown_number_is_said(here: Town, li: Client) -> None:
    assert li.get(f"/desk/league/{here.county.code}/matters/?which=all").status_code == 400


def test_who_may_see_which_league(here: Town) -> None:
    far = add_place(name="西城区", level="county", parent=here.city, actor=None, now=NOW, code="990103000000")
    pages = [league_of(place) for place in (here.city, here.county, here.street, here.other, far)]
    seen = {
        here.li: [404, 200, 200, 200, 404],
        here.guo: [404, 200, 200, 200, 404],
        here.zhou: [200] * 5,
        here.wang: [404] * 5,
        here.leader: [404] * 5,
        here.chen: [404] * 5,
        here.stranger: [404] * 5,
    }
    for user, expected in seen.items():
        assert [signed_in(user).get(page).status_code for page in pages] == expected, user
    assert Client().get(pages[1])["Location"].startswith("/sign-in/?next=")
    assert signed_in(here.zhou).get("/desk/league/999/").status_code == 404


def test_a_desk_elsewhere_does_not_see_this_county(here: Town) -> None:
    far = add_place(name="西城区", level="county", parent=here.city, actor=None, now=NOW, code="990103000000")
    post = add_post("county_duty", far, actor=None, now=NOW)
    user = person("西城值班")
    appoint(post, user, actor=None, now=NOW)
    assert signed_in(user).get(league_of(here.county)).status_code == 404


def test_the_page_keeps_its_budget(here: Town, li: Client) -> None:
    count(here.community, on_time=9, late=1)
    assert statements(li, league_of(here.county)) <= 12
    assert statements(li, f"/desk/league/{here.county.code}/matters/") <= 10
    assert Matter.objects.count() == 0
