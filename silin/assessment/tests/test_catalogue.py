"""The assessment's office works on the next version of the catalogue, looks it through, publishes it."""

from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from silin.assessment.drafting import earliest, open_draft, publish, set_row
from silin.assessment.models import AssessedPeriod, Catalogue, Scorecard
from silin.assessment.periods import Period
from silin.assessment.publishing import measure_due
from silin.assessment.tests.test_desk import OCTOBER, ON_TIME, closed, measured, page
from silin.history.models import Entry
from silin.history.rows import mark
from silin.lib.refusal import Changed, Refused
from silin.lib.workdays import SHANGHAI
from tests.town import MONDAY, Town
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
START = "/desk/assessment/catalogue/"
DRAFT, ROW = f"{START}2/", f"{START}2/of/{ON_TIME}/edit/"
LATER = datetime(2026, 10, 20, 9, tzinfo=SHANGHAI)


@pytest.fixture
def office(town: Town) -> Client:
    return client_of(town.zhou)


def filled(client: Client, address: str) -> dict[str, Any]:
    """What the form at an address holds, as a browser would send it back."""
    form = client.get(address).context["form"]
    return {each.html_name: each.value() for each in form if each.value() is not None}


def publish_words(client: Client, **other: str) -> dict[str, Any]:
    return filled(client, f"{DRAFT}changes/") | {"note": "市社区办〔2026〕11号"} | other


def test_a_threshold_changes_from_the_draft_to_the_league(town: Town, office: Client) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    before = Scorecard.objects.get(period="2026-10", place=town.community).total
    assert office.get(START, follow=True).context["catalogue"].number == 1
    office.post(f"{START}draft/")
    assert "没有差别" in page(town.zhou, f"{DRAFT}changes/")
    said = filled(office, ROW)
    assert said["rule"] == "linear"
    assert office.post(ROW, {**said, "target": "99", "yellow": "98"}).status_code == 302
    sent = b"".join(office.get(f"{DRAFT}trial.csv")).decode("utf-8-sig")
    [line] = csv.reader(sent.splitlines()[1:])
    assert line[:2] == [town.community.code, "柳巷社区"]
    assert float(line[4]) < 0
    assert client_of(town.li).get(f"{DRAFT}trial.csv").status_code == 404
    changes = page(town.zhou, f"{DRAFT}changes/")
    for words in ("满分值", "黄灯线", "没有问题", "1 个有变化", "柳巷社区"):
        assert words in changes
    assert office.post(f"{DRAFT}publish/", publish_words(office, since="2026-10")).status_code == 302
    measure_due(MONDAY)
    card = Scorecard.objects.select_related("period__catalogue").get(period="2026-10", place=town.community)
    assert card.period.catalogue.number == 2
    assert before is not None
    assert card.total is not None
    assert card.total < before
    assert "98%" in page(town.zhou, f"/desk/assessment/{town.community.code}/of/{ON_TIME}/{OCTOBER}")
    assert Entry.objects.filter(subject="catalogue:2", action="published").count() == 1
    story = page(town.zhou, f"{START}2/of/{ON_TIME}/")
    assert "第 2 版" in story
    assert "→ 99" in story
    assert "第 2 版" not in page(town.zhou, f"{START}2/of/S1.1.1/").partition("历次版本")[2]


def test_an_expression_says_where_it_cannot_be_read_and_loses_nothing(town: Town, office: Client) -> None:
    office.post(f"{START}draft/")
    said = filled(office, ROW) | {
        "num": "count(matter.closed, on_tiem)",
        "title_zh": "按时办结率",
        "points": "0",
    }
    answer = office.post(ROW, said)
    assert answer.context["form"].errors.keys() == {"num", "points"}
    words = answer.content.decode()
    assert answer.status_code == 400
    assert "没有“on_tiem”这一栏" in words
    assert "第 1 行第 22 个字" in words
    assert "按时办结率" in words
    assert "on_tiem" in words
    assert "on_tiem" not in page(town.zhou, f"{DRAFT}changes/")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"rule": "banded", "bands": "从零到六百"}, "分档请这样写"),
        ({"rule": "deduct_step", "step": "0", "lose": "1"}, "必须大于 0"),
        ({"points": ""}, "这里要填"),
        ({"target": ""}, "满分值"),
        ({"target": "70"}, "不能相同"),
        ({"red": "很低"}, "数字"),
        ({"den": "passing(count(matter.closed) >= 1)"}, "passing()"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    town: Town, office: Client, other: dict[str, str], words: str
) -> None:
    office.post(f"{START}draft/")
    answer = office.post(ROW, filled(office, ROW) | other)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    form = answer.context["form"]
    assert form.errors.keys()
    assert form.errors.keys() <= other.keys()
    assert all(form.data[name] == other[name] for name in other)


