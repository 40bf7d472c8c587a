"""A rectification at the door: set, planned, proved, struck off by who set it, looked back at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.kinds.rectification.actions import apply, call_off, look_back, plan, strike_off, turn_down
from silin.kinds.rectification.due import remind
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.queries import due_for_look_back, open_for
from silin.kinds.rectification.raising import raise_rectification
from silin.kinds.rectification.tests.conftest import (
    HEADING,
    MEASURE,
    WORDS,
    applied,
    in_days,
    photo,
    planned,
    problem,
    set_by_guo,
    struck_off,
)
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.deeds import By
from silin.matters.handling import ask, give_back
from silin.matters.jobs import turn
from silin.matters.models import Matter, State
from silin.matters.oversight import extend
from silin.matters.recounting import recount_due
from silin.matters.triage import dispatch
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint, end
from silin.people.models import Post
from silin.people.organisations import About, add_organisation
from silin.places.models import Place
from silin.places.numbers import number, set_number
from silin.places.queries import calendar
from tests.town import Town, person

PAGE = "/desk/rectify/{}/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def do(user: User, matter: Matter, action: str, page: str = PAGE, **said: Any) -> Any:
    matter.refresh_from_db()
    fields = {"do": action, "client_id": str(uuid4()), "version": matter.version, **said}
    return signed_in(user).post(page.format(matter.number), fields)


def told(user: User) -> set[str]:
    return set(Notice.objects.filter(recipient=user).values_list("name", flat=True))


def counted(name: str) -> int:
    return sum(Fact.objects.filter(name=name).values_list("n", flat=True))


def seated(kind: str, place: Place, name: str, now: datetime, **more: Any) -> tuple[User, Post]:
    user = person(name)
    post = add_post(kind, place, actor=None, now=now, **more)
    appoint(post, user, actor=None, now=now)
    return user, post


def setter() -> Post:
    """Who set the only task there is."""
    post = Rectification.objects.get().setter
    assert post is not None
    return post


def test_the_whole_life_of_a_rectification(town: Town, now: datetime) -> None:
    day = in_days(now, 30).isoformat()
    said = {"heading": HEADING, "words": WORDS, "unit": town.community.name, "deadline": day}
    said |= {"reference": "S2.1.1", "period": "2026-10", "measured": "71.4 %", "target": "90 %"}
    sent = signed_in(town.guo).post("/desk/rectify/new/", {"client_id": str(uuid4()), **said})
    assert sent.status_code == 303, sent.content.decode()
    matter = Matter.objects.get()
    row = Rectification.objects.get()
    assert sent["Location"] == PAGE.format(matter.number)
    assert (matter.state, matter.holder, matter.raiser) == (State.ASSIGNED, town.desk_post, None)
    assert (setter().kind_id, row.self_reported, row.period) == ("street_duty", False, "2026-10")
    assert timezone.localdate(matter.handle_due).isoformat() == day
    assert "rectification_set" in told(town.li)
    assert HEADING in signed_in(town.li).get("/desk/rectify/").text
    page = signed_in(town.li).get(PAGE.format(matter.number)).text
    assert "71.4 %" in page
    sent = do(town.li, matter, "plan", words=MEASURE, in_charge="李建民", done_by=in_days(now, 9).isoformat())
    assert sent.status_code == 303
    assert "rectification_planned" in told(town.guo)
    assert MEASURE[:12] in signed_in(town.guo).get("/desk/rectify/?list=register").text
    assert do(town.li, matter, "apply", words="都装好了", evidence=photo()).status_code == 303
    assert "rectification_applied" in told(town.guo)
    assert do(town.li, matter, "strike_off", how="file", words="好了").status_code in (403, 404)
    sent = do(town.guo, matter, "turn_down", words="北边还有一户")
    assert sent.status_code == 303
    assert do(town.li, matter, "apply", words="北边那户也拆了").status_code == 303
    assert do(town.guo, matter, "strike_off", how="spot", words="都看过了", seen=photo()).status_code == 303
    assert "rectification_struck_off" in told(town.li)
    matter.refresh_from_db()
    assert (matter.state, matter.look_back_on is not None) == (State.CLOSED, True)
    assert HEADING in signed_in(town.li).get("/desk/rectify/?list=struck").text
    sent = do(town.guo, matter, "remeasure", outcome="fell_back", measured="80 %", words="又拉了两根")
    assert sent.status_code == 303
    matter.refresh_from_db()
    assert matter.state == State.IN_HAND
    assert "rectification_fell_back" in told(town.li)
    names = ("problem.opened", "problem.struck_off", "problem.fell_back", "matter.closed")
    assert [counted(name) for name in names] == [1, 0, 1, 0]
    assert HEADING in signed_in(town.guo).get("/desk/rectify/?list=register&colour=fell").text


def test_the_owner_never_strikes_off_their_own(town: Town, now: datetime) -> None:
    """Li answers for it; even where Li stands in at the street as well, somebody else strikes it off."""
    matter = applied(town, now)
    with pytest.raises(NotAllowed):
        strike_off(matter, By(town.li, now, words="好了"), how="spot")
    secretary, _post = seated("community_secretary", town.community, "社区书记老何", now)
    for user in (town.li, secretary):
        appoint(setter(), user, stand_in=True, actor=None, now=now)
    for action, said in (("strike_off", {"how": "spot"}), ("turn_down", {}), ("call_off", {})):
        for user in (town.li, secretary):
            assert do(User.objects.get(pk=user.pk), matter, action, words="好了", **said).status_code == 403
    assert 'id="strike_off"' not in signed_in(town.li).get(PAGE.format(matter.number)).text
    strike_off(matter, By(town.guo, now, words="看过了"), how="spot")
    with pytest.raises(NotAllowed):
        look_back(matter, By(town.li, now), outcome="held")


def test_what_the_owner_handed_over_is_still_their_own(town: Town, now: datetime) -> None:
    """Li applied, went to the street and holds the post there now: still not Li's to strike off."""
    matter = applied(town, now)
    post = Post.objects.get(kind="street_duty")
    li = User.objects.get(pk=town.li.pk)
    for holding in li.holdings.all():
        end(holding, actor=None, now=now)
    appoint(post, li, stand_in=True, actor=None, now=now)
    with pytest.raises(NotAllowed):
        strike_off(matter, By(User.objects.get(pk=li.pk), now, words="好了"), how="spot")


