"""Gao declares a veto, Li's desk appeals, He rules; every total stays where it was."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from silin.accounts.models import User
from silin.assessment.league import RANKED, VETO
from silin.assessment.models import Scorecard, Veto
from silin.assessment.publishing import publish_due
from silin.assessment.sample import load_sample
from silin.assessment.tests.offices import FIRE, RULE, Office, fire, open_office, turn_vetoes
from silin.assessment.tests.test_desk import OCTOBER, closed, measured, page
from silin.assessment.tests.test_open import read
from silin.history.models import Entry
from silin.lib.workdays import SHANGHAI
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from silin.places.actions import add_place
from silin.places.numbers import set_number
from silin.places.stocks import count_territory
from tests.town import MONDAY, Town, build, person
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
NOVEMBER_5 = datetime(2026, 11, 5, 7, tzinfo=SHANGHAI)


@pytest.fixture
def town() -> Town:
    town = build()
    load_sample()
    set_number(RANKED, 1, valid_from=date(2020, 1, 1), actor=None, now=MONDAY)
    count_territory(datetime(2026, 9, 1, 12, tzinfo=SHANGHAI), as_of=MONDAY.date())
    closed(town.community.code, on_time=50, late=0)
    closed(town.other.code, on_time=10, late=20)
    measured()
    Scorecard.objects.filter(place=town.community).update(total=95.5, counted=80)
    return town


@pytest.fixture
def office(town: Town) -> Office:
    turn_vetoes(1)
    return open_office(town)


def there(town: Town, rest: str = "") -> str:
    return f"/desk/assessment/{town.community.code}/vetoes/{rest}"


def of(veto: Veto) -> str:
    return f"/desk/assessment/{veto.place.code}/vetoes/{veto.pk}/"


def words(**other: Any) -> dict[str, Any]:
    """What Gao writes into the form."""
    return {
        "place": "柳巷社区",
        "event": FIRE,
        "happened_on": "2026-10-12",
        "basis": RULE,
        "cap": "1",
        "first": "2026-10",
        "last": "2026-12",
        "key": str(uuid4()),
        **other,
    }


def declared(town: Town, who: User, **other: Any) -> Any:
    return client_of(who).post(there(town, "new/"), words(**other))


def decide(who: User, veto: Veto, do: str, **said: str) -> Any:
    return client_of(who).post(of(veto), {"do": do, "words": "有出入", **said})


def told(user: User) -> list[str]:
    rows = Notice.objects.filter(recipient=user, name__startswith="veto").order_by("pk")
    return list(rows.values_list("name", flat=True))


def league_row(who: User, town: Town, period: str = "2026-10") -> dict[str, str]:
    """The line of Li's community in the spreadsheet of the league."""
    answered = client_of(who).get(f"/desk/assessment/{town.city.code}/list.csv?period={period}")
    rows = csv.DictReader(io.StringIO(b"".join(answered).decode("utf-8-sig")))
    return next(row for row in rows if row["地点"] == "柳巷社区")


def test_from_the_event_to_the_ruling(town: Town, office: Office) -> None:
    before = league_row(office.gao, town)
    assert before["等次"] == "优秀"
    assert declared(town, office.gao)["Location"].startswith(there(town))
    veto = Veto.objects.get()
    assert (veto.event, veto.basis, veto.cap, veto.declared_by) == (FIRE, RULE, 1, office.gao)
    assert told(town.li) == ["veto_declared"]
    capped = league_row(office.gao, town)
    assert (capped["等次"], capped["一票否决"], capped["受限到"]) == ("未达标", FIRE, "2026-12")
    assert {key: capped[key] for key in ("名次", "总分", "红灯")} == {
        key: before[key] for key in ("名次", "总分", "红灯")
    }
    card = page(town.li, f"/desk/assessment/{town.community.code}/card/{OCTOBER}")
    for said in ("95.5", "未达标", "按总分是优秀", FIRE, "2026 年 12 月", of(veto)):
        assert said in card
    assert "一票否决" in page(town.zhou, f"/desk/assessment/{town.city.code}/{OCTOBER}")

    assert "申诉" in page(town.li, of(veto))
    assert decide(town.li, veto, "appeal", words="起火的不在我们社区").status_code == 303
    assert told(office.gao) == ["veto_appealed"]
    assert told(office.he) == ["veto_appealed"]
    assert "正在申诉" in page(town.li, f"/desk/assessment/{town.community.code}/card/{OCTOBER}")
    assert league_row(office.gao, town)["等次"] == "未达标"

    assert "何平" in page(office.gao, of(veto))
    assert decide(office.he, veto, "rule", ruling="lifted", words="是隔壁小区").status_code == 303
    assert told(town.li) == ["veto_declared", "veto_lifted"]
    assert told(office.gao) == ["veto_appealed", "veto_lifted"]
    assert league_row(office.gao, town) == before
    story = page(town.li, of(veto))
    assert story.index("是隔壁小区") < story.index("起火的不在我们社区")
    lines = Entry.objects.filter(subject=f"veto:{veto.pk}").order_by("seq").values_list("action", "actor")
    assert list(lines) == [
        ("declare", office.gao.pk),
        ("appeal", town.li.pk),
        ("rule", office.he.pk),
    ]
    assert Scorecard.objects.get(place=town.community, period="2026-10").total == 95.5


