"""A dispute at the door: raised, graded, mediated, agreed, filed, visited; never public, names for few."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.kinds.dispute.actions import grade, raise_dispute, watch
from silin.kinds.dispute.due import remind
from silin.kinds.dispute.models import Dispute, RiskRule
from silin.kinds.dispute.rules import set_risk_rule
from silin.kinds.dispute.settling import file, settle, visit
from silin.kinds.dispute.tests.conftest import PARTIES, TERMS, WORDS, agreed, raised, scan, settled
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.deeds import By
from silin.matters.handling import accept
from silin.matters.jobs import turn
from silin.matters.models import Category, Matter, State
from silin.matters.raising import Report
from silin.matters.triage import release
from silin.matters.verifying import close, reopen
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from tests.town import Town, person


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def do(user: User, page: str, matter: Matter, action: str, **said: Any) -> Any:
    matter.refresh_from_db()
    fields = {"do": action, "client_id": str(uuid4()), "version": matter.version, **said}
    return signed_in(user).post(page.format(matter.number), fields)


def told(user: User) -> set[str]:
    return set(Notice.objects.filter(recipient=user).values_list("name", flat=True))


def test_the_whole_life_of_a_dispute(town: Town, now: datetime) -> None:
    phone, desk = "/w/tasks/{}/", "/desk/m/{}/"
    sent = signed_in(town.chen).post(
        "/dispute/", {"client_id": str(uuid4()), "words": WORDS, "parties": PARTIES}
    )
    assert sent.status_code == 303
    matter = Matter.objects.get()
    assert (matter.kind, matter.holder, matter.building) == ("dispute", town.worker_post, town.building)
    assert do(town.wang, phone, matter, "accept").status_code == 303
    assert PARTIES in signed_in(town.wang).get(phone.format(matter.number)).text
    early = do(town.wang, phone, matter, "settle", way="written", words=TERMS)
    assert (early.status_code, "先开一次调解会" in early.text) == (409, True)
    day = (now + timedelta(days=1)).date().isoformat()
    when = {"day": day, "hour": "15:30", "where": "社区调解室", "mediators": [str(town.worker_post.pk)]}
    assert do(town.wang, phone, matter, "arrange", **when).status_code == 303
    assert "社区调解室" in signed_in(town.wang).get(phone.format(matter.number)).text
    assert "dispute_arranged" in told(town.chen)
    said = {"outcome": "agreed", "words": "两家都来了"}
    assert do(town.wang, phone, matter, "mediate", **said).status_code == 303
    assert do(town.wang, phone, matter, "settle", way="written", words=TERMS).status_code == 303
    paper = signed_in(town.li).get(f"/desk/m/{matter.number}/agreement/")
    assert (paper.status_code, TERMS in paper.text, PARTIES in paper.text) == (200, True, True)
    assert do(town.li, desk, matter, "visit", held="yes", words="都好").status_code == 409
    assert do(town.wang, phone, matter, "file", scan=scan()).status_code == 303
    assert do(town.li, desk, matter, "visit", held="yes", words="防水做了，没再漏").status_code == 303
    matter.refresh_from_db()
    assert (matter.state, matter.own_due, matter.next_due) == (State.CLOSED, None, None)
    names = set(Fact.objects.filter(subject=matter.subject).values_list("name", flat=True))
    assert {"matter.raised", "matter.mediated", "matter.answered", "matter.closed"} <= names


def test_a_dispute_is_seen_by_few_and_is_never_public(town: Town, now: datetime) -> None:
    staff = person("社区干事小何")
    appoint(add_post("community_staff", town.community, actor=None, now=now), staff, actor=None, now=now)
    matter = settled(town, now)
    for user in (town.stranger, town.leader, staff):
        client = signed_in(user)
        for address in ("/desk/m/{}/", "/w/tasks/{}/", "/m/{}/", "/desk/m/{}/agreement/", "/open/m/{}/"):
            assert client.get(address.format(matter.number)).status_code == 404, (user, address)
    with pytest.raises(NotFound):
        release(matter, By(town.li, now))
    for user in (town.li, town.guo):
        assert PARTIES in signed_in(user).get(f"/desk/m/{matter.number}/").text
    assert signed_in(town.stranger).get("/desk/disputes/").status_code == 404
    assert signed_in(town.stranger).get("/w/dispute/").status_code == 404
    assert "/sign-in/" in Client().get("/dispute/")["Location"]


def test_another_communitys_desk_and_worker_see_and_reach_nothing(town: Town, now: datetime) -> None:
    desk, worker = person("河沿值班小孙"), person("河沿网格员老赵")
    for user, kind, place in (
        (desk, "community_desk", town.other),
        (worker, "grid_worker", town.other_grid),
    ):
        appoint(add_post(kind, place, actor=None, now=now), user, actor=None, now=now)
    matter = settled(town, now)
    for address in ("/desk/m/{}/", "/desk/m/{}/agreement/", "/w/tasks/{}/", "/m/{}/"):
        for user in (desk, worker):
            assert signed_in(user).get(address.format(matter.number)).status_code == 404, address
    assert "楼上卫生间漏水" not in signed_in(desk).get("/desk/disputes/").text
    said = {"client_id": str(uuid4()), "words": WORDS, "risk": "green", "category": "quarrel", "spot": ""}
    sent = signed_in(worker).post("/w/dispute/", {**said, "at": f"g:{town.grid.pk}"})
    assert (sent.status_code, Matter.objects.count()) == (400, 1)
    for user in (town.stranger, town.chen, worker):
        assert signed_in(user).get("/desk/disputes/new/").status_code == 404
    assert do(desk, "/desk/m/{}/", matter, "visit", held="yes", words="都好").status_code == 404


def test_nobody_reads_of_it_on_a_wall_or_among_what_is_to_be_looked_at(town: Town, now: datetime) -> None:
    settled(town, now)
    late = raised(town, now)
    Matter.objects.filter(pk=late.pk).update(colour="late", handle_due=now)
    wall = Client().get(f"/wall/{town.community.code}/").text
    assert "邻里闹别扭" not in wall
    for page in ("/w/", "/w/tasks/?tab=verify"):
        assert "楼上卫生间漏水" not in signed_in(town.leader).get(page).text


def test_opened_again_it_comes_back_into_sight_and_needs_a_new_meeting(town: Town, now: datetime) -> None:
    matter = visit(settled(town, now, "spoken"), By(town.li, now, words="不漏了"), held=True)
    matter = reopen(matter, By(town.chen, now + timedelta(days=1), words="又漏了"))
    assert (matter.state, matter.own_due is not None) == (State.IN_HAND, True)
    with pytest.raises(Refused, match="meet_first"):
        settle(matter, By(town.wang, now + timedelta(days=1), words=TERMS), way="spoken")


def test_sent_again_it_stays_as_it_was_graded_since(town: Town, now: datetime) -> None:
    by = By(town.wang, now, client_id=uuid4())
    said = Report(WORDS, Category.objects.get(pk="quarrel"), place=town.grid, channel="worker")
    matter = raise_dispute(by, said, risk="yellow")
    grade(matter, By(town.zhou, now, words="两家已和好"), risk="green")
    assert raise_dispute(by, said, risk="yellow") == matter
    assert Dispute.objects.get().risk == "green"


def test_the_risk_goes_up_by_anybody_and_down_by_the_level_above(town: Town, now: datetime) -> None:
    matter = accept(raised(town, now), By(town.wang, now))
    matter = grade(matter, By(town.wang, now, words="昨晚动了手"), risk="yellow")
    street = matter.holder
    assert street is not None
    assert (street.kind_id, matter.joined, matter.state) == ("street_duty", town.worker_post, State.ASSIGNED)
    assert "dispute_graded" in told(town.guo)
    for user in (town.wang, town.li):
        with pytest.raises(NotAllowed):
            grade(matter, By(user, now, words="缓和了"), risk="green")
    with pytest.raises(Refused, match="same_risk"):
        grade(matter, By(town.wang, now, words="还是"), risk="yellow")
    with pytest.raises(Refused, match="missing"):
        grade(matter, By(town.zhou, now), risk="green")
    matter = grade(matter, By(town.zhou, now, words="两家已和好"), risk="green")
    assert Dispute.objects.get().risk == "green"
    assert matter in Matter.objects.seen_by(town.wang)


def test_how_often_it_is_looked_at_is_a_row(town: Town, now: datetime) -> None:
    rule = RiskRule.objects.get(pk="green")
    rule.look_days = 2
    set_risk_rule(rule, actor=None, now=now)
    matter = raised(town, now)
    due = Dispute.objects.get().next_look
    assert due is not None
    assert matter.own_due == due
    turn(due + timedelta(minutes=1))
    assert "dispute_look" in told(town.li)
    matter.refresh_from_db()
    assert matter.own_due is not None
    assert matter.own_due > due
    watch(matter, By(town.li, now, words="去看过了，两家不吵了"))
    assert "去看过了" not in signed_in(town.chen).get(f"/m/{matter.number}/").text


def test_the_days_of_an_agreement_come_up_by_themselves(town: Town, now: datetime) -> None:
    matter = settled(town, now, "spoken")
    remind(matter, By(None, now + timedelta(days=15)))
    assert "dispute_visit" in told(town.li)
    assert "dispute_confirm" not in told(town.chen)
    for _turn in range(3):
        turn(now + timedelta(days=24))
    assert "dispute_confirm" in told(town.chen)
    matter.refresh_from_db()
    matter = visit(matter, By(town.li, now + timedelta(days=24), words="又吵起来了"), held=False)
    assert (matter.state, matter.holder) == (State.IN_HAND, town.worker_post)
    assert "dispute_broke" in told(town.wang)


def test_what_may_not_be_done(town: Town, now: datetime) -> None:
    matter = agreed(town, now)
    with pytest.raises(Refused, match="bad_way"):
        settle(matter, By(town.wang, now, words=TERMS), way="shouted")
    matter = settle(matter, By(town.wang, now, words=TERMS), way="spoken")
    with pytest.raises(NotAllowed):
        visit(matter, By(town.wang, now, words="挺好"), held=True)
    with pytest.raises(NotAllowed):
        file(matter, By(town.wang, now), scan=[])
    with pytest.raises(Refused, match="visit_first"):
        close(matter, By(town.li, now))
    assert visit(matter, By(town.li, now, words="挺好"), held=True).state == State.CLOSED


def test_a_worker_puts_one_down_yellow_and_the_desk_sees_it_at_once(
    town: Town, now: datetime, django_assert_num_queries: Any
) -> None:
    said = {"client_id": str(uuid4()), "words": WORDS, "parties": PARTIES, "risk": "yellow"}
    sent = signed_in(town.wang).post(
        "/w/dispute/", {**said, "category": "quarrel", "at": f"g:{town.grid.pk}", "spot": ""}
    )
    assert sent.status_code == 303, sent.text
    assert Dispute.objects.get().risk == "yellow"
    client = signed_in(town.li)
    client.get("/desk/disputes/")
    with django_assert_num_queries(7):
        page = client.get("/desk/disputes/").text
    assert "楼上卫生间漏水" in page
    assert signed_in(town.li).get("/desk/disputes/new/").status_code == 200
