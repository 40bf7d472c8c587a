"""Stories through the REST API: a street app, a hotline, a bureau's system, and a stranger with garbage."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone
from PIL import Image

from silin.accounts import tokens
from silin.accounts.models import Client, User
from silin.fronts.open.rest.tests.systems import API, System, system
from silin.history.models import Entry
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, Review
from silin.matters.raising import Report, raise_matter
from silin.matters.verifying import REVIEW, verify
from silin.matters.whistling import whistle
from silin.people.actions import add_post, appoint
from silin.people.clients import end_client
from silin.people.models import Organisation, Post
from tests.town import SOUTH, WEST, Town, build, person, today


@pytest.fixture
def here(db: None) -> Town:
    return build(today())


@pytest.fixture
def app(here: Town) -> System:
    """The app of a street, which raises for residents."""
    return system("柳巷通", "public_app", here.street)


@pytest.fixture
def hotline(here: Town) -> System:
    return system("12345 热线", "hotline", here.community)


def bureau(town: Town, name: str) -> tuple[Post, System]:
    """A bureau of the county: its clerk's post, with somebody on it, and its system."""
    body = Organisation.objects.create(name=name, kind="bureau", place=town.county)
    post = add_post("county_clerk", town.county, serial=None, organisation=body, actor=None, now=today())
    appoint(post, person(f"{name}经办"), actor=None, now=today())
    return post, system(f"{name}平台", "bureau_system", town.county, body=body)


def told(town: Town, **more: Any) -> dict[str, Any]:
    """What a resident told."""
    return {"words": "楼道里的灯不亮，老人夜里看不见", "place": town.grid.code, **more}


def picture(colour: str = "green") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return SimpleUploadedFile("x.exe", out.getvalue(), content_type="text/html")


def uploaded(who: System, file: SimpleUploadedFile | None = None) -> Any:
    return Browser().post(f"{API}/uploads", {"file": file or picture()}, headers=who.headers)


