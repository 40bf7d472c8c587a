"""Wang finds something: sent on in three taps, or put right at once; also later, from the phone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.facts.actions import FactRow, write
from silin.facts.models import Fact
from silin.matters.bookkeeping import differences
from silin.matters.models import Matter, Photo, State
from silin.matters.tests.pages import make_town, picture, signed_in
from silin.people.actions import add_post, appoint
from tests.town import SOUTH, Town, person

JSON = {"Accept": "application/json"}
PASTED = "张姐：三单元门口那个井盖翘起来了，大家走路小心点 [图片] 李叔：收到，晚上看不见"


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def wang(here: Town) -> Client:
    return signed_in(here.wang)


def found(here: Town, **change: Any) -> dict[str, Any]:
    said = {"client_id": str(uuid4()), "do": "send", "at": f"b:{here.building.pk}", "category": "manhole"}
    return said | {"before": picture()} | change


def test_a_photo_and_a_tap_are_enough(here: Town, wang: Client) -> None:
    said = found(here)
    with CaptureQueriesContext(connection) as asked:
        answer = wang.post("/w/find/", said)
    assert len(asked) <= 45, [each["sql"][:90] for each in asked]
    matter = Matter.objects.get()
    assert answer["Location"] == f"/w/find/{matter.number}/"
    assert (matter.kind, matter.channel, matter.state) == ("finding", "worker", State.ASSIGNED)
    assert (matter.words, matter.raiser, matter.photos.get().stage) == (
        "井盖坏了丢了",
        here.wang,
        Photo.Stage.RAISED,
    )
    assert matter.holder is not None
    assert matter.holder.kind_id == "grid_leader"
    assert Fact.objects.get(name="matter.raised").kind == "finding"
    assert matter.shown_number in wang.get(answer["Location"]).text
    assert signed_in(here.leader).get(answer["Location"]).status_code == 404
    signed_in(here.leader).get(f"/w/tasks/{matter.number}/")
    assert wang.get(f"/w/tasks/{matter.number}/").status_code == 200


def test_what_neighbours_wrote_is_pasted_and_says_what_it_is(here: Town, wang: Client) -> None:
    wang.post("/w/find/", found(here, words=PASTED, category="", before=""))
    matter = Matter.objects.get()
    assert (matter.category_id, matter.words) == ("manhole", PASTED)
    nothing = wang.post("/w/find/", found(here, words="", category="", before=""))
    assert nothing.status_code == 400
    assert 'id="find_category_error"' in nothing.text
    proposed = wang.post("/w/find/", found(here, words="", category="bus_route", before=""))
    assert proposed.status_code == 303


def test_the_outbox_sends_it_later_and_once(here: Town, wang: Client) -> None:
    said = found(here, words="楼梯口井盖破了")
    first = wang.post("/w/find/", said, headers=JSON)
    again = wang.post("/w/find/", said | {"before": picture()}, headers=JSON)
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["client_id"] == said["client_id"]
    assert Matter.objects.get().number == first.json()["number"]
    other = wang.post("/w/find/", found(here, client_id=said["client_id"], words="别的"), headers=JSON)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "id_reused")
    wrong = wang.post("/w/find/", found(here, at="g:0"), headers=JSON)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "at")
    gone = Client().post("/w/find/", found(here), headers=JSON)
    assert (gone.status_code, gone.json()["error"]["code"]) == (401, "sign_in")


def test_put_right_at_once_needs_words_and_a_photo(here: Town, wang: Client) -> None:
    said = found(here, do="settle", done="扶正了，垫了胶圈", after=picture(), words="井盖翘起来")
    missing = wang.post("/w/find/", {name: value for name, value in said.items() if name != "after"})
    assert missing.status_code == 400
    assert 'id="find_after_error"' in missing.text
    assert wang.post("/w/find/", said | {"before": picture(), "after": picture()}).status_code == 303
    matter = Matter.objects.get()
    assert (matter.state, matter.outcome, matter.handler) == (State.ANSWERED, "on_the_spot", here.wang)
    assert sorted(matter.photos.values_list("stage", flat=True)) == ["after", "before"]


def test_residents_strangers_and_the_desk_beside_find_no_such_page(here: Town, wang: Client) -> None:
    receipt = wang.post("/w/find/", found(here))["Location"]
    beside = person("河沿的小赵")
    post = add_post("community_desk", here.other, actor=None, now=timezone.now())
    appoint(post, beside, actor=None, now=timezone.now())
    for somebody in (here.chen, here.stranger, beside):
        client = signed_in(somebody)
        assert client.get(receipt).status_code == 404
        assert client.get(f"/w/tasks/{Matter.objects.get().number}/").status_code == 404
    for somebody in (here.chen, here.stranger):
        assert signed_in(somebody).get("/w/find/").status_code == 404
        assert signed_in(somebody).post("/w/find/", found(here)).status_code == 404
    assert Matter.objects.count() == 1


def test_nobody_puts_down_what_lies_elsewhere(here: Town, wang: Client) -> None:
    point = {"lon": "107.115", "lat": str(SOUTH + 0.002), "datum": "CGCS2000"}
    refused = wang.post("/w/find/", found(here, words="井盖破了", **point))
    assert refused.status_code == 403
    assert "不在您负责的范围里" in refused.text
    assert "井盖破了" in refused.text
    assert not Matter.objects.exists()


def test_both_books_know_what_was_found(here: Town, wang: Client) -> None:
    wang.post("/w/find/", found(here))
    wang.post("/w/find/", found(here, do="settle", done="扶正了", before="", after=picture()))
    assert list(differences()) == []
    matter = Matter.objects.get(outcome="")
    columns: dict[str, Any] = {
        "kind": "finding",
        "category": "manhole",
        "channel": "worker",
        "unit": matter.unit,
    }
    columns |= {"outcome": "fixed", "on_time": True, "subject": matter.subject, "unit": matter.unit}
    write([FactRow.of("matter.closed", now=timezone.now(), **columns)])
    assert [each.subject for each in differences()] == [matter.subject]


def test_the_page_is_kept_for_when_there_is_no_network(here: Town, wang: Client) -> None:
    assert wang.get("/w/find/")["Silin-Offline"] == "keep"
    assert "Silin-Offline" not in wang.get("/w/").headers
