"""Guo of the street looks at the day: what came in, was done, grew late, was whistled, by community."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silin.matters.day import lines_of, matters_behind
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, give_back
from silin.matters.jobs import turn
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.matters.whistling import whistle
from tests.town import MONDAY, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = MONDAY.date()


def raised(town: Town, words: str, hours: int = 0) -> Matter:
    where = Report(words, town.lamp, place=town.grid)
    return raise_matter("tiny", By(town.chen, MONDAY + hours * HOUR), where)


@pytest.fixture
def monday(town: Town) -> Town:
    """Three came in on Monday, one was done, one whistled twice, one given back; one grew late on Friday."""
    bureaus = Bureaus(town)
    done = accept(raised(town, "灯不亮"), By(town.wang, MONDAY + HOUR))
    answer(done, By(town.wang, MONDAY + 2 * HOUR, words="说清楚了"), outcome="advised")
    called = raised(town, "杆歪了")
    for post in bureaus.posts:
        called = whistle(called, By(town.guo, MONDAY + 2 * HOUR, words="来看"), lead=post)
    give_back(raised(town, "线掉了"), By(town.wang, MONDAY + 3 * HOUR, words="不归我"))
    for hours in range(0, 24 * 5, 6):
        turn(MONDAY + hours * HOUR)
    return town


def test_the_day_by_community(monday: Town) -> None:
    rows, whole = lines_of(monday.street, TODAY, MONDAY + 10 * HOUR)
    assert [row.place for row in rows] == [monday.community, monday.other]
    ours, others = rows
    wanted = {"raised": 3, "answered": 1, "whistled": 1, "returned": 1, "supervised": 0, "closed": 0}
    assert {name: ours.counts[name] for name in wanted} == wanted
    assert ours.counts == whole.counts
    assert others.is_quiet
    friday = lines_of(monday.street, TODAY + 4 * DAY, MONDAY + 10 * DAY)[1]
    assert "open" not in friday.counts
    for name in ("raised", "answered", "whistled", "returned"):
        assert matters_behind(monday.street, TODAY, name).count() == whole.counts[name]


def test_every_number_opens_and_the_page_stays_cheap(monday: Town) -> None:
    guo = pages.signed_in(monday.guo)
    there = f"/desk/day/{monday.street.code}/"
    with CaptureQueriesContext(connection) as asked:
        page = guo.get(there, {"day": str(TODAY)})
    assert len(asked) <= 16, [each["sql"][:90] for each in asked]
    assert f"{monday.community.code}/raised/?day=2026-10-19" in page.text
    behind = guo.get(f"{there}raised/", {"day": str(TODAY)})
    assert behind.text.count("data-row") == 3
    assert guo.get("/desk/day/").status_code == 302
    assert guo.get(there).status_code == 200
    for day, status in (("gestern", 400), ("2999-01-01", 400)):
        assert guo.get(there, {"day": day}).status_code == status
    assert guo.get(f"{there}nothing/").status_code == 404


def test_only_desks_of_the_place_see_its_day(monday: Town, client: Client) -> None:
    there = f"/desk/day/{monday.street.code}/"
    for user in (monday.stranger, monday.chen, monday.wang, monday.li):
        browser = pages.signed_in(user)
        for page in (there, f"{there}raised/"):
            assert browser.get(page).status_code == 404
    assert client.get(there).status_code == 302
    assert pages.signed_in(monday.li).get(f"/desk/day/{monday.community.code}/").status_code == 200