def code(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which has the one shape."""
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "field"}
    assert error["message"]
    return answer.status_code, error["code"]


def test_a_street_app_raises_for_a_resident_and_reads_what_becomes_of_it(here: Town, app: System) -> None:
    photo = uploaded(app).json()["id"]
    point = {"lon": WEST + 0.005, "lat": SOUTH + 0.005, "datum": "CGCS2000"}
    sent = {"words": "楼道里的灯不亮", "category": "street_light", "point": point, "uploads": [photo]}
    answer = app.post("/matters", sent | {"on_behalf_of": {"phone": "199 0000 0002", "name": "陈桂兰"}})
    assert answer.status_code == 201, answer.content
    number = answer.json()["number"]
    matter = Matter.objects.get(number=number)
    assert (matter.raiser, matter.channel, matter.put_down_by) == (here.chen, "api", app.client.user)
    assert matter.building == here.building
    accept(matter, By(here.wang, timezone.now()))
    read = app.get(f"/matters/{number}").json()
    assert [step["action"] for step in read["steps"]] == ["accept", "raise"]
    assert (read["state"], read["raiser"], read["actions"]) == ("in_hand", None, [])
    photo = read["steps"][-1]["photos"][0]
    assert Browser().get(photo, headers=app.headers)["Content-Type"] == "image/jpeg"
    assert [row["number"] for row in app.get("/matters").json()["matters"]] == [number]
    assert [each["action"] for each in app.get("/feed").json()["events"]] == ["raise", "accept"]
    stranger = raise_matter("report", By(here.chen, today()), Report("灯", here.lamp, place=here.grid))
    assert code(app.get(f"/matters/{stranger.number}")) == (404, "not_found")


def test_a_hotline_notes_down_for_callers_and_reads_answers_of_its_own_place(
    here: Town, hotline: System
) -> None:
    number = hotline.post("/matters", told(here, on_behalf_of={"phone": "19900000002"})).json()["number"]
    assert Matter.objects.get(number=number).channel == "hotline"
    read = hotline.get(f"/matters/{number}").json()
    assert read["raiser"] is None, "a hotline's post reads no names"
    assert code(hotline.post("/matters", told(here, place=here.other_grid.code))) == (403, "not_allowed")
    elsewhere = raise_matter("report", By(here.chen, today()), Report("灯", here.lamp, place=here.other_grid))
    assert code(hotline.get(f"/matters/{elsewhere.number}")) == (404, "not_found")
    assert [row["number"] for row in hotline.get("/matters").json()["matters"]] == [number]


def test_a_bureaus_system_does_its_part_without_anybody_typing_twice(here: Town) -> None:
    post, light = bureau(here, "城管局")
    _other, water = bureau(here, "水务局")
    matter = raise_matter("report", By(here.chen, today()), Report("路灯不亮", here.lamp, place=here.grid))
    assert code(light.get(f"/matters/{matter.number}")) == (404, "not_found")
    whistle(matter, By(here.guo, today(), words="请来看看"), lead=post)
    read = light.get(f"/matters/{matter.number}").json()
    assert {offer["action"] for offer in read["actions"]} >= {"accept", "report_in", "return"}
    assert read["raiser"]["name"] == "陈桂兰"
    assert "19900000002" not in str(read)
    assert [row["number"] for row in light.get("/matters").json()["matters"]] == [matter.number]
    assert water.get("/matters").json()["matters"] == []
    assert code(water.get(f"/matters/{matter.number}")) == (404, "not_found")
    sent = {"action": "accept", "version": read["version"]}
    assert code(water.post(f"/matters/{matter.number}/actions", sent)) == (404, "not_found")
    assert light.act(matter.number, "report_in").status_code == 200
    assert light.act(matter.number, "accept").json()["state"] == "in_hand"
    paused = light.act(matter.number, "pause", "等配件", reason="third_party")
    assert paused.json()["state"] == "waiting", paused.content
    assert light.act(matter.number, "resume").json()["state"] == "in_hand"
    bare = light.act(matter.number, "answer", "换了灯泡", outcome="fixed")
    assert code(bare) == (400, "needs_photo")
    done = light.act(
        matter.number, "answer", "换了灯泡", outcome="fixed", after=[uploaded(light).json()["id"]]
    )
    assert done.json()["state"] == "answered", done.content
    line = Entry.objects.filter(subject=matter.subject).order_by("-seq")[0]
    assert (line.actor, line.post) == (light.client.user, "bureau_system")
    assert light.get(f"/matters/{matter.number}").json()["steps"][0]["photos"]


def test_a_bureaus_system_signs_nothing_in_the_place_of_a_head(here: Town) -> None:
    post, light = bureau(here, "城管局")
    matter = raise_matter("report", By(here.chen, today()), Report("路灯不亮", here.lamp, place=here.grid))
    whistle(matter, By(here.guo, today(), words="请来看看"), lead=post)
    Matter.objects.filter(pk=matter.pk).update(signer=post, state="in_hand")
    assert "sign" not in {each["action"] for each in light.get(f"/matters/{matter.number}").json()["actions"]}
    assert code(light.act(matter.number, "sign")) == (403, "not_allowed")


@pytest.mark.parametrize("key", ["", "x", "silin_" + "A" * 32, "Bearer", "%00", "a b c", "é", "silin_" * 500])
def test_garbage_is_401_and_never_500(here: Town, key: str) -> None:
    answer = Browser().get(f"{API}/matters", headers={"Authorization": f"Bearer {key}"})
    assert code(answer)[0] == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_an_ended_an_expired_and_a_narrow_key(here: Town, app: System) -> None:
    narrow = system("只读", "hotline", here.community, "read")
    assert code(narrow.post("/matters", told(here))) == (403, "scope")
    Client.objects.filter(pk=app.client.pk).update(valid_until=timezone.localdate())
    assert code(app.get("/key")) == (401, "key_expired")
    end_client(narrow.client, actor=None, now=timezone.now())
    assert code(narrow.get("/key")) == (401, "key_ended")


def test_a_session_grants_nothing_and_no_cookie_is_set(here: Town, hotline: System) -> None:
    browser = Browser()
    browser.force_login(here.zhou)
    assert code(browser.get(f"{API}/matters")) == (401, "no_key")
    answer = browser.get(f"{API}/key", headers=hotline.headers)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Access-Control-Allow-Origin" not in answer
    assert (
        Browser(enforce_csrf_checks=True).post(f"{API}/matters", headers=hotline.headers).status_code == 415
    )


def test_the_limit_is_said_and_kept(here: Town) -> None:
    busy = system("急性子", "hotline", here.community, per_minute=2)
    first = busy.get("/key")
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    answers = [busy.get("/key") for _call in range(4)]
    late = next(answer for answer in answers if answer.status_code == 429)
    assert code(late) == (429, "too_many")
    assert 1 <= int(late["Retry-After"]) <= 60


def test_the_same_key_is_done_once_and_another_body_is_refused(here: Town, hotline: System) -> None:
    once = uuid4()
    first, again = (hotline.post("/matters", told(here), once=once) for _try in range(2))
    assert (again.status_code, again.json()["number"]) == (201, first.json()["number"])
    for other in ({"words": "楼道的灯又坏了"}, {"spot": "东侧"}, {"on_behalf_of": {"phone": "19900000002"}}):
        assert code(hotline.post("/matters", told(here, **other), once=once)) == (409, "id_reused")
    assert Matter.objects.count() == 1
    assert not User.objects.filter(name="", is_guest=False, is_system=False).exists(), "nothing half-written"


def test_whoever_was_sent_the_secret_grades_and_nobody_learns_who(here: Town, app: System) -> None:
    said = Report("路灯不亮", here.lamp, place=here.grid)
    matter = accept(raise_matter("report", By(here.chen, today()), said), By(here.wang, today()))
    matter = answer(matter, By(here.wang, today(), words="说过了"), outcome="advised")
    matter = verify(matter, By(here.chen, today()))
    secret = tokens.issue(REVIEW, matter.subject, timedelta(days=7), timezone.now())
    assert code(app.post("/reviews", {"token": secret, "grade": 6})) == (422, "bad_value")
    assert code(app.post("/reviews", {"token": "QWERTYUPASDFGHJK", "grade": 5})) == (400, "token_unknown")
    sent = app.post("/reviews", {"token": secret, "grade": 4, "words": "来得快"})
    assert sent.json() == {"number": matter.number, "reviewed": True}
    assert Review.objects.get(matter=matter).way == Review.Way.LINK
    assert code(app.post("/reviews", {"token": secret, "grade": 1})) == (409, "reviewed")
    hotline = system("12345 热线", "hotline", here.community)
    assert "来得快" not in str(hotline.get(f"/matters/{matter.number}").json())
    assert "review" not in {each["action"] for each in hotline.get("/feed", limit=1000).json()["events"]}


def test_a_moved_on_matter_is_409_and_an_unknown_action_404(here: Town) -> None:
    post, light = bureau(here, "城管局")
    matter = raise_matter("report", By(here.chen, today()), Report("路灯不亮", here.lamp, place=here.grid))
    whistle(matter, By(here.guo, today(), words="请来看看"), lead=post)
    there = f"/matters/{matter.number}/actions"
    assert code(light.post(there, {"action": "accept", "version": 1})) == (409, "changed")
    assert code(light.act(matter.number, "fly")) == (404, "not_found")
    assert code(light.act(matter.number, "accept", wings=2)) == (422, "unknown_field")
    assert code(light.act(matter.number, "close", outcome="advised"))[0] in (403, 400)
    assert timezone.now() - today() < timedelta(days=1)
