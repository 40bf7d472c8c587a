"""Giving, ending and standing in: who answers for a post, who is told, whose sessions end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint, close_post, end, seat_mark
from silin.people.jobs import leave
from silin.people.models import Holding, Organisation, Running
from silin.people.queries import holders
from silin.places.models import Estate
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build, person

DAY = timedelta(days=1)


@pytest.fixture
def here(db: None) -> Town:
    return build()


def worker_of(town: Town) -> Holding:
    return Holding.objects.get(post=town.worker_post, stand_in=False, valid_until=None)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("name", flat=True))


def test_whoever_holds_something_else_stays_signed_in(here: Town) -> None:
    staff = add_post("community_staff", here.community, actor=None, now=MONDAY)
    appoint(staff, here.wang, actor=None, now=MONDAY)
    client = Client()
    client.force_login(here.wang)
    end(worker_of(here), actor=here.zhou, now=timezone.now())
    assert client.get("/w/").status_code == 200


def test_without_a_stand_in_those_who_lead_are_told(here: Town) -> None:
    end(worker_of(here), actor=here.zhou, now=timezone.now())
    assert told(here.leader) == told(here.li) == ["post_vacant"]
    end(worker_of_ended(here), actor=here.zhou, now=timezone.now())
    assert told(here.leader) == ["post_vacant"]


def worker_of_ended(town: Town) -> Holding:
    return Holding.objects.get(post=town.worker_post)


def test_an_end_that_was_planned_comes_by_the_clock_once(here: Town) -> None:
    now, sun = timezone.now(), person("孙代班")
    appoint(here.worker_post, sun, actor=None, now=now, stand_in=True)
    end(worker_of(here), actor=here.zhou, now=now, on=timezone.localdate(now) + 3 * DAY)
    leave(now + DAY)
    assert told(sun) == []
    for later in (3, 4):
        leave(now + later * DAY)
    assert told(sun) == ["post_left"]


def test_a_successor_begins_when_the_holder_ends(here: Town) -> None:
    now, sun = timezone.now(), person("孙接班")
    day = timezone.localdate(now) + 7 * DAY
    appoint(here.worker_post, sun, actor=here.zhou, now=now, since=day)
    assert holders(here.worker_post, now) == [here.wang]
    assert holders(here.worker_post, now + 7 * DAY) == [sun]
    with pytest.raises(Refused, match="bad_dates"):
        appoint(here.worker_post, person("又一个"), actor=here.zhou, now=now)
    appoint(here.worker_post, person("代两天"), actor=here.zhou, now=now, stand_in=True, until=day)
    with pytest.raises(Refused, match="bad_dates"):
        appoint(here.worker_post, sun, actor=None, now=now, since=day, until=day)


def test_the_same_appointment_twice_is_one(here: Town) -> None:
    for _ in range(2):
        appoint(here.worker_post, here.wang, actor=here.zhou, now=timezone.now())
    assert Holding.objects.filter(post=here.worker_post).count() == 1


def test_only_whoever_may_gives_posts(here: Town) -> None:
    for actor in (here.li, here.wang, here.stranger):
        with pytest.raises(NotAllowed):
            appoint(here.worker_post, here.stranger, actor=actor, now=timezone.now())
        with pytest.raises(NotAllowed):
            end(worker_of(here), actor=actor, now=timezone.now())


def test_the_three_administrators_are_three_people(here: Town) -> None:
    su, now = person("苏安全"), timezone.now()
    posts = [add_post(kind, here.city, actor=None, now=now) for kind in ("security_admin", "auditor")]
    appoint(posts[0], su, actor=here.zhou, now=now)
    with pytest.raises(Refused, match="two_administrators"):
        appoint(posts[1], su, actor=here.zhou, now=now)
    assert su.has_perm("people.edit", here.city)
    assert not su.has_perm("places.edit", here.city)
    assert not su.has_perm("history.see", here.city)


def test_origins_are_for_stewards(here: Town) -> None:
    steward = add_post("grid_steward", here.grid, actor=here.zhou, now=timezone.now())
    held = appoint(steward, person("老张"), actor=here.zhou, now=timezone.now(), origin="shop_owner")
    assert held.get_origin_display() == "门店业主"
    with pytest.raises(Refused, match="no_origin"):
        appoint(here.worker_post, person("老李"), actor=here.zhou, now=timezone.now(), origin="volunteer")


def test_a_held_post_is_not_closed(here: Town) -> None:
    with pytest.raises(Refused, match="post_held"):
        close_post(here.worker_post, actor=here.zhou, now=timezone.now())
    end(worker_of(here), actor=here.zhou, now=timezone.now())
    close_post(here.worker_post, actor=here.zhou, now=timezone.now())
    with pytest.raises(Refused, match="post_closed"):
        appoint(here.worker_post, here.wang, actor=here.zhou, now=timezone.now())


def test_a_property_manager_sees_the_estates_of_the_company_only(here: Town) -> None:
    firm = Organisation.objects.create(name="安居物业", kind="property", place=here.community)
    post = add_post("property_manager", here.community, actor=here.zhou, now=MONDAY, organisation=firm)
    ma = person("马经理")
    appoint(post, ma, actor=None, now=MONDAY)
    ours = Estate.objects.get(name="柳巷家园")
    other = Estate.objects.create(place=here.community, name="别家小区")
    Running.objects.create(
        organisation=firm, estate=ours, role="property_company", valid_from=date(2026, 1, 1)
    )
    assert ma.has_perm("places.see", ours)
    assert ma.has_perm("places.see", here.building)
    assert not ma.has_perm("places.see", other)
    assert not ma.has_perm("places.see", here.community)
    Running.objects.update(valid_until=date(2026, 2, 1))
    assert not ma.has_perm("places.see", ours)
    with pytest.raises(Refused, match="wrong_organisation"):
        add_post("property_manager", here.community, actor=here.zhou, now=MONDAY, serial=2)


def test_two_clerks_appoint_to_one_seat_at_once(live_db: str) -> None:
    town = build()
    now = timezone.now()
    end(worker_of(town), actor=None, now=now)
    seen = seat_mark(town.worker_post, now)
    both = [person("甲"), person("乙")]
    calls: list[Callable[[], Any]] = [
        partial(appoint, town.worker_post, user, actor=town.zhou, now=now, seen=seen) for user in both
    ]
    done = at_once(calls)
    assert sum(isinstance(each, Changed) for each in done) == 1
    assert len(holders(town.worker_post, now)) == 1


def test_one_clerk_taps_eight_times(live_db: str) -> None:
    town = build()
    now, su = timezone.now(), person("苏")
    seen = seat_mark(town.worker_post, now)
    call: Callable[[], Any] = partial(appoint, town.worker_post, su, actor=town.zhou, now=now, seen=seen)
    assert len({each.pk for each in at_once([call] * 8)}) == 1
    assert holders(town.worker_post, now) == [su]