def test_strangers_and_other_desks_see_nothing(town: Town, now: datetime) -> None:
    matter = struck_off(town, now)
    other, _post = seated("community_desk", town.other, "河沿值班小孙", now)
    clerk, _seat = seated(
        "county_clerk",
        town.county,
        "住建局小何",
        now,
        organisation=add_organisation(town.county, About("区住建局", "bureau"), actor=None, now=now),
    )
    staff, _staff = seated("community_staff", town.community, "社区干事小何", now)
    for user in (town.stranger, town.chen, town.wang, town.leader, other, clerk, staff):
        client = signed_in(user)
        for address in (PAGE, "/desk/m/{}/", "/w/tasks/{}/", "/m/{}/", "/open/m/{}/", "/near/{}/"):
            assert client.get(address.format(matter.number)).status_code == 404, (user, address)
    for user in (other, clerk):
        for address in ("/desk/rectify/?list=struck", "/desk/rectify/list.csv?list=struck"):
            answer = signed_in(user).get(address)
            shown = b"".join(answer).decode() if answer.streaming else answer.text
            assert HEADING not in shown
    for user in (town.stranger, town.chen, town.wang, town.leader, staff):
        for address in ("", "new/", "print/", "list.csv", "list.xlsx"):
            assert signed_in(user).get(f"/desk/rectify/{address}").status_code == 404, (user, address)
    assert do(other, matter, "remeasure", outcome="held", words="好").status_code == 404
    assert "/sign-in/" in Client().get("/desk/rectify/")["Location"]
    assert not Fact.objects.filter(subject=matter.subject, unit=town.other.code).exists()