def test_an_upheld_one_goes_on_and_ends_with_its_last_month(town: Town, office: Office) -> None:
    veto = fire(town.community, office.gao, cap=2, last=202610)
    decide(town.li, veto, "appeal")
    decide(office.he, veto, "rule", ruling="upheld", words="查实")
    assert league_row(office.gao, town)["等次"] == "达标"
    assert "维持" in page(town.li, f"/desk/assessment/{town.community.code}/card/{OCTOBER}")
    november = datetime(2026, 11, 19, 9, tzinfo=SHANGHAI)
    closed(town.community.code, on_time=50, late=0, now=november)
    measured(now=november)
    Scorecard.objects.filter(place=town.community).update(total=95.5, counted=80)
    assert league_row(office.gao, town, "2026-11")["等次"] == "优秀"
    assert league_row(office.gao, town, "2026")["等次"] == "达标"


def test_residents_read_one_plain_sentence(town: Town, office: Office) -> None:
    publish_due(NOVEMBER_5)
    Scorecard.objects.filter(place=town.community).update(total=95.5, counted=80)
    assert FIRE not in read(town.community.code)
    veto = fire(town.community, office.gao, cap=2)
    said = read(town.community.code)
    assert FIRE in said
    assert "2026 年 12 月" in said
    assert "达标" in said
    assert "名次" not in said
    assert "申诉" not in said
    decide(town.li, veto, "appeal")
    assert "社区已经申诉" in read(town.community.code)
    decide(office.he, veto, "rule", ruling="lifted")
    assert FIRE not in read(town.community.code)
    fire(town.other, office.gao)
    assert FIRE not in read(town.other.code), "what takes nothing from the grade is not said"


def test_while_turned_off_nothing_is_declared_and_nothing_capped(town: Town, office: Office) -> None:
    fire(town.community, office.gao)
    turn_vetoes(0)
    assert league_row(office.gao, town)["等次"] == "优秀"
    said = page(office.gao, there(town))
    assert "没有启用" in said
    assert "本市的数值" in said
    assert there(town, "new/") not in said
    assert "没有启用" in page(office.gao, there(town, "new/"))
    answered = declared(town, office.gao, event="又一件事")
    assert answered.status_code == 409
    assert "又一件事" in answered.content.decode()
    assert Veto.objects.count() == 1
    assert there(town) in page(office.gao, f"/desk/assessment/{town.community.code}/{OCTOBER}")
    Veto.objects.all().delete()
    assert there(town) not in page(office.gao, f"/desk/assessment/{town.community.code}/{OCTOBER}")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"place": "不知道哪里"}, "没有找到"),
        ({"place": ""}, "请写是哪个地方"),
        ({"happened_on": ""}, "请选是哪一天"),
        ({"first": ""}, "从哪个月起算"),
        ({"last": ""}, "算到哪个月"),
        ({"place": "第一网格"}, "不参加考核"),
        ({"event": " 。"}, "还没写"),
        ({"event": " "}, "请写出了什么事"),
        ({"event": "很" * 301}, "写长了 1 个字"),
        ({"basis": ""}, "请写依据"),
        ({"cap": "3"}, "请选最高"),
        ({"happened_on": "2099-01-01"}, "还没到"),
        ({"happened_on": "十月"}, "2026-11-27"),
        ({"first": "2026-09"}, "事情发生的那个月"),
        ({"first": "2026-Q4"}, "2026-06"),
        ({"last": "2026-09", "first": "2026-10"}, "不能早于"),
        ({"last": "2028-10"}, "24 个月"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    town: Town, office: Office, other: dict[str, str], said: str
) -> None:
    answered = declared(town, office.gao, **other)
    assert answered.status_code in (400, 409)
    text = answered.content.decode()
    name = next(iter(other))
    assert f'id="declare_{name}_error"' in text or f'id="declare_{name}_field"' in text
    assert said in text
    assert RULE in text or name == "basis"
    assert not Veto.objects.exists()


