"""The three administrators: who appoints them, what ends with the third, what no one person can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.refusal import NotAllowed, Refused
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint, end, take_back_end
from silin.people.administrators import FOUNDER, KINDS, OF_THE_BEGINNING
from silin.people.jobs import leave
from silin.people.models import Holding, Post, PostKind
from silin.people.post_kinds import POST_KINDS, hands
from silin.places.actions import add_place
from silin.places.models import Place
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build, person


@pytest.fixture
def here(db: None) -> Town:
    return build()


def seat(town: Town, kind: str) -> Post:
    return add_post(kind, town.city, actor=None, now=MONDAY)


def three(town: Town) -> dict[str, User]:
    """The city administrator appoints the three, one after another."""
    people = {kind: person(kind) for kind in KINDS}
    for kind, user in people.items():
        appoint(seat(town, kind), user, actor=town.zhou, now=timezone.now())
    return people


def fresh(user: User) -> User:
    """The account as the next request sees it."""
    return User.objects.get(pk=user.pk)


def test_no_kind_of_post_that_is_shipped_joins_what_must_stay_apart() -> None:
    for row in POST_KINDS:
        assert len(hands(row.capabilities)) <= 1, row.code


def test_with_the_third_the_city_administrators_editing_ends(here: Town) -> None:
    assert all(here.zhou.has_perm(each, here.city) for each in OF_THE_BEGINNING)
    people = three(here)
    zhou = fresh(here.zhou)
    assert not any(zhou.has_perm(each, here.city) for each in OF_THE_BEGINNING)
    assert zhou.has_perm("matters.see", here.city)
    assert Notice.objects.filter(recipient=zhou, name="rights_separated").count() == 1
    assert Entry.objects.filter(subject=f"post_kind:{FOUNDER}", action="separate").count() == 1
    with pytest.raises(NotAllowed):
        appoint(here.worker_post, here.leader, actor=zhou, now=timezone.now())
    system, security, audit = (fresh(people[kind]) for kind in KINDS)
    can = {"system.run": system, "places.edit": system, "city.set_up": system, "settings.edit": system}
    can |= {"people.edit": security, "history.see": audit}
    for capability, only in can.items():
        assert [each for each in (system, security, audit) if each.has_perm(capability, here.city)] == [only]
    appoint(here.worker_post, here.leader, actor=security, now=timezone.now())


def test_the_third_may_begin_on_a_later_day(here: Town) -> None:
    now = timezone.now()
    for kind in KINDS[:2]:
        appoint(seat(here, kind), person(kind), actor=here.zhou, now=now)
    since = timezone.localdate(now) + timedelta(days=1)
    appoint(seat(here, KINDS[2]), person("审计"), actor=here.zhou, now=now, since=since)
    assert fresh(here.zhou).has_perm("people.edit", here.city)
    leave(now + timedelta(days=1))
    assert not fresh(here.zhou).has_perm("people.edit", here.city)


@pytest.mark.parametrize("kind", ["system_admin", "auditor"])
def test_whoever_gives_rights_neither_runs_the_machine_nor_reads_the_log(here: Town, kind: str) -> None:
    post = seat(here, kind)
    secretary = person("社区书记")
    by_post = add_post("community_secretary", here.community, actor=None, now=MONDAY)
    appoint(by_post, secretary, actor=here.zhou, now=timezone.now())
    with pytest.raises(Refused, match="two_administrators"):
        appoint(post, secretary, actor=here.zhou, now=timezone.now())
    with pytest.raises(Refused, match="not_yourself"):
        appoint(post, here.zhou, actor=here.zhou, now=timezone.now())
    appoint(post, here.stranger, actor=here.zhou, now=timezone.now())
    with pytest.raises(Refused, match="two_administrators"):
        appoint(by_post, here.stranger, actor=here.zhou, now=timezone.now())


def test_a_city_below_its_province_is_looked_after_as_well(here: Town) -> None:
    now = timezone.now()
    province = add_place(
        name="临海省", level="province", parent=None, actor=None, now=now, code="990000000000"
    )
    Place.objects.filter(pk=here.city.pk).update(parent=province)
    client = Client()
    client.force_login(here.zhou)
    page = client.get("/desk/administrators/").content.decode()
    assert "临川市" in page
    assert "临海省" not in page
    with pytest.raises(Refused, match="last_administrator"):
        end(Holding.objects.get(user=here.zhou), actor=here.zhou, now=now)


def test_somebody_always_gives_posts(here: Town) -> None:
    zhous = Holding.objects.get(user=here.zhou)
    with pytest.raises(Refused, match="last_administrator"):
        end(zhous, actor=here.zhou, now=timezone.now())
    people = three(here)
    held = Holding.objects.get(user=people["security_admin"])
    security = fresh(people["security_admin"])
    with pytest.raises(Refused, match="last_administrator"):
        end(held, actor=security, now=timezone.now())
    end(zhous, actor=security, now=timezone.now())
    successor = person("接班的安全管理员")
    appoint(held.post, successor, actor=security, now=timezone.now())
    assert not fresh(security).has_perm("people.edit")
    assert fresh(successor).has_perm("people.edit", here.city)


def test_an_end_that_is_taken_back_asks_again(here: Town) -> None:
    post, now = seat(here, "auditor"), timezone.now()
    held = appoint(post, here.stranger, actor=here.zhou, now=now)
    end(held, actor=here.zhou, now=now)
    appoint(seat(here, "security_admin"), here.stranger, actor=here.zhou, now=now)
    with pytest.raises(Refused, match="two_administrators"):
        take_back_end(held, actor=here.zhou, now=now)


def test_one_person_given_two_of_the_three_at_once_gets_one(live_db: str) -> None:
    town = build()
    posts = [seat(town, kind) for kind in KINDS]

    def give(post: Post) -> Callable[[], Holding]:
        return lambda: appoint(post, town.stranger, actor=town.zhou, now=timezone.now())

    answers = at_once([give(post) for post in posts])
    refused = [each for each in answers if isinstance(each, Refused)]
    assert {each.code for each in refused} == {"two_administrators"}
    assert len(refused) == len(KINDS) - 1
    assert Holding.objects.filter(user=town.stranger).count() == 1


def test_the_founder_row_of_a_city_that_has_begun_is_separated_once(here: Town) -> None:
    three(here)
    row = PostKind.objects.get(pk=FOUNDER)
    row.capabilities = [*row.capabilities, "places.edit"]
    row.save(update_fields=["capabilities"])
    leave(timezone.now())
    assert "places.edit" not in PostKind.objects.get(pk=FOUNDER).capabilities