def test_nothing_is_published_that_contradicts_itself(town: Town, office: Client) -> None:
    office.post(f"{START}draft/")
    office.post(ROW, filled(office, ROW) | {"points": "9", "title_zh": "群众签到率"})
    changes = page(town.zhou, f"{DRAFT}changes/")
    assert "不到 100" in changes or "不是 100" in changes
    assert "名称" in changes
    assert "填完" not in changes
    refused = office.post(
        f"{DRAFT}publish/",
        {"since": "2026-10", "note": "试", "seen": Catalogue.objects.get(number=2).digest_of_rows()},
    )
    assert refused.status_code == 400
    assert "先改好" in refused.content.decode()
    assert Catalogue.objects.published().count() == 1


def test_rows_come_and_go(town: Town, office: Client) -> None:
    office.post(f"{START}draft/")
    new = filled(office, f"{DRAFT}new/indicator/") | {
        **{
            "code": "S1.3.9",
            "title_zh": "上门核实率",
            "num": "count(matter.verified)",
            "den": "count(matter.closed)",
        },
        **{"unit": "percent", "better": "up", "min_den": "5", "missing": "not_applicable", "period": "month"},
        **{"rule": "linear", "points": "1", "floor": "50", "target": "90", "red": "60", "yellow": "80"},
        **{"lead": "市委政法委", "source": "facts"},
    }
    for code, words in (("S9.1.1", "没有 S9.1"), ("S1.3", "指标写成 S1.2.3"), ("s1.3.9", "指标写成 S1.2.3")):
        refused = office.post(f"{DRAFT}new/indicator/", new | {"code": code})
        assert refused.status_code == 400
        assert words in str(refused.context["form"].errors["code"])
    assert office.post(f"{DRAFT}new/indicator/", new).status_code == 302
    assert office.post(f"{DRAFT}new/indicator/", new).status_code == 409
    assert office.post(f"{DRAFT}new/indicator/", new | {"code": "S1.3.10"}).status_code == 302
    codes = list(Catalogue.objects.get(number=2).indicators.values_list("code", flat=True))
    at = codes.index("S1.3.9")
    assert codes[at - 1].startswith("S1.3.")
    assert codes[at + 1] == "S1.3.10"
    assert codes[at + 2].startswith("S2.1")
    item = {"code": "S1.9", "title_zh": "新项目", "title_en": "", "lead": "", "seen": ""}
    assert office.post(f"{DRAFT}new/item/", item).status_code == 302
    for under, code in (("S", "S6"), ("S1", "S1.10"), ("S1.3", "S1.3.11"), ("S1.9", "S1.9.1")):
        asked = office.get(f"{DRAFT}of/{under}/edit/").context["below"][1]
        assert filled(office, asked)["code"] == code
    held = office.get(f"{DRAFT}of/S1.3/edit/").context["seen"]
    assert "先把它们去掉" in office.post(f"{DRAFT}of/S1.3/remove/", {"seen": held}).content.decode()
    assert "新项目" in page(town.zhou, DRAFT)
    office.post(f"{DRAFT}drop/")
    assert Catalogue.objects.draft() is None
    assert client_of(town.zhou).get(DRAFT).status_code == 404


def test_a_row_is_taken_out_by_whoever_has_seen_what_it_says(town: Town, office: Client) -> None:
    office.post(f"{START}draft/")
    old = office.get(f"{DRAFT}of/S1.1.2/edit/").context["seen"]
    edited = filled(office, f"{DRAFT}of/S1.1.2/edit/") | {"lead": "市民政局"}
    assert office.post(f"{DRAFT}of/S1.1.2/edit/", edited).status_code == 302
    assert office.post(f"{DRAFT}of/S1.1.2/remove/", {"seen": old}).status_code == 409
    held = office.get(f"{DRAFT}of/S1.1.2/edit/").context["seen"]
    assert office.post(f"{DRAFT}of/S1.1.2/remove/", {"seen": held}).status_code == 302
    [removed] = Entry.objects.filter(subject="catalogue:2", action="row_removed")
    assert removed.fields["before"]["lead"] == "市民政局"
    assert not Catalogue.objects.get(number=2).indicators.filter(code="S1.1.2").exists()
    for address in (DRAFT, f"{DRAFT}changes/"):
        assert "S1.1.2" in page(town.zhou, address)


def test_who_comes_second_is_told(town: Town, office: Client) -> None:
    office.post(f"{START}draft/")
    mine, yours = filled(office, ROW), filled(office, ROW)
    ready = publish_words(office)
    office.post(ROW, mine | {"red": "85"})
    refused = office.post(ROW, yours | {"red": "70"})
    assert refused.status_code == 409
    late = office.post(f"{DRAFT}publish/", ready)
    assert late.status_code == 409
    assert filled_again(late)["seen"] == Catalogue.objects.get(number=2).digest_of_rows()
    assert office.post(ROW, filled_again(refused) | {"red": "70"}).status_code == 302
    draft = Catalogue.objects.get(number=2)
    assert draft.indicators.get(code=ON_TIME).red == 70


