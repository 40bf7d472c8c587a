"""Pages that ask again by themselves: nothing is drawn while nothing was done, and strangers hear nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from silin.matters.deeds import By
from silin.matters.handling import accept
from silin.matters.tests.pages import make_town, raised, signed_in
from tests.town import Town

LIVE = {"X-Fragment": "live"}


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("li", "/desk/"),
        ("li", "/desk/m/{}/"),
        ("wang", "/w/"),
        ("wang", "/w/tasks/"),
        ("wang", "/w/tasks/{}/"),
        ("chen", "/m/{}/"),
    ],
)
def test_a_page_is_drawn_again_when_something_was_done(here: Town, who: str, path: str) -> None:
    matter = raised(here)
    seen, address = signed_in(getattr(here, who)), path.format(matter.number)
    first = seen.get(address, headers=LIVE)
    known = {**LIVE, "If-None-Match": first.headers["ETag"]}
    again = seen.get(address, headers=known)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert 'data-live="15"' in first.content.decode()
    assert "ETag" not in seen.get(address).headers
    accept(matter, By(here.wang, timezone.now()))
    assert seen.get(address, headers=known).status_code == 200


def test_asking_again_costs_next_to_nothing(
    here: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    raised(here)
    li = signed_in(here.li)
    known = {**LIVE, "If-None-Match": li.get("/desk/", headers=LIVE).headers["ETag"]}
    with django_assert_max_num_queries(4):
        assert li.get("/desk/", headers=known).status_code == 304


def test_a_stranger_hears_nothing(here: Town, client: Client) -> None:
    matter = raised(here)
    known = {**LIVE, "If-None-Match": signed_in(here.li).get("/desk/", headers=LIVE).headers["ETag"]}
    stranger = signed_in(here.stranger)
    for path in ("/desk/", f"/desk/m/{matter.number}/", f"/w/tasks/{matter.number}/", f"/m/{matter.number}/"):
        assert stranger.get(path, headers=known).status_code == 404
        assert client.get(path, headers=known).status_code in (302, 401)
