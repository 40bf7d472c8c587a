"""Teams on desk pages and on the page of the community: set up, joined, led, closed, and who reads what."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.lib.refusal import Refused
from silin.people.erasing import erase
from silin.people.models import Team, TeamMember
from silin.people.teams import AboutTeam, add_team, change_team, join_team
from tests.counting import statements
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build, person


@pytest.fixture
def here(db: None) -> Town:
    return build()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def riders(town: Town) -> Team:
    about = AboutTeam("柳巷骑士队", "riders", "yellow", "打社区电话报名")
    return add_team(town.community, about, actor=None, now=MONDAY)


def page_of(team: Team) -> str:
    return f"/desk/team/{team.pk}/"


def test_the_desk_sets_up_a_team_once(here: Town) -> None:
    li, place = signed_in(here.li), f"/desk/teams/{here.community.code}/"
    page = li.get(place).content.decode()
    key = page.partition('name="key" value="')[2].partition('"')[0]
    sent = {"name": "柳巷骑士队", "kind": "riders", "colour": "yellow", "joining": "找值班", "key": key}
    assert li.post(place, {**sent, "kind": "dancers"}).status_code == 400
    answers = [li.post(place, sent) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/desk/team/{key}/"}
    assert "骑手等新就业群体" in li.get(place).content.decode()
    answer = li.post(place, {**sent, "key": "", "joining": "写好的话"})
    assert (answer.status_code, "写好的话" in answer.content.decode()) == (400, True)


def test_members_in_and_out_and_a_captain(here: Town) -> None:
    li, team = signed_in(here.li), riders(here)
    page = page_of(team)
    assert li.post(page, {"do": "join", "who": "19912345678"}).status_code == 400
    for who, name in (("19912345678", "小孟"), ("19900000002", "")):
        assert li.post(page, {"do": "join", "who": who, "name": name}).status_code == 303
    meng, chen = team.members.order_by("pk")
    assert li.post(page, {"do": "lead", "row": str(chen.pk)}).status_code == 303
    assert "队长" in li.get(page).content.decode().partition("陈桂兰")[2].partition("</tr>")[0]
    assert li.post(page, {"do": "leave", "row": str(meng.pk)}).status_code == 303
    assert "小孟" in li.get(page).content.decode().partition("以前的队员")[2]
    for wrong in ("", "x", "999999"):
        assert li.post(page, {"do": "leave", "row": wrong}).status_code == 404


def test_residents_read_only_what_is_public(here: Town) -> None:
    team, page = riders(here), f"/open/communities/{here.community.code}/"
    join_team(team, person("孟师傅"), actor=here.li, now=MONDAY, captain=True)
    join_team(team, person("不露名的人"), actor=here.li, now=MONDAY)
    shown = Client().get(page).content.decode()
    assert "柳巷骑士队" in shown
    assert "打社区电话报名" in shown
    assert "孟师傅" not in shown
    join_team(team, User.objects.get(name="孟师傅"), actor=here.li, now=MONDAY, captain=True, named=True)
    shown = Client().get(page).content.decode()
    assert "孟师傅" in shown
    assert "不露名的人" not in shown
    join_team(team, User.objects.get(name="不露名的人"), actor=here.li, now=MONDAY, captain=True)
    assert "孟师傅" not in Client().get(page).content.decode()


def test_closing_is_undone_on_the_same_day(here: Town) -> None:
    li, team = signed_in(here.li), riders(here)
    join_team(team, here.chen, actor=here.li, now=MONDAY)
    join_team(team, here.stranger, actor=here.li, now=MONDAY)
    gone = team.members.get(user=here.stranger)
    assert li.post(page_of(team), {"do": "leave", "row": str(gone.pk)}).status_code == 303
    assert li.post(page_of(team), {"do": "close"}).status_code == 303
    assert "柳巷骑士队" not in Client().get(f"/open/communities/{here.community.code}/").content.decode()
    assert li.post(page_of(team), {"do": "join", "who": "19900000002"}).status_code == 400
    assert li.post(page_of(team), {"do": "reopen"}).status_code == 303
    assert TeamMember.objects.get(team=team, user=here.chen).valid_until is None
    assert TeamMember.objects.get(team=team, user=here.stranger).valid_until is not None


def test_the_second_clerk_is_told_and_keeps_what_was_typed(here: Town) -> None:
    li, team = signed_in(here.li), riders(here)
    page = li.get(page_of(team)).content.decode().partition('value="change"')[2]
    key = page.partition('name="key" value="')[2].partition('"')[0].replace("&quot;", '"')
    sent = {"do": "change", "name": "柳巷骑士队", "kind": "riders", "key": key}
    assert li.post(page_of(team), {**sent, "joining": "先改的"}).status_code == 303
    answer = li.post(page_of(team), {**sent, "joining": "后改的"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "后改的" in page
    again = page.partition('value="change"')[2].partition('name="key" value="')[2].partition('"')[0]
    sent["key"] = again.replace("&quot;", '"')
    assert li.post(page_of(team), {**sent, "joining": "后改的"}).status_code == 303
    assert Team.objects.get(pk=team.pk).joining == "后改的"


def test_two_clerks_change_a_team_at_once(live_db: str) -> None:
    town = build()
    team = riders(town)
    seen = AboutTeam.of(team)
    words = ("甲写的", "乙写的")
    done = at_once(
        [
            partial(
                change_team,
                team,
                AboutTeam(seen.name, seen.kind, joining=each),
                actor=town.li,
                now=MONDAY,
                seen=seen,
            )
            for each in words
        ]
    )
    assert sum(isinstance(each, Refused) for each in done) == 1


def test_two_captains_at_once_are_one(live_db: str) -> None:
    town = build()
    team = riders(town)
    people = [town.chen, town.stranger, town.wang]
    at_once([partial(join_team, team, each, actor=town.li, now=MONDAY, captain=True) for each in people])
    assert team.members.filter(valid_until=None).count() == len(people)
    assert team.members.filter(captain=True).count() == 1


def test_who_may_look_and_who_may_change(here: Town) -> None:
    team = riders(here)
    pages = (f"/desk/teams/{here.community.code}/", page_of(team))
    for user, looks, changes in ((here.li, 200, 400), (here.leader, 404, 404), (here.wang, 404, 404)):
        for page in pages:
            assert signed_in(user).get(page).status_code == looks
            assert signed_in(user).post(page, {"do": "join"}).status_code == changes
    for user in (here.chen, here.stranger):
        for page in (*pages, "/desk/teams/"):
            assert signed_in(user).get(page).status_code == 404


def test_a_team_goes_with_whoever_deletes_what_is_held(here: Town) -> None:
    join_team(riders(here), here.chen, actor=here.li, now=MONDAY)
    assert "柳巷骑士队" in signed_in(here.chen).get("/me/privacy/").content.decode()
    erase(here.chen, now=timezone.now())
    assert not TeamMember.objects.exists()


def test_the_pages_keep_their_budget(here: Town) -> None:
    li, counts = signed_in(here.li), []
    for name in ("甲队", "乙队"):
        team = add_team(here.community, AboutTeam(name, "culture"), actor=None, now=MONDAY)
        for n in range(3):
            join_team(team, person(f"{name}{n}"), actor=None, now=MONDAY, captain=n == 0)
        counts.append(
            [statements(li, page) for page in (f"/desk/teams/{here.community.code}/", page_of(team))]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 11, counts
