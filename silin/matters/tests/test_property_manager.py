"""Ma runs the estate for a company: what is sent to him there he handles; of the rest he learns nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from silin.accounts.models import User
from silin.lib.refusal import Refused
from silin.matters.deeds import By
from silin.matters.models import Matter, State
from silin.matters.tests.pages import BEGUN, make_town, picture, raised, sent, signed_in
from silin.matters.triage import dispatch
from silin.people.actions import add_post, appoint
from silin.people.models import Organisation, Post, Running
from silin.places.models import Building, Estate
from tests.town import Town, person


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def seat(here: Town) -> Post:
    firm = Organisation.objects.create(name="安居物业", kind="property", place=here.community)
    estate = here.building.estate
    role = "property_company"
    Running.objects.create(organisation=firm, estate=estate, role=role, valid_from=BEGUN.date())
    return add_post("property_manager", here.community, actor=None, now=BEGUN, organisation=firm)


@pytest.fixture
def ma(seat: Post) -> User:
    user = person("马经理")
    appoint(seat, user, actor=None, now=BEGUN)
    return user


def elsewhere(here: Town) -> Matter:
    """Something at a building of another estate of the same community."""
    estate = Estate.objects.create(place=here.community, name="别家小区")
    building = Building.objects.create(estate=estate, grid=here.grid, number="1", entrances=1, floors=6)
    return raised(here, "别家的门禁坏了。", building=building)


def test_what_the_desk_sends_to_the_company_is_handled_on_the_phone(here: Town, seat: Post, ma: User) -> None:
    matter, other = raised(here, "单元门关不上。"), raised(here, "楼道灯不亮。")
    li, phone = signed_in(here.li), signed_in(ma)
    page = li.get(f"/desk/m/{matter.number}/").content.decode()
    assert "安居物业" in page
    matter = dispatch(Matter.objects.get(pk=matter.pk), By(here.li, timezone.now()), to=seat)
    assert matter.holder == seat
    today = phone.get("/w/").content.decode()
    assert (matter.title in today, other.title in today) == (True, False)
    assert phone.get(f"/w/tasks/{other.number}/").status_code == 404
    assert phone.get("/desk/").status_code == 404
    assert phone.get("/w/find/").status_code == 404
    assert "/w/find/" not in today
    there = f"/w/tasks/{matter.number}/"
    assert phone.post(there, sent(matter, "accept")).status_code == 303
    matter.refresh_from_db()
    done = sent(matter, "answer", outcome="fixed", words="换了闭门器", after=picture())
    assert phone.post(there, done).status_code == 303
    matter.refresh_from_db()
    assert (matter.state, matter.handler) == (State.ANSWERED, ma)


def test_what_lies_in_no_estate_of_theirs_does_not_come_to_them(here: Town, seat: Post, ma: User) -> None:
    other = elsewhere(here)
    assert "安居物业" not in signed_in(here.li).get(f"/desk/m/{other.number}/").content.decode()
    with pytest.raises(Refused, match="not_theirs"):
        dispatch(other, By(here.li, timezone.now(), client_id=uuid4()), to=seat)
    assert signed_in(ma).get(f"/w/tasks/{other.number}/").status_code == 404


def test_a_company_that_has_left_gets_nothing_more(here: Town, seat: Post, ma: User) -> None:
    matter = raised(here, "单元门关不上。")
    Running.objects.update(valid_until=timezone.now().date() - timedelta(days=1))
    assert "安居物业" not in signed_in(here.li).get(f"/desk/m/{matter.number}/").content.decode()
    with pytest.raises(Refused, match="not_theirs"):
        dispatch(matter, By(here.li, timezone.now()), to=seat)
