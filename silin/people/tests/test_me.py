"""Staff see their own account in the shell of their post; an administrator finds that of a colleague."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from silin.people.actions import add_post, appoint
from silin.people.staff_accounts import whom_to_help
from tests.counting import statements
from tests.town import MONDAY, Town, build

WORKER, DESK, RESIDENT = "phone--worker", 'data-density="desk"', 'class="where"'
PAGES = ("sessions", "second", "password", "notices", "privacy")


@pytest.fixture
def here(db: None) -> Town:
    return build()


def test_wang_and_li_stay_in_their_own_shells(client: Client, here: Town) -> None:
    for who, prefix, shell in ((here.wang, "/w", WORKER), (here.li, "/desk", DESK)):
        client.force_login(who)
        page = client.get(f"{prefix}/me/").text
        assert shell in page
        for name in PAGES:
            assert f'href="{prefix}/me/{name}/"' in page
            assert shell in client.get(f"{prefix}/me/{name}/").text
            led = client.get(f"/me/{name}/?after=1")
            assert (led.status_code, led["Location"]) == (302, f"{prefix}/me/{name}/?after=1")
        assert client.get("/notices/")["Location"] == f"{prefix}/notices/"
        assert shell in client.get(f"{prefix}/me/privacy/delete/").text
        assert client.get(f"{prefix}/me/privacy/export/").status_code == 200
        assert statements(client, f"{prefix}/me/") <= 8


def test_a_resident_and_somebody_with_one_factor_stay_where_they_are(
    client: Client, here: Town, settings: Settings
) -> None:
    client.force_login(here.chen)
    for name in PAGES:
        assert client.get(f"/me/{name}/").status_code == 200
    client.force_login(here.li, backend="silin.accounts.backends.PasswordBackend")
    assert client.get("/me/sessions/").status_code == 200
    settings.SILIN_FRONTS = ["resident"]
    client.force_login(here.li)
    assert client.get("/me/sessions/").status_code == 200


def test_zhou_finds_the_account_of_li_and_li_that_of_nobody(client: Client, here: Town) -> None:
    found = f"/desk/people/{here.li.pk}/account/"
    client.force_login(here.zhou)
    assert f'href="{found}"' in client.post("/desk/people/", {"q": "李建民"}).text
    client.force_login(here.li)
    page = client.post("/desk/people/", {"q": "王淑琴"}).text
    assert "王淑琴" in page
    assert "/account/" not in page
    for post, place in (("community_secretary", here.community), ("city_admin", here.city)):
        appoint(add_post(post, place, actor=None, now=MONDAY, serial=2), here.guo, actor=None, now=MONDAY)
    people = [here.li, here.wang, here.guo, here.zhou]
    assert whom_to_help(here.zhou, people, MONDAY) == {here.li.pk, here.wang.pk, here.guo.pk}
    assert whom_to_help(here.wang, people, MONDAY) == set()