def filled_again(answer: Any) -> dict[str, Any]:
    return {each.html_name: each.value() for each in answer.context["form"] if each.value() is not None}


def test_months_that_are_final_keep_their_version(town: Town, office: Client) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    first = open_draft(actor=None, now=LATER)
    row = first.indicators.get(code=ON_TIME)
    row.red = 70
    set_row(row, actor=None, now=LATER, seen=mark(first.indicators.get(code=ON_TIME)))
    from_november: dict[str, Any] = {
        "effective_from": Period.parse("2026-11"),
        "note": "",
        "actor": None,
        "now": LATER,
    }
    with pytest.raises(Changed):
        publish(first, seen="0" * 64, **from_november)
    publish(first, seen=first.digest_of_rows(), **from_november)
    with pytest.raises(Refused) as refused:
        set_row(row, actor=None, now=LATER)
    assert refused.value.code == "published"
    second = open_draft(actor=None, now=LATER)
    row = second.indicators.get(code=ON_TIME)
    row.red = 75
    set_row(row, actor=None, now=LATER)
    with pytest.raises(Refused) as refused:
        publish(
            second,
            seen=second.digest_of_rows(),
            **{**from_november, "effective_from": Period.parse("2026-10")},
        )
    assert refused.value.code == "too_early"


def test_a_version_begins_after_the_months_that_are_final(town: Town, office: Client) -> None:
    assert earliest(Catalogue.objects.newest(), LATER) == Catalogue.objects.get(number=1).effective_from
    closed(town.community.code, on_time=9, late=1)
    measured()
    AssessedPeriod.objects.filter(name="2026-10").update(published_at=LATER)
    assert earliest(Catalogue.objects.newest(), LATER) == 202611
    assert earliest(None, LATER) == 202611
    office.post(f"{START}draft/")
    office.post(ROW, filled(office, ROW) | {"red": "70"})
    refused = office.post(f"{DRAFT}publish/", publish_words(office, since="2026-10"))
    assert refused.status_code == 400
    assert "since" in refused.context["form"].errors
    ready = publish_words(office, since="2026-11")
    assert office.post(f"{DRAFT}publish/", ready).status_code == 302
    again = office.post(f"{DRAFT}publish/", ready)
    assert again.status_code in (400, 409)
    assert "已经" in again.content.decode()


def test_what_does_not_differ_is_not_published(town: Town) -> None:
    draft = open_draft(actor=None, now=LATER)
    with pytest.raises(Refused) as refused:
        publish(
            draft,
            effective_from=Period.parse("2026-11"),
            note="",
            seen=draft.digest_of_rows(),
            actor=None,
            now=LATER,
        )
    assert refused.value.code == "nothing_new"


def test_a_stranger_and_a_community_change_nothing(town: Town, office: Client) -> None:
    desk, stranger = client_of(town.li), Client()
    assert desk.get(START).status_code == 302
    assert desk.post(f"{START}draft/").status_code == 404
    office.post(f"{START}draft/")
    assert desk.get(DRAFT).status_code == 200
    assert office.post(ROW, filled(office, ROW) | {"red": "70"}).status_code == 302
    assert "试算" in page(town.zhou, f"{DRAFT}changes/")
    looked = desk.get(f"{DRAFT}changes/").content.decode()
    assert "红灯线" in looked
    assert "试算" not in looked
    assert "起草新版本" not in desk.get(f"{START}1/").content.decode()
    closed_doors = ("publish/", "drop/", f"of/{ON_TIME}/remove/", "new/indicator/", "new/item/")
    for address in (ROW, *(f"{DRAFT}{each}" for each in closed_doors)):
        assert desk.post(address).status_code == 404
        assert stranger.post(address).status_code == 302
    assert stranger.get(START).status_code == 302
    assert office.get(f"{START}1/of/{ON_TIME}/edit/").status_code == 404


def test_a_version_and_what_it_changes_go_out_as_spreadsheets(town: Town, office: Client) -> None:
    office.post(f"{START}draft/")
    office.post(ROW, filled(office, ROW) | {"red": "85"})
    desk = client_of(town.guo)
    book = load_workbook(BytesIO(b"".join(desk.get(f"{DRAFT}?as=xlsx"))))
    lines = {line[0]: line for line in book.worksheets[0].iter_rows(values_only=True)}
    assert len([code for code in lines if str(code).count(".") == 2]) == 133
    assert "网格事件按期办结率" in lines[ON_TIME]
    told = b"".join(desk.get(f"{DRAFT}changes/?as=csv")).decode("utf-8-sig")
    assert "红灯线,80,85" in told
    assert Client().get(f"{DRAFT}?as=xlsx").status_code == 302


def test_a_city_without_a_catalogue_is_told_how_it_gets_one(town: Town, office: Client) -> None:
    Catalogue.objects.all().delete()
    assert "silin init" in page(town.zhou, START)
    assert office.post(f"{START}draft/").status_code == 404