def test_a_form_that_comes_twice_declares_once(town: Town, office: Office) -> None:
    key = str(uuid4())
    first, again = declared(town, office.gao, key=key), declared(town, office.gao, key=key)
    assert first["Location"] == again["Location"]
    assert Veto.objects.count() == 1
    other = declared(town, office.gao, key=key, event="改成了别的事")
    assert other.status_code == 409
    assert "改成了别的事" in other.content.decode()
    assert told(town.li) == ["veto_declared"]


def test_who_may_declare(town: Town, office: Office) -> None:
    for nobody in (town.li, town.guo, town.zhou, town.chen, town.stranger):
        assert declared(town, nobody).status_code == 404
        assert client_of(nobody).get(there(town, "new/")).status_code == 404
    appoint(
        add_post("community_secretary", town.community, actor=None, now=MONDAY),
        office.he,
        actor=None,
        now=MONDAY,
    )
    own = declared(town, office.he)
    assert own.status_code == 403
    assert "不归您认定" in own.content.decode()
    city = client_of(office.gao).post(
        f"/desk/assessment/{town.city.code}/vetoes/new/", words(place=town.city.code)
    )
    assert city.status_code == 403
    assert not Veto.objects.exists()


def test_who_may_appeal_and_rule(town: Town, office: Office) -> None:
    veto = fire(town.community, office.gao)
    for nobody in (town.chen, town.stranger):
        assert client_of(nobody).get(of(veto)).status_code == 404
        assert decide(nobody, veto, "appeal").status_code == 404
    assert decide(office.ma, veto, "appeal").status_code == 403
    assert "申诉" not in page(office.ma, of(veto))
    assert decide(town.wang, veto, "appeal").status_code == 404
    assert decide(office.he, veto, "rule", ruling="lifted").status_code == 409
    assert decide(town.guo, veto, "appeal").status_code == 303
    for nobody in (office.gao, town.li, town.guo, town.zhou):
        assert decide(nobody, veto, "rule", ruling="lifted").status_code == 403, nobody
    appoint(
        add_post("community_secretary", town.community, actor=None, now=MONDAY),
        office.he,
        actor=None,
        now=MONDAY,
    )
    assert decide(office.he, veto, "rule", ruling="lifted").status_code == 403
    assert "没有别人" in page(office.gao, of(veto))
    veto.refresh_from_db()
    assert veto.ruling == ""
    assert client_of(office.he).post(of(veto), {"do": "nonsense"}).status_code == 404


def test_who_comes_second_reads_who_was_first(town: Town, office: Office) -> None:
    veto = fire(town.community, office.gao)
    empty = decide(town.li, veto, "appeal", words=" ")
    assert empty.status_code == 400
    assert "appeal_words_error" in empty.content.decode()
    decide(town.li, veto, "appeal", words="不是我们")
    assert decide(town.li, veto, "appeal", words="不是我们").status_code == 303
    second = decide(town.guo, veto, "appeal", words="街道也不同意")
    assert second.status_code == 409
    assert "李建民" in second.content.decode()
    assert "街道也不同意" in second.content.decode()
    late = decide(office.gao, veto, "withdraw", words="弄错了")
    assert late.status_code == 409
    assert "弄错了" in late.content.decode()
    odd = decide(office.he, veto, "rule", ruling="maybe", words="看不准")
    assert odd.status_code == 400
    assert "看不准" in odd.content.decode()
    decide(office.he, veto, "rule", ruling="upheld", words="查实")
    assert decide(office.he, veto, "rule", ruling="upheld", words="查实").status_code == 303
    assert decide(office.he, veto, "rule", ruling="lifted", words="又想了想").status_code == 409
    veto.refresh_from_db()
    assert (veto.ruling, veto.why, veto.appeal) == ("upheld", "查实", "不是我们")