def test_another_communitys_desk_sets_nothing_here(town: Town, now: datetime) -> None:
    other, _post = seated("community_desk", town.other, "河沿值班小孙", now)
    for user in (other, town.wang, town.chen):
        with pytest.raises(NotAllowed):
            raise_rectification(By(user, now), problem(town, now))
    day = in_days(now, 30).isoformat()
    said = {"heading": "楼道堆物", "words": "堆满了", "unit": town.community.code, "deadline": day}
    sent = signed_in(other).post("/desk/rectify/new/", {"client_id": str(uuid4()), **said})
    assert (sent.status_code, Matter.objects.count()) == (404, 0)
    assert "楼道堆物" in sent.text


def test_a_task_group_sets_one_for_a_bureau(town: Town, now: datetime) -> None:
    """Who only compares places sets and strikes off; the bureau that answers for it does it on the phone."""
    group, _post = seated("county_task_group", town.county, "专项组小唐", now)
    body = add_organisation(town.county, About("区住建局", "bureau"), actor=None, now=now)
    clerk, seat = seated("county_clerk", town.county, "住建局小何", now, organisation=body)
    said = {"heading": "雨污没有分流", "words": "三个院子雨水污水走一根管。", "unit": town.community.code}
    said |= {"deadline": in_days(now, 40).isoformat(), "owner": "区住建局"}
    sent = signed_in(group).post("/desk/rectify/new/", {"client_id": str(uuid4()), **said})
    assert sent.status_code == 303, sent.text
    matter = Matter.objects.get()
    assert matter.holder == seat
    plans = {"words": "八月前改完管网", "in_charge": "何静", "done_by": in_days(now, 20).isoformat()}
    assert do(clerk, matter, "plan", "/w/tasks/{}/", **plans).status_code == 303
    assert do(clerk, matter, "apply", words="改完了", evidence=photo()).status_code == 303
    assert do(clerk, matter, "strike_off", how="file", words="好").status_code == 403
    assert do(town.li, matter, "strike_off", how="file", words="好").status_code == 403
    assert signed_in(group).get(PAGE.format(matter.number)).status_code == 200
    assert do(group, matter, "strike_off", how="file", words="看了验收单").status_code == 303
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    assert "雨污没有分流" in signed_in(group).get("/desk/rectify/?list=struck&bureau=区住建局").text
    assert "雨污没有分流" not in signed_in(group).get("/desk/rectify/?list=struck&bureau=别的局").text


def test_nobody_is_set_to_strike_off_their_own(town: Town, now: datetime) -> None:
    body = add_organisation(town.county, About("区住建局", "bureau"), actor=None, now=now)
    clerk, seat = seated("county_clerk", town.county, "住建局小何", now, organisation=body)
    with pytest.raises(Refused, match="own_task"):
        raise_rectification(By(clerk, now), problem(town, now, owner=seat))
    matter = set_by_guo(town, now)
    post = Post.objects.get(kind="street_duty")
    with pytest.raises(Refused, match="bad_post"):
        dispatch(matter, By(town.guo, now), to=post)
    away, _seat = seated("county_duty", town.county, "县上值班老秦", now)
    with pytest.raises(Refused, match="bad_post"):
        dispatch(matter, By(away, now), to=town.worker_post)
    secretary, post = seated("community_secretary", town.community, "社区书记老何", now)
    matter = dispatch(matter, By(town.li, now), to=post)
    assert matter.holder == post
    plan(matter, By(town.li, now, words=MEASURE), in_charge="老何", done_by=in_days(now, 3))
    with pytest.raises(NotAllowed):
        call_off(matter, By(secretary, now, words="不改了"))


