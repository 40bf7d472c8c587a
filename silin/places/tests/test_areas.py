"""Functional areas that act as county, and what a grid carries."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.refusal import NotAllowed, Refused
from silin.places.area_actions import add_area, add_member, end_area, end_member
from silin.places.areas import acting_county
from silin.places.models import AreaMember, FunctionalArea, GridParty, OldNet, Place
from silin.places.net_actions import end_party, merge_net, set_party
from silin.places.tests.test_estates import get, post
from silin.places.tests.tiny import DAY, NOW, GrantBackend, Tiny

LATER = DAY + timedelta(days=100)


@pytest.fixture
def zone(town: Tiny) -> FunctionalArea:
    return add_area(town.city, code="99GX", name="高新区", active_from=DAY, actor=None, now=NOW)


def named(place: Place, on: date) -> str:
    found = acting_county(place, on)
    return found.area.name if found else ""


def test_an_area_acts_as_county_from_a_day_to_another(town: Tiny, zone: FunctionalArea) -> None:
    member = add_member(zone, town.elm, DAY, actor=None, now=NOW)
    assert add_member(zone, town.elm, DAY, actor=None, now=NOW) == member
    assert [named(place, DAY) for place in (town.elm, town.grids[0], town.oak, town.county)] == [
        "高新区",
        "高新区",
        "",
        "",
    ]
    assert named(town.elm, DAY - timedelta(days=1)) == ""
    end_member(member, LATER, actor=None, now=NOW)
    assert named(town.elm, LATER - timedelta(days=1)) == "高新区"
    assert named(town.elm, LATER) == ""
    town.elm.refresh_from_db()
    assert town.elm.parent == town.street, "the official parent stays"
    actions = [each.action for each in Entry.objects.filter(subject=zone.subject)]
    assert actions == ["add", "add_member", "end_member"]


def test_the_finest_member_counts(town: Tiny, zone: FunctionalArea) -> None:
    port = add_area(town.city, code="99LG", name="陆港区", active_from=DAY, actor=None, now=NOW)
    add_member(zone, town.street, DAY, actor=None, now=NOW)
    add_member(port, town.oak, DAY, actor=None, now=NOW)
    assert (named(town.oak, DAY), named(town.elm, DAY)) == ("陆港区", "高新区")
    with pytest.raises(Refused, match="other_area"):
        add_member(zone, town.oak, DAY, actor=None, now=NOW)
    end_area(port, LATER, actor=None, now=NOW)
    assert named(town.oak, LATER) == "高新区"
    with pytest.raises(Refused, match="bad_dates"):
        add_member(zone, town.oak, DAY, actor=None, now=NOW)
    with pytest.raises(Refused, match="ended"):
        add_member(port, town.village, DAY, actor=None, now=NOW)


def test_what_cannot_be(town: Tiny, zone: FunctionalArea) -> None:
    for code, tried in {
        "wrong_level": partial(add_member, zone, town.county, DAY),
        "bad_dates": partial(add_member, zone, town.elm, DAY - timedelta(days=1)),
    }.items():
        with pytest.raises(Refused, match=code):
            tried(actor=None, now=NOW)
    with pytest.raises(Refused, match="code_taken"):
        add_area(town.city, code="99GX", name="又一个", active_from=DAY, actor=None, now=NOW)
    with pytest.raises(Refused, match="wrong_level"):
        add_area(town.county, code="99XX", name="又一个", active_from=DAY, actor=None, now=NOW)
    with pytest.raises(NotAllowed):
        add_member(zone, town.elm, DAY, actor=User.objects.create(name="路过的人"), now=NOW)


def test_the_city_sets_one_up_and_everybody_reads_it(client: Client, li: User, town: Tiny) -> None:
    GrantBackend.granted[li.pk] = GrantBackend.editing[li.pk] = [town.city.path]
    url = f"/desk/places/{town.city.code}/areas/"
    assert "还没有登记功能区" in get(client, url)
    post(client, url, name="高新区", code="99GX", active_from="2024-01-01")
    made = FunctionalArea.objects.get()
    assert "没有这个代码的地方" in post(
        client, f"{url}{made.pk}/", place="1", valid_from="2024-02-01"
    ).content.decode()  # fmt: skip
    post(client, f"{url}{made.pk}/", place=town.elm.code, valid_from="2024-02-01")
    page = get(Client(), f"/open/places/{town.grids[0].code}/")
    for words in ("高新区（代行县区）", "高新区自 2024年2月1日 起在这里代行县区职能", "行政区划上属于东城区"):
        assert words in page, words
    assert "代行县区职能" in get(Client(), f"/open/places/{town.city.code}/")
    member = AreaMember.objects.get()
    today = str(timezone.localdate())
    post(client, f"{url}{made.pk}/members/{member.pk}/", until=today)
    assert "高新区" not in get(Client(), f"/open/places/{town.grids[0].code}/")
    assert today in get(client, f"{url}{made.pk}/")
    post(client, f"{url}{made.pk}/", **{"do": "end", "area-until": today})
    assert FunctionalArea.objects.get().active_until is not None


def test_only_the_city_s_staff(wang: Client, stranger: Client, town: Tiny, zone: FunctionalArea) -> None:
    member = add_member(zone, town.elm, DAY, actor=None, now=NOW)
    url = f"/desk/places/{town.city.code}/areas/"
    for tail in ("", f"{zone.pk}/", f"{zone.pk}/members/{member.pk}/"):
        for browser in (wang, stranger, Client()):
            assert "高新区" not in get(browser, url + tail, 404)
            assert post(browser, url + tail, do="end").status_code == 404
    assert AreaMember.objects.get().valid_until is None


def test_a_grid_carries_a_branch_and_the_duties_of_older_nets(client: Client, li: User, town: Tiny) -> None:
    grid = town.grids[0]
    url = f"/desk/places/{grid.code}/nets/"
    today = str(timezone.localdate())
    post(client, url, **{"do": "party", "party-kind": "branch", "party-name": "第一党支部",
                         "party-valid_from": today})  # fmt: skip
    post(client, url, **{"do": "net", "net-kind": "safety", "net-name": "平安 3 号格",
                         "net-duty": "每周查一次出租房", "net-merged_on": today})  # fmt: skip
    for page in (get(client, url), get(Client(), f"/open/places/{grid.code}/")):
        for words in ("第一党支部", "平安 3 号格", "每周查一次出租房", "平安（综治）网格"):
            assert words in page, words
    net = OldNet.objects.get()
    post(client, url, do=f"out-{net.pk}")
    assert not OldNet.objects.exists()
    post(client, url, **{"do": "end", "end-until": today})
    assert "第一党支部" not in get(Client(), f"/open/places/{grid.code}/")
    actions = [each.action for each in Entry.objects.filter(subject=grid.subject)]
    assert actions[-4:] == ["set_party", "merge_net", "unmerge_net", "end_party"]


def test_one_party_at_a_time(town: Tiny) -> None:
    grid = town.grids[0]
    first = set_party(grid, "group", "党小组", DAY, actor=None, now=NOW)
    assert set_party(grid, "group", "党小组", LATER, actor=None, now=NOW) == first
    set_party(grid, "branch", "党支部", LATER, actor=None, now=NOW)
    first.refresh_from_db()
    assert first.valid_until == LATER
    with pytest.raises(Refused, match="bad_dates"):
        end_party(grid, DAY, actor=None, now=NOW)
    with pytest.raises(Refused, match="wrong_level"):
        set_party(town.elm, "branch", "党支部", DAY, actor=None, now=NOW)
    with pytest.raises(Refused, match="bad_kind"):
        merge_net(grid, "moon", "一格", "巡查", DAY, actor=None, now=NOW)
    assert GridParty.objects.count() == 2


def test_nobody_else_changes_what_a_grid_carries(wang: Client, stranger: Client, town: Tiny) -> None:
    grid = town.grids[0]
    net = merge_net(grid, "fire", "消防 1 号格", "看消防通道", DAY, actor=None, now=NOW)
    url = f"/desk/places/{grid.code}/nets/"
    assert "看消防通道" in get(wang, url)
    for browser in (wang, stranger, Client()):
        assert post(browser, url, do=f"out-{net.pk}").status_code == 404
        assert post(browser, url, do="end").status_code == 404
    assert "看消防通道" not in get(stranger, url, 404)
