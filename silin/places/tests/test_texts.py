"""The texts of a city: Zhou changes them, every page shows them, a stranger finds no page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from silin.history.models import Entry
from silin.lib.refusal import NotAllowed
from silin.places import texts as city
from silin.places.models import CityText
from tests.town import Town, build

PAGE = "/desk/settings/"
POLICE = "临公网安备99010202000001号"
TYPED = {"platform_name": "临川四邻", "icp": "临ICP备2026000001号", "map_approval": "GS(2026)0001"}


@pytest.fixture
def here(db: None) -> Iterator[Town]:
    city._rows.forget()
    yield build()
    city._rows.forget()


def zhou(here: Town) -> Client:
    client = Client()
    client.force_login(here.zhou)
    return client


def test_what_a_city_says_stands_on_its_pages(here: Town) -> None:
    before = Client().get("/open/").text
    assert "备案" not in before
    assert 'class="legal' not in before
    assert zhou(here).post(PAGE, {**TYPED, "police": POLICE}, follow=True).status_code == 200
    page = Client().get("/open/").text
    for words in ("临川四邻</a>", "临ICP备2026000001号", POLICE, "GS(2026)0001", "临川四邻</title>"):
        assert words in page
    for address in ("/", f"/open/communities/{here.community.code}/"):
        assert all(words in Client().get(address).text for words in ("临ICP备2026000001号", POLICE))
    assert Client().get("/manifest.webmanifest").json()["name"] == "临川四邻"


def test_the_page_says_who_changed_what(here: Town) -> None:
    client = zhou(here)
    client.post(PAGE, TYPED)
    client.post(PAGE, {**TYPED, "icp": ""})
    page = client.get(PAGE).text
    assert page.count("临ICP备2026000001号") == 2
    assert "周敏" in page
    assert set(CityText.objects.values_list("name", flat=True)) == {"platform_name", "map_approval"}
    lines = Entry.objects.filter(subject="places:texts").count()
    client.post(PAGE, {**TYPED, "icp": ""})
    assert Entry.objects.filter(subject="places:texts").count() == lines == 4


def test_too_long_a_text_stays_typed_and_changes_nothing(here: Town) -> None:
    answer = zhou(here).post(PAGE, {**TYPED, "icp": "备" * 61})
    assert answer.status_code == 400
    assert "备" * 61 in answer.text
    assert not CityText.objects.exists()


def test_words_of_a_city_are_words(here: Town) -> None:
    zhou(here).post(PAGE, {"platform_name": '<script>"x"'})
    assert "<script>&quot;" not in Client().get("/open/").text
    assert '<script>"x"' not in Client().get("/open/").text
    assert Client().get("/manifest.webmanifest").json()["name"] == '<script>"x"'


def test_only_whoever_keeps_the_city(here: Town) -> None:
    for user in (here.li, here.guo, here.wang, here.chen, here.stranger):
        client = Client()
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, TYPED).status_code == 404
        with pytest.raises(NotAllowed):
            city.set_texts(TYPED, actor=user, now=timezone.now())
    assert Client().get(PAGE).status_code == 404
