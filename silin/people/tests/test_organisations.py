"""Organisations, alliances, who runs what, teams, and what is counted of them each night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from silin.facts.stocks import book
from silin.lib.refusal import NotAllowed, Refused
from silin.people.actions import add_post, appoint
from silin.people.models import Organisation, Running, Team
from silin.people.organisations import (
    About,
    add_organisation,
    change_organisation,
    close_organisation,
    join_alliance,
    leave_alliance,
    start_running,
    stop_running,
)
from silin.people.register import put_down_household, put_down_person
from silin.people.stocks import NAMES, count_people
from silin.people.teams import AboutTeam, add_team, close_team, join_team, leave_team
from silin.places.models import Estate
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build, person

FIRST = date(2026, 1, 1)


@pytest.fixture
def here(db: None) -> Town:
    return build()


def add(town: Town, name: str, kind: str, **more: object) -> Organisation:
    return add_organisation(town.community, About(name, kind, **more), actor=town.zhou, now=MONDAY)  # type: ignore[arg-type]


def test_an_organisation_from_its_first_to_its_last_day(here: Town) -> None:
    bureau = add(here, "柳巷综治中心", "centre", telephone="0917-1234567")
    part = add(here, "综治中心调解室", "centre", parent=bureau)
    with pytest.raises(Refused, match="name_taken"):
        add(here, "柳巷综治中心", "bureau")
    with pytest.raises(Refused, match="bad_parent"):
        change_organisation(bureau, About("柳巷综治中心", "centre", parent=part), actor=here.zhou, now=MONDAY)
    with pytest.raises(NotAllowed):
        add_organisation(here.community, About("新的", "social"), actor=here.li, now=MONDAY)
    post = add_post("community_staff", here.community, actor=here.zhou, now=MONDAY, organisation=part)
    held = appoint(post, person("小林"), actor=here.zhou, now=MONDAY, until=date(2026, 11, 1))
    with pytest.raises(Refused, match="posts_held"):
        close_organisation(part, actor=here.zhou, now=MONDAY)
    assert held.valid_until is not None
    closed = close_organisation(part, actor=here.zhou, now=MONDAY, on=held.valid_until)
    assert closed.active_until == held.valid_until
    post.refresh_from_db()
    assert post.closed_on == held.valid_until


def test_an_alliance_and_its_members(here: Town) -> None:
    alliance = add(here, "柳巷社区大党委", "wide_committee")
    shop = add(here, "一店", "enterprise")
    member = join_alliance(alliance, shop, actor=here.zhou, now=MONDAY)
    assert join_alliance(alliance, shop, actor=here.zhou, now=MONDAY) == member
    for other, wrong, code in ((shop, alliance, "no_alliance"), (alliance, alliance, "itself")):
        with pytest.raises(Refused, match=code):
            join_alliance(other, wrong, actor=here.zhou, now=MONDAY)
    with pytest.raises(Refused, match="has_members"):
        change_organisation(alliance, About("柳巷社区大党委", "bureau"), actor=here.zhou, now=MONDAY)
    assert leave_alliance(member, actor=here.zhou, now=MONDAY).valid_until == MONDAY.date()
    close_organisation(shop, actor=here.zhou, now=MONDAY)
    with pytest.raises(Refused, match="closed"):
        join_alliance(alliance, shop, actor=here.zhou, now=MONDAY)


def test_one_company_follows_another(here: Town) -> None:
    estate = Estate.objects.get(name="柳巷家园")
    old, new = (add(here, name, "property") for name in ("老物业", "新物业"))
    role = Running.Role.PROPERTY_COMPANY
    start_running(old, estate, role, actor=here.zhou, now=MONDAY, since=FIRST)
    start_running(new, estate, role, actor=here.zhou, now=MONDAY)
    current = Running.objects.current(MONDAY.date()).get(estate=estate)
    assert current.organisation == new
    assert Running.objects.current(date(2026, 5, 1)).get(estate=estate).organisation == old
    with pytest.raises(Refused, match="wrong_kind"):
        start_running(new, estate, Running.Role.OWNERS_COMMITTEE, actor=here.zhou, now=MONDAY)
    with pytest.raises(Refused, match="bad_role"):
        start_running(new, estate, Running.Role.KEEPER, actor=here.zhou, now=MONDAY)
    with pytest.raises(NotAllowed):
        start_running(old, estate, role, actor=here.li, now=MONDAY)
    stop_running(current, actor=here.zhou, now=MONDAY)
    assert not Running.objects.current(MONDAY.date()).exists()


def test_two_companies_at_once_are_one_after_the_other(live_db: str) -> None:
    town = build()
    estate = Estate.objects.get(name="柳巷家园")
    firms = [add(town, name, "property") for name in ("甲物业", "乙物业")]
    calls: list[Callable[[], Any]] = [
        partial(start_running, firm, estate, "property_company", actor=town.zhou, now=MONDAY)
        for firm in firms
    ]
    at_once(calls * 3)
    assert Running.objects.filter(estate=estate, valid_until=None).count() == 1


def test_a_team_with_its_captain(here: Town) -> None:
    about = AboutTeam("红马甲", "volunteers", "red")
    team = add_team(here.community, about, actor=here.zhou, now=MONDAY)
    first = join_team(team, here.wang, actor=here.zhou, now=MONDAY, captain=True)
    second = join_team(team, here.leader, actor=here.zhou, now=MONDAY)
    join_team(team, here.leader, actor=here.zhou, now=MONDAY, captain=True)
    for member in (first, second):
        member.refresh_from_db()
    assert (first.captain, second.captain) == (False, True)
    leave_team(first, actor=here.zhou, now=MONDAY)
    assert team.members.filter(valid_until=None).count() == 1
    with pytest.raises(Refused, match="name_taken"):
        add_team(here.community, AboutTeam("红马甲", "patrol"), actor=here.zhou, now=MONDAY)
    with pytest.raises(NotAllowed):
        join_team(team, here.chen, actor=here.leader, now=MONDAY)
    close_team(team, actor=here.zhou, now=MONDAY)
    assert not team.members.filter(valid_until=None).exists()
    with pytest.raises(Refused, match="closed"):
        join_team(team, here.chen, actor=here.zhou, now=MONDAY)


def test_what_is_counted_each_night(here: Town) -> None:
    estate, now = Estate.objects.get(name="柳巷家园"), timezone.now()
    start_running(add(here, "物业", "property"), estate, "property_company", actor=None, now=MONDAY)
    start_running(add(here, "业委会", "owners"), estate, "owners_committee", actor=None, now=MONDAY)
    head = add_post("building_head", here.grid, actor=None, now=MONDAY, building=here.building)
    appoint(head, here.chen, actor=None, now=MONDAY)
    lawyer = add_post("lawyer", here.community, actor=None, now=MONDAY)
    appoint(lawyer, person("律师"), actor=None, now=MONDAY)
    add_team(here.community, AboutTeam("红马甲", "volunteers"), actor=None, now=MONDAY)
    home = put_down_household(here.building, door="301", actor=None, now=MONDAY)
    put_down_person(home, "刘桂兰", actor=None, now=MONDAY)
    put_down_person(home, "刘建国", actor=None, now=MONDAY)
    assert count_people(now) == len(NAMES) - 1  # nobody has agreed to be looked in on
    assert {(stock.name, stock.kind): n for stock, n in book(NAMES).items()} == {
        ("stock.grids_staffed", ""): 1,
        ("stock.buildings_headed", ""): 1,
        ("stock.estates_managed", ""): 1,
        ("stock.estates_committee", ""): 1,
        ("stock.advisers", "lawyer"): 1,
        ("stock.teams", "volunteers"): 1,
        ("stock.households", ""): 1,
        ("stock.residents", ""): 2,
    }
    assert {stock.unit for stock in book(NAMES)} == {here.community.code}
    assert count_people(now + timedelta(days=1)) == 0
    close_team(Team.objects.get(), actor=None, now=now)
    count_people(now + timedelta(days=1))
    assert {stock.name: n for stock, n in book(NAMES).items()}["stock.teams"] == 0