def test_what_a_unit_finds_itself_is_marked_and_checked_above(town: Town, now: datetime) -> None:
    matter = raise_rectification(By(town.li, now), problem(town, now))
    row = Rectification.objects.get()
    assert (row.self_reported, setter().kind_id) == (True, "street_duty")
    assert Fact.objects.get(name="problem.opened").outcome == "self_reported"
    assert "rectification_raised" in told(town.guo)
    assert (
        "costs no points"
        in signed_in(town.li).get(PAGE.format(matter.number), headers={"accept-language": "en"}).text
    )
    with pytest.raises(NotAllowed):
        call_off(matter, By(town.li, now, words="不算"))


def test_the_same_again_is_the_same_matter(town: Town, now: datetime) -> None:
    same = {"reference": "S1.2.3", "period": "2026-Q2"}
    first = set_by_guo(town, now, **same)
    for by in (By(None, now), By(town.guo, now + timedelta(days=1)), By(town.zhou, now)):
        assert raise_rectification(by, problem(town, now, **same)).pk == first.pk
    assert (Matter.objects.count(), counted("problem.opened")) == (1, 1)
    assert raise_rectification(By(None, now), problem(town, now, **same | {"period": "2026-Q3"})) != first
    assert set_by_guo(town, now).pk != set_by_guo(town, now).pk, "what has no code is never the same"
    assert [row.matter for row in open_for("S1.2.3", town.community).filter(period="2026-Q2")] == [first]
    assert not open_for("S1.2.3", town.other).exists()


def test_the_system_sets_one_and_looks_back(town: Town, now: datetime) -> None:
    """As the room that measures will do it: set, planned, struck off, measured again, open again."""
    said = problem(town, now, reference="S1.2.3", period="2026-06", group="safe", deadline=None)
    matter = raise_rectification(By(None, now), said)
    assert (matter.holder, setter().kind_id) == (town.desk_post, "street_duty")
    assert {"rectification_set"} <= told(town.li)
    assert {"rectification_raised"} <= told(town.guo)
    assert Fact.objects.get(name="problem.opened").kind == "safe"
    by = By(town.li, now, words=MEASURE)
    apply(plan(matter, by, in_charge="李建民", done_by=in_days(now, 3)), by)
    matter = strike_off(matter, By(town.guo, now, words="看过"), how="spot")
    assert matter.look_back_on is not None
    assert matter.look_back_on.day == 1
    assert not due_for_look_back(now).exists()
    later = now + timedelta(days=70)
    assert [row.pk for row in due_for_look_back(later)] == [matter.pk]
    matter = look_back(matter, By(None, later), outcome="held", measured="95 %")
    assert (matter.state, matter.look_back_on, matter.own_due) == (State.CLOSED, None, None)
    assert not due_for_look_back(later).exists()
    matter = look_back(matter, By(None, later), outcome="fell_back", measured="60 %")
    assert (matter.state, matter.rectification.fell) == (State.IN_HAND, 1)
    assert Fact.objects.filter(name="problem.fell_back", kind="safe").count() == 1


def test_a_late_look_back_is_asked_for_again(town: Town, now: datetime) -> None:
    matter = struck_off(town, now)
    days = int(number("rectification.look_back_days")) + 1
    turn(now + timedelta(days=days))
    assert "rectification_look" in told(town.guo)
    matter.refresh_from_db()
    again = matter.own_due
    assert again is not None
    assert again > now + timedelta(days=days)
    remind(matter, By(None, now + timedelta(days=days + 8)))
    assert Notice.objects.filter(recipient=town.guo, name="rectification_look").count() == 2
    assert HEADING in signed_in(town.guo).get("/desk/rectify/?list=struck").text
    Matter.objects.filter(pk=matter.pk).update(look_back_on=in_days(now, -2))
    assert HEADING in signed_in(town.guo).get("/desk/rectify/?list=struck&colour=look").text
    assert "already" not in signed_in(town.guo).get(PAGE.format(matter.number)).text


