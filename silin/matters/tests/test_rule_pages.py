"""Zhou writes a rule: sees what it would have changed, keeps it, changes it from a day on, ends it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from silin.matters.models import Matter, RoutingRule
from silin.matters.rules import AboutRule, add_rule, end_rule
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.people.models import PostKind
from tests.counting import statements
from tests.town import Town

NEW = "/desk/rules/new/"


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


def fields(page: str) -> dict[str, str]:
    """The form of a rule as the page shows it."""
    form = page[page.index('id="change"') :]
    found = dict(re.findall(r'<input type="(?:hidden|text|date|time)" name="(\w+)" value="([^"]*)"', form))
    for name in ("category", "kind", "when", "post_kind", "organisation"):
        select = re.search(rf'<select name="{name}".*?</select>', form, re.S)
        chosen = re.search(r'value="([^"]*)" selected', select[0]) if select else None
        found[name] = chosen[1] if chosen else ""
    return found


def post(who: Client, there: str, do: str, **more: str) -> str:
    """What the page at ``there`` answers when its form is sent with ``do``."""
    sent = fields(who.get(there).content.decode()) | {"do": do} | more
    return who.post(there, sent, follow=True).content.decode()


def test_from_the_dry_run_to_the_end(here: Town) -> None:
    bureaus, zhou = Bureaus(here), pages.signed_in(here.zhou)
    for n in range(3):
        pages.raised(here, f"第 {n} 盏路灯不亮")
    pages.raised(here, place=here.other_grid)
    said = {"category": "street_light", "post_kind": "county_clerk", "place": "柳巷社区居委会"}
    page = post(zhou, NEW, "look", **said, organisation=str(bureaus.light.pk))
    assert "3 件里 0 件和原来一样，这 3 件会变" in page
    assert "东城区城管局" in page
    assert not RoutingRule.objects.exists()
    page = post(zhou, NEW, "keep", **said, organisation=str(bureaus.light.pk))
    assert "已经记下" in page
    row = RoutingRule.objects.get()
    assert (row.place, row.category, row.organisation) == (here.community, here.lamp, bureaus.light)
    matter = pages.raised(here)
    assert matter.holder == bureaus.posts[0]
    assert "第 1 条派单规则：柳巷社区 · 路灯不亮" in zhou.get(f"/desk/m/{matter.number}/").content.decode()
    clerk = pages.signed_in(bureaus.clerks[0]).get(f"/w/tasks/{matter.number}/").content.decode()
    assert "第 1 条派单规则" in clerk
    there, later = f"/desk/rules/{row.number}/", localdate() + timedelta(days=3)
    page = post(zhou, there, "keep", post_kind="community_desk", organisation="", day=later.isoformat())
    assert [(each.valid_until, each.post_kind_id) for each in RoutingRule.objects.order_by("valid_from")] == [
        (later, "county_clerk"),
        (None, "community_desk"),
    ]
    page = zhou.get(there).content.decode()
    seen = re.findall(r'name="seen" value="([^"]*)"', page)[-1]
    last = {"seen": seen, "day": (later + timedelta(days=1)).isoformat()}
    assert "会变" in zhou.post(there, {**last, "do": "end_look"}).content.decode()
    for _tap in range(2):
        assert "已经记下" in zhou.post(there, {**last, "do": "end"}, follow=True).content.decode()
    assert not RoutingRule.objects.filter(valid_until=None).exists()
    assert 'id="change"' not in zhou.get(there).content.decode()


def test_who_comes_after_the_end_is_told(here: Town) -> None:
    """Zhou had the page open while somebody else ended the rule."""
    zhou, day = pages.signed_in(here.zhou), localdate()
    kind = PostKind.objects.get(pk="community_desk")
    row = add_rule(AboutRule(here.city, kind, here.lamp), day=day, actor=None, now=timezone.now())
    there = f"/desk/rules/{row.number}/"
    old = fields(zhou.get(there).content.decode())
    end_rule(row.number, day=day + timedelta(days=3), actor=None, now=timezone.now())
    for do, status in (("keep", 409), ("look", 409)):
        answer = zhou.post(there, {**old, "do": do, "post_kind": "grid_leader"})
        assert answer.status_code == status
        old = fields(answer.content.decode())
        assert old["post_kind"] == "grid_leader"
    assert "这条规则只用到" in answer.content.decode()


def test_a_dry_run_says_no_more_than_what_then_happens(here: Town) -> None:
    """Of two rules whose hours overlap the older one goes first, in the dry run too; nor does it try what
    may not be kept.
    """
    zhou, day, now = pages.signed_in(here.zhou), localdate(), timezone.now()
    kind = PostKind.objects.get(pk="community_desk")
    about = AboutRule(here.city, kind, here.lamp, begins=time(0), ends=time(23, 59))
    older = add_rule(about, day=day, actor=None, now=now)
    noon = datetime.combine(day - timedelta(days=1), time(12), tzinfo=timezone.get_current_timezone())
    pages.raised(here, now=noon)
    said = {"category": "street_light", "post_kind": "street_duty", "begins": "00:00", "ends": "23:58"}
    assert "1 件里 1 件和原来一样，这 0 件会变" in post(zhou, NEW, "look", **said)
    there, later = f"/desk/rules/{older.number}/", day + timedelta(days=3)
    post(zhou, there, "keep", post_kind="street_duty", day=later.isoformat())
    page = post(zhou, there, "look", post_kind="grid_leader", day=day.isoformat())
    assert "已经安排了一次改动" in page
    assert "这样改会变哪些" not in page
    seen = fields(zhou.get(there).content.decode())["seen"]
    page = zhou.post(there, {"do": "end_look", "seen": seen, "day": "2020-01-01"}).content.decode()
    assert "已经派出去的不会改" in page


def test_who_comes_second_is_told_and_keeps_what_was_typed(here: Town) -> None:
    zhou = pages.signed_in(here.zhou)
    kind = PostKind.objects.get(pk="community_desk")
    row = add_rule(AboutRule(here.city, kind, here.lamp), day=localdate(), actor=None, now=timezone.now())
    there = f"/desk/rules/{row.number}/"
    old = fields(zhou.get(there).content.decode())
    post(zhou, there, "keep", post_kind="street_duty")
    answer = zhou.post(there, {**old, "do": "keep", "post_kind": "grid_leader"})
    assert answer.status_code == 409
    again = fields(answer.content.decode())
    assert again["post_kind"] == "grid_leader"
    assert zhou.post(there, {**again, "do": "keep"}).status_code == 303
    assert RoutingRule.objects.get(valid_until=None).post_kind_id == "grid_leader"


def test_bad_words_are_told_at_their_field(here: Town) -> None:
    zhou = pages.signed_in(here.zhou)
    for said, words in (
        ({"place": "没有的地方", "post_kind": "community_desk"}, "没有找到这个地方"),
        ({"post_kind": ""}, "这里要填。"),
        ({"post_kind": "community_desk", "begins": "08:00"}, "请把从几点到几点写全"),
        ({"post_kind": "community_desk", "day": "2020-01-01"}, "已经派出去的不会改"),
    ):
        assert words in post(zhou, NEW, "look", **said)


def test_who_may_look_and_who_may_write(here: Town) -> None:
    kind = PostKind.objects.get(pk="community_desk")
    row = add_rule(AboutRule(here.other, kind), day=localdate(), actor=None, now=timezone.now())
    there = f"/desk/rules/{row.number}/"
    for user, status in (
        (here.zhou, 200),
        (here.guo, 200),
        (here.li, 404),
        (here.wang, 404),
        (here.chen, 404),
    ):
        assert pages.signed_in(user).get(there).status_code == status
    guo = pages.signed_in(here.guo)
    assert "从某天起改成" not in guo.get(there).content.decode()
    assert guo.post(there, {"do": "end", "day": "2030-01-01"}).status_code == 404
    assert guo.get(NEW).status_code == 404
    assert "河沿社区" in guo.get("/desk/rules/").content.decode()
    assert "河沿社区" not in pages.signed_in(here.li).get("/desk/rules/").content.decode()


def test_a_dry_run_costs_the_same_for_many_matters(here: Town) -> None:
    zhou = pages.signed_in(here.zhou)
    said = fields(zhou.get(NEW).content.decode()) | {"do": "look", "post_kind": "community_desk"}
    pages.raised(here)
    few = statements(zhou, NEW, said)
    for _more in range(6):
        pages.raised(here)
    assert Matter.objects.count() == 7
    assert statements(zhou, NEW, said) == few <= 20
