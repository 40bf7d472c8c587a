"""The street whistles two bureaus: they come, one leads, one helps, both are done; Guo says how it was."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.called import set_whistle_rule
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, give_back
from silin.matters.jobs import turn
from silin.matters.models import Assignment, Matter, State, WhistleRule
from silin.matters.raising import Report, raise_matter
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.matters.triage import dispatch
from silin.matters.verifying import verify
from silin.matters.whistling import finish, hand_on, rate, report_in, step_back, take_part, waive, whistle
from silin.notices.models import Notice
from silin.people.actions import add_post
from silin.people.models import Organisation, Post
from silin.places.actions import add_place
from tests.town import MONDAY, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def bureaus(town: Town) -> Bureaus:
    return Bureaus(town)


def raised(town: Town) -> Matter:
    return raise_matter("tiny", By(town.chen, MONDAY), Report("路灯杆歪了", town.lamp, place=town.grid))


def whistled(town: Town, bureaus: Bureaus) -> Matter:
    lead, helper = bureaus.posts
    by = By(town.guo, MONDAY + HOUR, words="灯杆要两家一起看")
    return whistle(raised(town), by, lead=lead, others=[helper])


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, channel="inbox").values_list("name", flat=True))


def test_from_the_whistle_to_the_grade(town: Town, bureaus: Bureaus) -> None:
    zhao, ma = bureaus.clerks
    matter = whistled(town, bureaus)
    assert (matter.state, matter.holder, matter.calls) == (State.ASSIGNED, bureaus.posts[0], 2)
    assert "matter_whistled" in set(told(zhao)) & set(told(ma))
    matter = accept(matter, By(zhao, MONDAY + HOUR))
    matter = report_in(matter, By(zhao, MONDAY + 2 * HOUR))
    matter = hand_on(matter, By(zhao, MONDAY + 2 * HOUR), team=bureaus.team)
    matter = take_part(matter, By(ma, MONDAY + 2 * HOUR))
    with pytest.raises(Refused, match="others"):
        answer(matter, By(zhao, MONDAY + 3 * HOUR, words="扶正了"))
    matter = report_in(matter, By(ma, MONDAY + DAY))
    matter = finish(matter, By(ma, MONDAY + DAY + HOUR, words="底座浇好了"))
    assert (matter.calls, matter.holder) == (1, bureaus.posts[0])
    matter = answer(matter, By(zhao, MONDAY + DAY + 2 * HOUR, words="扶正了，底座也加固了"))
    assert matter.calls == 0
    matter = verify(matter, By(town.chen, MONDAY + DAY + 3 * HOUR))
    for call, grade in zip(matter.assignments.order_by("-lead"), (5, 2), strict=True):
        by = By(town.guo, MONDAY + DAY + 4 * HOUR, words="")
        matter = rate(matter, by, call=call, grade=grade, came=True, solved=True)
    with pytest.raises((Refused, NotAllowed)):
        rate(matter, By(town.guo, MONDAY + 2 * DAY), call=call, grade=5, came=True, solved=True)
    facts = Fact.objects.filter(subject=matter.subject)
    arrived = facts.filter(name="matter.reported_in").order_by("on_time")
    assert [fact.on_time for fact in arrived] == [False, True]
    assert facts.get(name="matter.dispatched").amount == 2
    assert set(facts.filter(name="matter.rated").values_list("grade", flat=True)) == {2, 5}
    assert "matter_rated" in told(ma)


def test_who_does_not_come_is_told_once_and_so_is_the_street(town: Town, bureaus: Bureaus) -> None:
    matter = whistled(town, bureaus)
    report_in(matter, By(bureaus.clerks[0], MONDAY + 2 * HOUR))
    for _again in range(2):
        turn(MONDAY + 8 * HOUR)
    matter.refresh_from_db()
    zhao, ma = bureaus.clerks
    assert Counter(told(ma))["matter_report_overdue"] == 1
    assert Counter(told(town.guo))["matter_report_overdue"] == 1
    assert "matter_report_overdue" not in told(zhao)
    assert matter.report_due is None


def test_a_helper_gives_back_or_is_let_go(town: Town, bureaus: Bureaus) -> None:
    ma = bureaus.clerks[1]
    matter = step_back(whistled(town, bureaus), By(ma, MONDAY + 2 * HOUR, words="底座不归我们"))
    assert "matter_part_returned" in told(town.guo)
    assert matter.calls == 1
    with pytest.raises(NotFound):
        finish(matter, By(ma, MONDAY + 3 * HOUR, words="办好了"))
    call = whistled(town, bureaus).assignments.get(lead=False)
    matter = waive(call.matter, By(town.guo, MONDAY + 3 * HOUR, words="一家就够"), call=call)
    assert matter.assignments.get(lead=False).state == Assignment.State.WAIVED
    assert "matter_part_waived" in told(ma)


def test_nobody_whistles_whom_no_rule_names(town: Town, bureaus: Bureaus) -> None:
    matter = raised(town)
    with pytest.raises(NotFound):
        whistle(matter, By(town.li, MONDAY + HOUR, words="来"), lead=bureaus.posts[0])
    with pytest.raises(NotAllowed):
        whistle(matter, By(town.wang, MONDAY + HOUR, words="来"), lead=bureaus.posts[0])
    with pytest.raises(NotFound):
        whistle(matter, By(town.stranger, MONDAY + HOUR, words="来"), lead=bureaus.posts[0])
    next_street = add_place(
        name="桥头街道", level="street", parent=town.county, actor=None, now=MONDAY, code="990102002000"
    )
    body = Organisation.objects.create(
        name="桥头街道城管所", kind="bureau", place=next_street, active_from=MONDAY.date()
    )
    elsewhere = add_post("street_clerk", next_street, organisation=body, actor=None, now=MONDAY)
    with pytest.raises(NotFound):
        whistle(matter, By(town.guo, MONDAY + HOUR, words="来"), lead=elsewhere)
    street = Post.objects.get(kind="street_duty")
    assert whistle(matter, By(town.li, MONDAY + HOUR, words="请街道来"), lead=street).holder == street


def test_a_rule_that_is_not_in_use_lets_nobody_whistle(town: Town, bureaus: Bureaus) -> None:
    rule = WhistleRule.objects.get(from_kind="street_duty", to_kind="county_clerk")
    rule.active = False
    set_whistle_rule(rule, actor=None, now=MONDAY)
    with pytest.raises(NotFound):
        whistled(town, bureaus)


def test_a_new_dispatch_lets_everybody_go(town: Town, bureaus: Bureaus) -> None:
    matter = dispatch(whistled(town, bureaus), By(town.li, MONDAY + 2 * HOUR), to=town.worker_post)
    assert (matter.calls, matter.report_due) == (0, None)
    assert set(matter.assignments.values_list("state", flat=True)) == {Assignment.State.WAIVED}


def test_a_team_of_another_bureau_is_not_mine(town: Town, bureaus: Bureaus) -> None:
    matter = whistled(town, bureaus)
    with pytest.raises(NotFound):
        hand_on(matter, By(bureaus.clerks[1], MONDAY + 2 * HOUR), team=bureaus.team)


def test_after_the_third_return_the_level_above_decides(town: Town) -> None:
    matter = raised(town)
    leader = Post.objects.get(kind="grid_leader")
    turns = [(None, town.wang), (leader, town.leader), (town.worker_post, town.wang)]
    for step, (post, user) in enumerate(turns):
        if post is not None:
            matter = dispatch(matter, By(town.li, MONDAY + step * HOUR), to=post)
        matter = give_back(matter, By(user, MONDAY + step * HOUR, words="不归我"))
    street = Post.objects.get(kind="street_duty")
    assert (matter.holder, matter.why) == (street, {"rule": "arbitration"})
    with pytest.raises(Refused, match="arbitration"):
        dispatch(matter, By(town.li, MONDAY + 4 * HOUR), to=leader)
    matter = dispatch(matter, By(town.guo, MONDAY + 4 * HOUR), to=town.worker_post)
    with pytest.raises(Refused, match="arbitrated"):
        give_back(matter, By(town.wang, MONDAY + 5 * HOUR, words="还是不归我"))


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


def test_the_whistle_on_pages(here: Town) -> None:
    bureaus = Bureaus(here)
    lead, helper = bureaus.posts
    matter = pages.raised(here, "路灯杆歪了")
    guo, zhao, ma = (pages.signed_in(user) for user in (here.guo, *bureaus.clerks))
    desk, task = f"/desk/m/{matter.number}/", f"/w/tasks/{matter.number}/"

    def act(who: Client, there: str, do: str, **more: object) -> str:
        matter.refresh_from_db()
        answered = who.post(there, pages.sent(matter, do, **more), follow=True)
        assert answered.status_code == 200, answered.content.decode()
        return answered.content.decode()

    assert "东城区城管局" in guo.get(desk).content.decode()
    page = act(guo, desk, "whistle", lead=str(lead.pk), others=[str(helper.pk)], words="两家一起看")
    assert "牵头" in page
    assert "配合" in page
    assert matter.title in ma.get("/w/").content.decode()
    assert "报到：我到了" in ma.get(task).content.decode()
    waiting = pages.signed_in(here.chen)
    for door in (f"/m/{matter.number}/", "/mine/"):
        assert "东城区城管局" in waiting.get(door).content.decode().split("一步一步")[0]
    act(ma, task, "report_in")
    act(ma, task, "take_part")
    assert "签收我们这部分" not in ma.get(task).content.decode()
    page = act(ma, task, "finish", words="底座浇好了")
    assert "办完了" in page
    act(zhao, task, "accept")
    act(zhao, task, "report_in")
    assert "路灯维修班" in zhao.get(task).content.decode()
    act(zhao, task, "hand_on", team=str(bureaus.team.pk))
    act(zhao, task, "answer", outcome="advised", words="跟居民讲清楚了")
    act(pages.signed_in(here.leader), task, "verify")
    assert "评价来的部门" in guo.get(desk).content.decode()
    first = matter.assignments.get(lead=True)
    act(guo, desk, "rate", call=str(first.pk), came="yes", solved="yes", grade="5")
    assert "评 5 分" in guo.get(desk).content.decode()
    story = pages.signed_in(here.chen).get(f"/m/{matter.number}/").content.decode()
    assert "吹哨，请来东城区城管局、东城区住建局" in story
    assert "评价了" not in story


def test_a_wrong_grade_keeps_what_was_chosen(here: Town) -> None:
    bureaus = Bureaus(here)
    matter = pages.raised(here)
    there = f"/desk/m/{matter.number}/"
    sent = pages.sent(matter, "whistle", lead="", words="快来")
    page = pages.signed_in(here.guo).post(there, sent)
    assert page.status_code == 400
    assert "请选一个" in page.content.decode()
    assert "快来" in page.content.decode()
    assert str(bureaus.posts[0].pk) in page.content.decode()