def test_more_time_is_given_by_who_set_it(town: Town, now: datetime) -> None:
    matter = planned(town, now)
    before = Rectification.objects.get().deadline
    wanted = before + timedelta(days=1)
    while not calendar().is_workday(wanted):
        wanted += timedelta(days=1)
    ask(matter, By(town.li, now, words="等材料"), what="extend", until=wanted)
    assert Notice.objects.filter(recipient=town.guo, name="matter_asked").exists()
    with pytest.raises(NotAllowed):
        extend(matter, By(town.li, now, words="好"), until=wanted)
    matter = extend(matter, By(town.guo, now, words="可以"), until=wanted)
    assert timezone.localdate(matter.handle_due) == Rectification.objects.get().deadline == wanted
    due = matter.handle_due
    set_number("rectification.handle_days", 3, valid_from=in_days(now, 0), actor=None, now=now)
    recount_due(now + timedelta(minutes=1))
    matter.refresh_from_db()
    assert matter.handle_due == due, "a day that was set stays"


def test_a_plan_keeps_to_the_day_that_was_set(town: Town, now: datetime) -> None:
    matter, by = set_by_guo(town, now), By(town.li, now, words=MEASURE)
    for day, code in ((-1, "too_early"), (31, "after_deadline")):
        with pytest.raises(Refused, match=code):
            plan(matter, by, in_charge="李建民", done_by=in_days(now, day))
    sent = do(town.li, matter, "plan", words="", in_charge="", done_by=in_days(now, 5).isoformat())
    assert (sent.status_code, Rectification.objects.get().planned_at) == (400, None)
    with pytest.raises(Refused, match="too_early"):
        set_by_guo(town, now, deadline=in_days(now, 0))
    for said, code in (
        ({"unit": town.grid}, "bad_unit"),
        ({"period": "2026-13"}, "bad_period"),
        ({"reference": "S 1"}, "bad_code"),
    ):
        with pytest.raises(Refused, match=code):
            set_by_guo(town, now, **said)


def test_what_was_not_handed_in_is_not_checked_on_file(town: Town, now: datetime) -> None:
    matter = applied(town, now)
    sent = do(town.guo, matter, "strike_off", how="file", words="好")
    assert (sent.status_code, "去现场" in sent.text) == (400, True)
    turn_down(matter, By(town.guo, now, words="交张照片"))
    assert do(town.li, matter, "apply", words="有照片了", evidence=photo()).status_code == 303
    assert do(town.guo, matter, "strike_off", how="file", words="好").status_code == 303


def test_one_that_runs_out_of_time_climbs(town: Town, now: datetime) -> None:
    matter = planned(town, now)
    turn(now + timedelta(days=60))
    turn(now + timedelta(days=60, minutes=1))
    matter.refresh_from_db()
    assert matter.joined is not None
    assert (matter.colour, matter.joined.kind_id) == ("late", "street_duty")
    assert HEADING in signed_in(town.guo).get("/desk/rectify/?list=register&colour=late").text


def test_it_is_called_off_by_who_set_it_and_not_counted(town: Town, now: datetime) -> None:
    matter = call_off(set_by_guo(town, now), By(town.guo, now, words="数错了"))
    assert (matter.state, counted("problem.opened")) == (State.WITHDRAWN, 0)
    assert "rectification_called_off" in told(town.li)
    for which in ("problems", "register", "struck"):
        assert HEADING not in signed_in(town.guo).get(f"/desk/rectify/?list={which}").text


def test_given_back_it_is_sent_on_by_the_desk_above(town: Town, now: datetime) -> None:
    _secretary, post = seated("community_secretary", town.community, "社区书记老何", now)
    matter = give_back(set_by_guo(town, now), By(town.li, now, words="书记管"))
    matter = dispatch(matter, By(town.guo, now), to=post)
    assert (matter.state, matter.holder) == (State.ASSIGNED, post)
    with pytest.raises(NotFound):
        plan(matter, By(town.wang, now, words="好"), in_charge="王淑琴", done_by=in_days(now, 3))
