"""NUL is a sign nobody types and PostgreSQL does not keep: it is gone before a view sees it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from silin.kinds.report.models import Draft
from tests.town import Town, build, today


@pytest.fixture
def town(db: None) -> Town:
    return build(today())


@pytest.mark.parametrize(
    "address", ["/open/places/?q=%00", "/open/places/?q=%E6%9F%B3%00%E5%B7%B7", "/desk/?q=%00", "/me/?q=%00"]
)
def test_it_is_not_looked_for(client: Client, town: Town, address: str) -> None:
    client.force_login(town.li)
    assert client.get(address).status_code == 200


def test_what_stands_around_it_is_looked_for(client: Client, town: Town) -> None:
    found = client.get("/open/places/?q=%E6%9F%B3%00%E5%B7%B7").text
    assert town.community.code in found


def test_it_is_not_written(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = str(uuid4())
    client.post("/report/", {"client_id": draft, "words": "灯\x00不亮"})
    answer = client.post("/report/where/", {"client_id": draft, "at": "home", "spot": "东\x00侧"})
    assert answer.status_code == 303
    kept = Draft.objects.get(pk=draft)
    assert (kept.words, kept.spot) == ("灯不亮", "东侧")
    assert client.post("/me/", {"do": "find", "q": "柳\x00巷"}).status_code < 500


def test_an_address_with_it_is_no_address(client: Client, town: Town) -> None:
    assert client.get("/open/places/%00/").status_code == 404
    assert client.get("/m/%00/").status_code == 404


def test_a_cookie_with_it_is_nobody(client: Client, town: Town) -> None:
    client.cookies.load('sessionid="abcdefgh\\000abcdefgh"')
    assert client.get("/mine/").status_code == 200
