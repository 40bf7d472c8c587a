"""Zhou lays down who gets street lights first: the most exact rule wins, and each matter keeps why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silin.accounts.models import User
from silin.history.models import Entry
from silin.history.queries import check
from silin.history.rows import mark
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.matters import routing
from silin.matters.deeds import By
from silin.matters.handling import accept, give_back
from silin.matters.models import Category, Matter, RoutingRule
from silin.matters.raising import Report, raise_matter
from silin.matters.routing import in_order, why_words
from silin.matters.rules import AboutRule, add_rule, change_rule, end_rule, rows_of
from silin.matters.tests.bureaus import Bureaus
from silin.people.actions import add_post, appoint, end
from silin.people.models import Holding, Post, PostKind
from silin.people.rosters import set_day, set_week
from silin.places.models import Place
from tests.town import MONDAY, Town, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = MONDAY.date()


def post_kind(code: str) -> PostKind:
    return PostKind.objects.get(pk=code)


def rule(town: Town, post: str, *, place: Place | None = None, day: date = TODAY, **more: Any) -> RoutingRule:
    about = AboutRule(place or town.city, post_kind(post), **more)
    return add_rule(about, day=day, actor=town.zhou, now=MONDAY)


def post_of(user: User) -> Post:
    return Post.objects.get(holdings__user=user)


def kind_of(matter: Matter) -> str:
    """The kind of post in whose hands it is."""
    return matter.holder.kind_id if matter.holder else ""


def raised(town: Town, at: datetime = MONDAY, place: Place | None = None) -> Matter:
    return raise_matter("tiny", By(town.chen, at), Report("路灯杆歪了", town.lamp, place=place or town.grid))


def test_the_most_exact_rule_wins_and_the_matter_keeps_why(town: Town) -> None:
    bureaus = Bureaus(town)
    group = town.lamp.parent
    rule(town, "community_desk", category=group)
    rule(town, "street_duty")
    assert raised(town).holder == town.desk_post
    lamps = rule(town, "county_clerk", category=town.lamp, organisation=bureaus.light)
    matter = raised(town)
    assert matter.holder == bureaus.posts[0]
    assert matter.why["row"] == str(lamps.pk)
    assert why_words(matter) == "第 3 条派单规则：临川市 · 路灯不亮"
    near = rule(town, "grid_leader", category=town.lamp, place=town.community)
    assert kind_of(raised(town)) == "grid_leader"
    assert raised(town, place=town.other_grid).holder == bureaus.posts[0]
    end_rule(near.number, day=TODAY, actor=town.zhou, now=MONDAY)
    assert raised(town).holder == bureaus.posts[0]
    assert near.number in [row.number for row in RoutingRule.objects.all()]


def test_at_night_and_outside_of_working_time(town: Town) -> None:
    rule(town, "community_desk", category=town.lamp, when="off")
    rule(town, "street_duty", category=town.lamp, begins=time(22), ends=time(6))
    assert raised(town).holder == town.worker_post
    assert raised(town, MONDAY + 10 * HOUR).holder == town.desk_post
    assert raised(town, MONDAY + 5 * DAY).holder == town.desk_post
    assert kind_of(raised(town, MONDAY + 14 * HOUR)) == "street_duty"
    assert kind_of(raised(town, MONDAY + 20 * HOUR)) == "street_duty"


def test_a_rule_counts_from_its_day_on_and_a_change_from_another(town: Town) -> None:
    row = rule(town, "community_desk", category=town.lamp, day=TODAY + DAY)
    assert raised(town).holder == town.worker_post
    assert raised(town, MONDAY + DAY).holder == town.desk_post
    about = replace(AboutRule.of(row), post_kind=post_kind("street_duty"))
    by: dict[str, Any] = {"actor": town.zhou, "now": MONDAY + DAY}
    later = change_rule(row.number, about, day=TODAY + 3 * DAY, seen=mark(row), **by)
    assert later.number == row.number
    assert raised(town, MONDAY + 2 * DAY).holder == town.desk_post
    assert kind_of(raised(town, MONDAY + 3 * DAY)) == "street_duty"
    with pytest.raises(Refused, match="later"):
        change_rule(row.number, AboutRule.of(row), day=TODAY + 2 * DAY, **by)
    with pytest.raises(Refused, match="past"):
        end_rule(row.number, day=TODAY, **by)
    with pytest.raises(Changed):
        end_rule(row.number, day=TODAY + 3 * DAY, seen=mark(row), **by)
    lines = Entry.objects.filter(subject=f"routing_rule:{row.number}").order_by("seq")
    assert [line.action for line in lines] == ["add", "change"]
    assert check(f"routing_rule:{row.number}") == []
    assert len(rows_of(row.number)) == 2


def test_what_a_rule_has_sent_keeps_its_reason_when_the_rule_is_changed_on_the_same_day(town: Town) -> None:
    first = rule(town, "community_desk", category=town.lamp)
    sent = raised(town)
    by: dict[str, Any] = {"day": TODAY, "actor": town.zhou, "now": MONDAY + HOUR}
    about = replace(AboutRule.of(first), category=Category.objects.get(pk="manhole"))
    now = change_rule(first.number, about, seen=mark(first), **by)
    assert change_rule(first.number, about, seen=mark(first), **by) == now
    assert raised(town, MONDAY + HOUR).holder == town.worker_post
    assert why_words(sent) == "第 1 条派单规则：临川市 · 路灯不亮"
    last = end_rule(now.number, seen=mark(now), **by)
    assert end_rule(now.number, seen=mark(now), **by) == last
    assert [row.pk for row in rows_of(first.number)] == [now.pk, first.pk]
    lines = Entry.objects.filter(subject=f"routing_rule:{first.number}").order_by("seq")
    assert [line.action for line in lines] == ["add", "change", "end"]


def test_who_is_not_there_is_passed_over_and_that_is_said(town: Town) -> None:
    bureaus = Bureaus(town)
    rule(town, "county_clerk", category=town.lamp, organisation=bureaus.light)
    for holding in Holding.objects.filter(post=bureaus.posts[0]):
        end(holding, actor=None, now=MONDAY)
    matter = raised(town)
    assert matter.holder == town.worker_post
    assert why_words(matter) == "没有规则另作规定，派给了最近的岗位 · 第 1 条规则的岗位没有人在"
    instead = person("代班的老赵")
    appoint(bureaus.posts[0], instead, actor=None, now=MONDAY, stand_in=True)
    assert raised(town).holder == bureaus.posts[0]


def test_a_rule_sends_to_whoever_is_on_the_roster(town: Town) -> None:
    """Of two seats the one on duty; where nobody comes all day, the rule is passed over, and that is said."""
    ma, sun = (
        add_post("street_duty", town.street, serial=serial, actor=None, now=MONDAY) for serial in (2, 3)
    )
    by: dict[str, Any] = {"actor": None, "now": MONDAY}
    for post, name, starts, ends in ((ma, "老马", 8, 20), (sun, "小孙", 20, 8)):
        appoint(post, person(name), **by)
        set_week(post, range(7), time(starts), time(ends), **by)
    set_day(post_of(town.guo), TODAY, None, **by)
    lamps = rule(town, "street_duty", category=town.lamp)
    assert raised(town).holder == ma
    assert raised(town, MONDAY + 12 * HOUR).holder == sun
    for post in (ma, sun):
        set_day(post, TODAY, None, **by)
    matter = raised(town)
    assert matter.holder == town.worker_post
    assert matter.why["passed"] == [lamps.number]


def test_a_rule_costs_no_statement_more_than_one(town: Town) -> None:
    rule(town, "community_desk", category=town.lamp)
    raised(town)
    routing.rules.forget()
    with CaptureQueriesContext(connection) as seen:
        matter = raised(town)
    asked = [each["sql"] for each in seen if "SAVEPOINT" not in each["sql"]]
    assert len(asked) + 3 <= 12, "\n".join(asked)  # three more locate the point
    assert matter.holder == town.desk_post


def test_what_no_rule_may_say(town: Town) -> None:
    rule(town, "community_desk", category=town.lamp)
    cases: list[tuple[str, dict[str, Any]]] = [
        ("taken", {"post": "street_duty", "category": town.lamp}),
        ("bad_post", {"post": "auditor"}),
        ("bad_kind", {"post": "community_desk", "kind": "no_such"}),
        ("bad_times", {"post": "community_desk", "begins": time(8)}),
        ("past", {"post": "community_desk", "day": TODAY - DAY}),
    ]
    for code, said in cases:
        with pytest.raises(Refused, match=code):
            rule(town, **said)
    with pytest.raises(NotAllowed):
        add_rule(AboutRule(town.city, post_kind("community_desk")), day=TODAY, actor=town.li, now=MONDAY)
    assert RoutingRule.objects.count() == 1


def test_what_a_bureau_gives_back_finds_a_desk(town: Town) -> None:
    bureaus = Bureaus(town)
    rule(town, "county_clerk", category=town.lamp, organisation=bureaus.light)
    zhao = bureaus.clerks[0]
    matter = accept(raised(town), By(zhao, MONDAY + HOUR))
    matter = give_back(matter, By(zhao, MONDAY + 2 * HOUR, words="不归我们"))
    assert kind_of(matter) == "city_admin"  # the nearest desk above the bureau's county


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_order_of_rules_is_the_same_however_they_are_listed(town: Town, data: st.DataObject) -> None:
    """The winner meets all conditions, and no rule that meets them is more exact: first the category counts,
    then the place, then the kind.
    """
    places = [town.city, town.county, town.street, town.community, town.grid]
    about: list[Category | None] = [None, town.lamp.parent, town.lamp]
    leaf = st.sampled_from([*about, Category.objects.get(pk="manhole")])
    rows = [
        RoutingRule(
            number=number,
            place=data.draw(st.sampled_from(places)),
            category=data.draw(leaf),
            kind=data.draw(st.sampled_from(["", "report", "tiny"])),
            valid_from=TODAY,
        )
        for number in range(data.draw(st.integers(1, 8)))
    ]
    shuffled = data.draw(st.permutations(rows))
    assert in_order(shuffled) == in_order(rows)
    met = [row for row in in_order(rows) if row.is_about("tiny", town.lamp, town.grid.path, MONDAY, {})]
    assert all(row.category in about and row.kind in ("", "tiny") for row in met)
    told = [(about.index(row.category), places.index(row.place), len(row.kind)) for row in met]
    assert told == sorted(told, reverse=True)
