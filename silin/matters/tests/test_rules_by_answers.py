"""One lamp goes to the community, a whole street to the bureau; the rules go out and come in as a table."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate
from openpyxl import Workbook, load_workbook

from silin.forms.schema import read_schema
from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet
from silin.imports.models import Batch
from silin.lib.refusal import Refused
from silin.matters import routing, terms
from silin.matters.deeds import By
from silin.matters.models import Matter, RoutingRule
from silin.matters.raising import Report, raise_matter
from silin.matters.routing import why_words
from silin.matters.rules import AboutRule, add_rule
from silin.matters.terms import set_category, set_questions
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.people.models import PostKind
from tests.town import Town

DAY = timedelta(days=1)
ASKED = [
    {
        "key": "extent",
        "type": "choice",
        "label": "坏了多少",
        "choices": [{"code": "one", "label": "就一盏"}, {"code": "street", "label": "整条街"}],
    },
    {"key": "pole", "type": "text", "label": "杆号"},
    {"key": "dark", "type": "yes_no", "label": "全黑了吗"},
]


@pytest.fixture
def here(db: None) -> Town:
    town = pages.make_town()
    town.lamp.questions = set_questions(town.lamp.pk, read_schema(ASKED), actor=None, now=pages.BEGUN)
    set_category(town.lamp, actor=None, now=pages.BEGUN)
    return town


def rule(town: Town, post: str, **more: Any) -> RoutingRule:
    about = AboutRule(more.pop("place", town.city), PostKind.objects.get(pk=post), category=town.lamp, **more)
    return add_rule(about, day=localdate(), actor=town.zhou, now=timezone.now())


def raised(town: Town, answers: Mapping[str, object] | None) -> Matter:
    report = Report("路灯不亮", town.lamp, place=town.grid, answers=answers)
    return raise_matter("report", By(town.chen, timezone.now()), report)


def test_the_answer_decides_and_the_page_says_so(here: Town) -> None:
    bureaus = Bureaus(here)
    near = rule(here, "community_desk", place=here.community)
    street = rule(here, "county_clerk", question="extent", answer="street", organisation=bureaus.light)
    rule(here, "street_duty", question="dark", answer="yes", place=here.street)
    matter = raised(here, {"extent": "street"})
    assert matter.holder == bureaus.posts[0]
    assert matter.why["row"] == str(street.pk)
    assert why_words(matter) == "第 2 条派单规则：临川市 · 路灯不亮 · 坏了多少：整条街"
    for answers in ({"extent": "one"}, {}, None):
        assert raised(here, answers).why["row"] == str(near.pk)
    both = raised(here, {"extent": "street", "dark": True})  # both look at an answer: the nearer place wins
    assert both.holder is not None
    assert both.holder.kind_id == "street_duty"


def test_an_answer_costs_no_statement(here: Town) -> None:
    rule(here, "community_desk", question="extent", answer="one")
    raised(here, {"extent": "one"})
    routing.rules.forget()
    terms.forget()
    terms.terms()
    with CaptureQueriesContext(connection) as seen:
        matter = raised(here, {"extent": "one"})
    asked = [each["sql"] for each in seen if "SAVEPOINT" not in each["sql"]]
    assert len(asked) + 3 <= 12, "\n".join(asked)  # three more locate the point
    assert matter.holder == here.desk_post


@pytest.mark.parametrize(
    ("question", "answer"), [("extent", "none"), ("pole", "7"), ("no_such", "one"), ("extent", "")]
)
def test_what_is_not_asked_there_is_refused(question: str, answer: str, here: Town) -> None:
    with pytest.raises(Refused, match="bad_answer"):
        rule(here, "community_desk", question=question, answer=answer)
    about = AboutRule(here.city, PostKind.objects.get(pk="street_duty"), question="extent", answer="one")
    with pytest.raises(Refused, match="bad_answer"):
        add_rule(about, day=localdate(), actor=here.zhou, now=timezone.now())
    assert not RoutingRule.objects.exists()


def test_zhou_writes_such_a_rule_at_the_desk_and_sees_what_it_would_have_changed(here: Town) -> None:
    for answers in ({"extent": "street"}, {"extent": "one"}, {"extent": "street"}):
        raised(here, answers)
    browser = pages.signed_in(here.zhou)
    page = browser.get("/desk/rules/new/").text
    assert f'value="{here.lamp.pk}/extent/street"' in page
    said = {
        "category": here.lamp.pk,
        "answer": f"{here.lamp.pk}/extent/street",
        "place": here.street.code,
        "post_kind": "street_duty",
        "day": str(localdate()),
        "key": pages.kept(page, "key"),
    }
    wrong = browser.post("/desk/rules/new/", {**said, "category": "manhole", "do": "look"})
    assert wrong.status_code == 400
    assert "这个类别没有问这一项" in wrong.text
    looked = browser.post("/desk/rules/new/", {**said, "do": "look"}).text
    assert "这 2 件" in looked
    assert browser.post("/desk/rules/new/", {**said, "do": "keep"}).status_code == 303
    assert raised(here, {"extent": "street"}).why["rule"] == "rule"
    assert "selected>坏了多少: 整条街" in browser.get("/desk/rules/1/").text.replace("：", ": ")


def sent(here: Town, data: bytes) -> Batch:
    return upload(get_sheet("rules"), here.city, data, name="rules.xlsx", by=here.zhou, now=timezone.now())


def saved(book: Workbook) -> bytes:
    """The file as the office program keeps it."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rules_go_out_are_changed_and_come_in_with_the_dry_run(here: Town) -> None:
    bureaus = Bureaus(here)
    rule(here, "community_desk", place=here.community)
    rule(here, "county_clerk", question="extent", answer="street", organisation=bureaus.light)
    for answers in ({"extent": "street"}, {"extent": "one"}):
        raised(here, answers)
    browser = pages.signed_in(here.zhou)
    there = "/desk/imports/rules/"
    assert there in browser.get("/desk/rules/").text
    exported = browser.get(f"{there}export/?place={here.city.code}").content
    assert (sent(here, exported).changed, sent(here, exported).bad) == (0, 0)
    book = load_workbook(io.BytesIO(exported))
    page = book.active
    heads = {cell.value.rstrip("*"): cell.column for cell in page[1]}
    rows = {row[0].value: row[0].row for row in page.iter_rows(min_row=3) if row[0].value}
    assert page.cell(rows["2"], heads["只限这样回答的"]).value.replace("：", ": ") == "坏了多少: 整条街"

    page.cell(rows["1"], heads["派给"]).value = "街道综治中心值班"
    page.cell(rows["1"], heads["从哪天起"]).value = str(localdate() - DAY)
    assert sent(here, saved(book)).bad == 1
    page.cell(rows["1"], heads["从哪天起"]).value = str(localdate() + DAY)
    for head, value in _seventh(here).items():
        page.cell(page.max_row + (head == "编号"), heads[head]).value = value
    batch = sent(here, saved(book))
    assert (batch.new, batch.changed, batch.bad) == (1, 1, 0), batch.shown
    told = browser.get(f"/desk/imports/batches/{batch.pk}/").text
    assert "1 件会变" in told
    commit(batch, by=here.zhou, now=timezone.now())
    assert RoutingRule.objects.filter(number=1).count() == 2
    again = sent(here, saved(book))
    assert (again.new, again.changed, again.bad) == (0, 0, 0)


