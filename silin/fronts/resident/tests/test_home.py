"""The first page, and "me": for a visitor, for somebody who lives here, in large type, in English."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, Outcome
from silin.matters.raising import Report, raise_matter
from silin.people.models import Post, Resident
from silin.people.queries import resident_of
from tests.town import Town


def raised(town: Town) -> Matter:
    report = Report("路灯不亮", town.lamp, building=town.building)
    return raise_matter("report", By(town.chen, timezone.now()), report)


def answered(town: Town) -> Matter:
    now = timezone.now()
    matter = accept(raised(town), By(town.wang, now))
    return answer(matter, By(town.wang, now, words="是误报"), Outcome.NOT_FOUND)


def links(page: str) -> set[str]:
    return {link for link in re.findall(r'href="(/[^"#?]*)', page) if not link.startswith("/static/")}


def test_a_visitor_sees_doors_that_open(client: Client, town: Town) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "/report/" in links(page.text)
    for link in links(page.text):
        assert client.get(link).status_code == 200, link


def test_every_door_of_a_resident_opens(client: Client, town: Town) -> None:
    raised(town)
    answered(town)
    client.force_login(town.chen)
    seen: set[str] = set()
    todo = {"/"}
    while todo:
        link = todo.pop()
        seen.add(link)
        page = client.get(link)
        assert page.status_code in (200, 302), link
        if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
            todo |= links(page.text) - seen
    assert len(seen) > 8


def test_what_waits_can_be_answered_right_here(client: Client, town: Town) -> None:
    matter = answered(town)
    raised(town)
    Post.objects.filter(pk=town.worker_post.pk).update(telephone="0917-3000000")
    client.force_login(town.chen)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/")
    assert len(asked) <= 10, [each["sql"][:90] for each in asked]
    assert [card.matter for card in page.context["turn"]] == [matter]
    assert len(page.context["going"]) == 1
    assert "王淑琴" in page.text
    assert 'href="tel:0917-3000000"' in page.text
    card = page.context["turn"][0]
    said = {"do": "verify", "client_id": str(card.yes), "version": matter.version}
    assert client.post(f"/m/{matter.number}/", said).status_code == 303


def test_staff_find_their_way_to_work(client: Client, town: Town, settings: Settings) -> None:
    client.force_login(town.li)
    assert {"/w/", "/desk/"} <= links(client.get("/").text)
    settings.SILIN_FRONTS = ["resident", "open"]
    assert not {"/w/", "/desk/"} & links(client.get("/").text)


def test_large_type_is_remembered(client: Client, town: Town) -> None:
    assert 'data-mode="elder"' not in client.get("/").text
    client.post("/large-type/", {"large": "1", "next": "/"})
    assert 'data-mode="elder"' in client.get("/").text
    client.force_login(town.chen)
    client.post("/large-type/", {"large": "1", "next": "/"})
    Post.objects.filter(pk=town.desk_post.pk).update(telephone="0917-3110000")
    page = client.get("/").text
    assert "陈桂兰，您好" in page
    assert 'href="tel:0917-3110000"' in page


def test_every_page_speaks_english_too(client: Client, town: Town) -> None:
    matter = answered(town)
    client.force_login(town.chen)
    client.post("/me/", {"do": "language", "language": "en"})
    town.chen.refresh_from_db()
    assert town.chen.language == "en"
    for path in ("/", "/mine/", f"/m/{matter.number}/", "/me/", "/notices/", "/report/"):
        page = client.get(path).text
        said = re.sub(r"<script.*?</script>|<textarea.*?</textarea>|<[^>]*>", " ", page, flags=re.S)
        ours = re.sub(r"路灯不亮|柳巷\S*|第一网格|陈桂兰|王淑琴|是误报|网格员|中文|王|[“”]", "", said)
        assert not re.findall(r"[\u4e00-\u9fff]+", ours), path


def test_where_i_live(client: Client, town: Town) -> None:
    client.force_login(town.stranger)
    found = client.post("/me/", {"do": "search", "q": "柳巷家园5号"})
    assert f'value="building:{town.building.pk}"' in found.text
    assert client.post("/me/", {"do": "home", "at": f"building:{town.building.pk}"}).status_code == 303
    lives = resident_of(town.stranger)
    assert lives is not None
    assert (lives.place, lives.building) == (town.grid, town.building)
    client.post("/me/", {"do": "home", "at": f"place:{town.other.code}"})
    assert Resident.objects.get(user=town.stranger).place == town.other


@pytest.mark.parametrize(
    "said",
    [
        {"do": "home", "at": "building:999999"},
        {"do": "home"},
        {"do": "name", "name": "长" * 21},
        {"do": "language", "language": "tlh"},
    ],
)
def test_what_cannot_be_noted_says_why(client: Client, town: Town, said: dict[str, str]) -> None:
    client.force_login(town.stranger)
    page = client.post("/me/", said)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert said.get("name", "") in page.text


def test_an_unknown_wish_is_not_found(client: Client, town: Town) -> None:
    assert client.post("/me/", {"do": "delete_everything"}).status_code == 404


def test_a_visitor_who_says_where_they_live_is_remembered(client: Client, town: Town) -> None:
    client.post("/me/", {"do": "home", "at": f"building:{town.building.pk}"})
    assert "王淑琴" in client.get("/").text
    assert "退出" in client.get("/me/").text
