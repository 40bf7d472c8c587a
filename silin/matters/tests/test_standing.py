"""Zhou of the city looks how it stands: by colour, ladder, age and rework, down to the one matter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.accounts.models import User
from silin.matters.deeds import By
from silin.matters.handling import give_back
from silin.matters.models import Colour, Matter
from silin.matters.oversight import supervise
from silin.matters.standing import GROUPS, NUMBERS, lines_of, matters_behind
from silin.matters.tests import pages
from silin.people.actions import add_post, appoint
from silin.people.models import Post
from silin.places.queries import calendar
from tests.town import Town, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


@pytest.fixture
def busy(here: Town) -> Town:
    """One in time, one late for weeks that climbed to the street, one given back, one under supervision."""
    now = timezone.now()
    pages.raised(here, "灯不亮")
    late = pages.raised(here, "垃圾没人清")
    street = Post.objects.get(kind="street_duty")
    old = {"handle_due": now - HOUR, "raised_at": now - 40 * DAY, "colour": Colour.LATE, "joined": street}
    Matter.objects.filter(pk=late.pk).update(**old, reopens=1)
    give_back(pages.raised(here, "线掉了"), By(here.wang, now, words="不归我"))
    until = calendar().add_days(now, 3).at.date()
    supervise(pages.raised(here, "井盖坏了"), By(here.guo, now, words="今天围起来"), until=until)
    return here


def seat(town: Town, kind: str, place_of: str, name: str) -> User:
    now = pages.BEGUN
    user = person(name)
    appoint(add_post(kind, getattr(town, place_of), actor=None, now=now), user, actor=None, now=now)
    return user


def test_each_number_is_what_stands_behind_it(busy: Town) -> None:
    now = timezone.now()
    rows, whole = lines_of(busy.street, now)
    assert [row.place for row in rows] == [busy.community, busy.other]
    wanted = {
        "open": 4,
        "late": 1,
        "ok": 3,
        "soon": 0,
        "to_street": 1,
        "to_county": 0,
        "days_3": 3,
        "older": 1,
    }
    wanted |= {"reopened": 1, "returned": 1, "arbitrated": 0, "supervised": 1, "put_off": 0}
    assert {name: whole.counts[name] for name in wanted} == wanted
    assert rows[0].counts == whole.counts
    assert not any(rows[1].counts.values())
    for name in NUMBERS:
        assert matters_behind(busy.street, name, now).count() == whole.counts[name]
    for group in ("colour", "age"):
        names = [name for name in GROUPS[group][1] if name != "open"]
        assert sum(whole.counts[name] for name in names) == whole.counts["open"]


def test_from_the_city_down_to_the_matter(busy: Town) -> None:
    zhou = pages.signed_in(busy.zhou)
    assert zhou.get("/desk/standing/").status_code == 302
    page = zhou.get(f"/desk/standing/{busy.city.code}/")
    assert f"/desk/standing/{busy.county.code}/" in page.text
    with CaptureQueriesContext(connection) as asked:
        page = zhou.get(f"/desk/standing/{busy.community.code}/")
    assert len(asked) <= 16, [each["sql"][:90] for each in asked]
    there = f"/desk/standing/{busy.community.code}/older/"
    assert there in page.text
    page = zhou.get(there)
    assert "垃圾没人清" in page.text
    assert "灯不亮" not in page.text
    assert "/desk/m/" in page.text
    assert zhou.get(f"/desk/standing/{busy.community.code}/nothing/").status_code == 404


def test_who_counts_alone_reads_no_matter(busy: Town) -> None:
    """The assessment's liaison officer has the numbers; a leader with a contact point the matters too."""
    there = f"/desk/standing/{busy.community.code}/"
    counts = pages.signed_in(seat(busy, "county_liaison", "county", "何联络"))
    leads = pages.signed_in(seat(busy, "contact_leader", "community", "方主任"))
    for browser in (counts, leads):
        assert f"{there}older/" in browser.get(there).text
    assert "垃圾没人清" not in counts.get(f"{there}older/").text
    page = leads.get(f"{there}older/").text
    assert "垃圾没人清" in page
    assert "/w/tasks/" in page


def test_strangers_and_others_learn_nothing(busy: Town, client: Client) -> None:
    there = f"/desk/standing/{busy.street.code}/"
    for user in (busy.stranger, busy.chen, busy.wang, busy.li):
        browser = pages.signed_in(user)
        for page in (there, f"{there}late/"):
            assert browser.get(page).status_code == 404
    assert client.get(there).status_code == 302