def test_a_rule_that_came_in_routes_and_ends_on_its_day_when_its_sheet_is_taken_back(here: Town) -> None:
    Bureaus(here)
    rule(here, "community_desk", place=here.community)
    browser = pages.signed_in(here.zhou)
    book = load_workbook(
        io.BytesIO(browser.get(f"/desk/imports/rules/export/?place={here.city.code}").content)
    )
    page = book.active
    heads = {cell.value.rstrip("*"): cell.column for cell in page[1]}
    for head, value in _seventh(here).items():
        page.cell(page.max_row + (head == "编号"), heads[head]).value = value
    batch = sent(here, saved(book))
    commit(batch, by=here.zhou, now=timezone.now())
    assert RoutingRule.objects.get(number=7).asked.replace("：", ": ") == "全黑了吗: 是"
    assert str(raised(here, {"dark": True}).holder).endswith("街道综治中心值班")
    browser.post(f"/desk/imports/batches/{batch.pk}/", {"do": "undo"})
    seventh = RoutingRule.objects.get(number=7)
    assert seventh.valid_until == seventh.valid_from == localdate()
    assert str(raised(here, {"dark": True}).holder).endswith("社区值班")
    assert sent(here, saved(book)).bad == 1


def _seventh(here: Town) -> dict[str, str]:
    return {
        "编号": "7",
        "类别代码": here.lamp.pk,
        "只限这样回答的": "全黑了吗：是",
        "地点代码": here.street.code,
        "派给": "街道综治中心值班",
        "从哪天起": str(localdate()),
    }


def test_whoever_may_not_write_rules_finds_no_table(here: Town) -> None:
    for user in (here.li, here.guo, here.wang, here.stranger):
        for page in ("", "export/", "template/"):
            assert pages.signed_in(user).get(f"/desk/imports/rules/{page}").status_code == 404