def test_what_should_not_have_been_declared_is_withdrawn(town: Town, office: Office) -> None:
    veto = fire(town.community, office.gao)
    assert decide(town.li, veto, "withdraw").status_code == 403
    assert decide(office.he, veto, "withdraw", words="写错了社区").status_code == 303
    assert league_row(office.gao, town)["等次"] == "优秀"
    assert told(town.li) == ["veto_declared", "veto_withdrawn"]
    assert told(office.gao) == ["veto_withdrawn"]
    assert "已收回" in page(town.li, of(veto))
    answered = decide(town.li, veto, "appeal")
    assert answered.status_code == 409
    assert "有出入" in answered.content.decode()


def test_the_lists_and_the_spreadsheet(town: Town, office: Office) -> None:
    now = localdate()
    this = now.year * 100 + now.month
    on = fire(town.community, office.gao, first=202610, last=max(this, 202610))
    gone = fire(town.other, office.gao)
    decide(office.gao, gone, "withdraw")
    decide(town.li, on, "appeal")
    city = f"/desk/assessment/{town.city.code}/vetoes/"
    for which, name, absent in (
        ("in_force", "柳巷社区", "河沿社区"),
        ("appealed", "柳巷社区", "河沿社区"),
        ("past", "河沿社区", "柳巷社区"),
    ):
        said = page(town.zhou, f"{city}?list={which}")
        assert name in said
        assert absent not in said
    assert "没有等着裁定的申诉" in page(
        office.ma, f"/desk/assessment/{town.other.code}/vetoes/?list=appealed"
    )
    sheet = b"".join(client_of(town.zhou).get(city.rstrip("/") + ".csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert {row["地点"]: row["状态"] for row in rows} == {"柳巷社区": "申诉中", "河沿社区": "已收回"}
    assert client_of(town.zhou).get(city.rstrip("/") + ".xlsx").status_code == 200
    for stranger in (town.chen, town.stranger):
        for address in (city, city.rstrip("/") + ".csv", of(on)):
            assert client_of(stranger).get(address).status_code == 404
    elsewhere = f"/desk/assessment/{town.other.code}/vetoes/{on.pk}/"
    assert client_of(town.zhou).get(elsewhere).status_code == 404


def test_a_wider_place_is_capped_by_itself(town: Town, office: Office) -> None:
    Scorecard.objects.filter(period="2026-10").update(total=95.5, counted=80)
    fire(town.street, office.gao)
    said = page(town.guo, f"/desk/assessment/{town.street.code}/card/{OCTOBER}")
    assert "未达标" in said
    assert league_row(office.gao, town)["等次"] == "优秀"


def test_a_veto_needs_a_place_that_is_assessed(town: Town, office: Office) -> None:
    village = add_place(
        name="上坡村委会", level="community", parent=town.street, actor=None, now=MONDAY, code="990102001201"
    )
    answered = declared(town, office.gao)
    assert answered.status_code == 303
    there_too = client_of(office.gao).post(
        f"/desk/assessment/{town.city.code}/vetoes/new/", words(place=village.code)
    )
    assert there_too.status_code == 400
    assert "不参加考核" in there_too.content.decode()


def test_the_system_administrator_turns_it_on_and_the_office_declares(town: Town) -> None:
    office, sun = open_office(town), person("孙志远")
    appoint(add_post("system_admin", town.city, actor=None, now=MONDAY), sun, actor=None, now=MONDAY)
    assert declared(town, office.gao).status_code == 409, "off is what a city begins with"
    row = {"name": VETO, "value": "1", "place": "", "valid_from": f"{localdate():%Y-%m-%d}", "seen": ""}
    for nobody in (office.gao, town.zhou):
        assert client_of(nobody).post(reverse("admin:places_number_add"), row).status_code == 404
    assert client_of(sun).post(reverse("admin:places_number_add"), row).status_code in (302, 303)
    assert declared(town, office.gao).status_code == 303
    assert league_row(office.gao, town)["等次"] == "未达标"
