"""Programs that others wrote for other cities work here unchanged, against a running server.

``georeport`` reads and reports nothing; ``three`` was written for Python 2 and needs one line before it is
imported, and its XML reads nothing under Python 3; ``civicbot`` finds out for itself what a service asks.
"""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import requests
from civicbot.http import HttpTransport, RateLimiter
from civicbot.open311 import Open311Client, ValidationError
from civicbot.registry import Endpoint
from django.utils import timezone
from georeport import GeoReport
from PIL import Image

from silin.history.models import Entry
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.tests.bureaus import Bureaus
from silin.matters.triage import release
from silin.matters.whistling import whistle
from silin.people.actions import add_post, appoint
from silin.people.clients import AboutClient, make_client
from tests.stories.test_at_once import at_once
from tests.town import SOUTH, WEST, Town, build, person, today

LAT, LONG = SOUTH + 0.0051, WEST + 0.0051


@pytest.fixture
def town(live_db: str) -> Town:
    return build(today())


@pytest.fixture
def key(town: Town) -> str:
    about = AboutClient("芝加哥的应用", "public_app", town.city, ("read", "raise"))
    return make_client(about, actor=None, now=timezone.now())[1]


@pytest.fixture
def base(town: Town, server: str) -> str:
    return f"{server}/open311/v2"


@pytest.fixture
def three(base: str, key: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client of Code for America from 2013."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    from three import Three

    return Three(base, api_key=key)


def let_all_read(number: str, town: Town) -> Matter:
    return release(Matter.objects.get(number=number), By(town.li, timezone.now()))


def picture() -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "orange").save(data, "JPEG")
    data.seek(0)
    return data


def test_three_reports_with_a_picture_and_georeport_reads_it(three: Any, base: str, town: Town) -> None:
    found = three.discovery()
    assert {end["type"] for end in found["endpoints"]} == {"production"}
    assert "street_light" in {each["service_code"] for each in three.services()}
    assert three.services("street_light")["attributes"][0]["code"] == "lamps"
    [put] = three.post(
        "street_light",
        lat=LAT,
        long=LONG,
        name="Mary Miller",
        phone="13812345678",
        description="路灯不亮",
        media=("lamp.jpg", picture(), "image/jpeg"),
    )
    number = put["service_request_id"]
    assert three.request(number) == [{"code": "404", "description": "service_request_id：没有这件事。"}]
    let_all_read(number, town)
    assert three.request(number)[0]["status"] == "open"
    days = [f"{timezone.localdate() + timedelta(days=n):%m-%d-%Y}" for n in (-2, 2)]
    assert [each["service_request_id"] for each in three.requests(between=days)] == [number]
    assert [each["service_request_id"] for each in three.requests("street_light", count=1)] == [number]
    assert three.token(number) == [{"service_request_id": number, "token": number}]

    for form in ("json", "xml"):
        reader = GeoReport(base, output_format=form)
        told = reader.get_service_request(number)
        assert (told["status"], told["service_name"]) == ("open", "路灯不亮")
        assert told["media_url"].endswith("/")
        assert len(reader.get_service_list()) > 40
        assert reader.get_service_definition("street_light")["service_code"] == "street_light"
        assert "Miller" not in str(reader.get_service_requests(service_code="street_light", status="open"))


def test_civicbot_looks_what_is_asked_and_sends_it(base: str, key: str, town: Town) -> None:
    quick = HttpTransport(rate_limiter=RateLimiter(0))
    city = Endpoint(id="linchuan", name="临川", base_url=base, write=True, api_key_required_for_write=True)
    bot = Open311Client(city, quick)
    where = {"lat": LAT, "lng": LONG, "description": "Lift out of order", "validate_remote": True}
    with pytest.raises(ValidationError):
        bot.create_request("lift", attributes={"shut_in": "perhaps"}, **where)
    sent = bot.create_request(
        "lift", dry_run=False, confirm="SEND", api_key=key, attributes={"shut_in": "no"}, **where
    )
    number = sent.response[0]["service_request_id"]
    matter = let_all_read(number, town)
    assert matter.answers == {"shut_in": False}
    assert bot.get_request(number)["description"] == "Lift out of order"
    assert [each["service_request_id"] for each in bot.list_requests(service_request_ids=[number])] == [
        number
    ]
    assert bot.get_token(number)[0]["service_request_id"] == number


def test_the_same_request_at_once_is_one_matter_and_the_same_update_one_deed(
    base: str, key: str, town: Town
) -> None:
    bureaus = Bureaus(town)
    about = AboutClient("城管局系统", "bureau_system", town.county, ("read", "act"), bureaus.light)
    system = make_client(about, actor=None, now=timezone.now())[1]
    lamp = {
        "api_key": key,
        "service_code": "street_light",
        "lat": LAT,
        "long": LONG,
        "description": "路灯不亮",
    }
    answers = at_once(
        [partial(requests.post, f"{base}/requests.json", lamp, headers={"Idempotency-Key": "1"})] * 4
    )
    assert {answer.status_code for answer in answers} == {200}
    [number] = {answer.json()[0]["service_request_id"] for answer in answers}
    duty = person("县里值班的人")
    seat = add_post("county_duty", town.county, actor=None, now=timezone.now())
    appoint(seat, duty, actor=None, now=timezone.now())
    by = By(duty, timezone.now(), words="灯杆归你们管")
    matter = whistle(Matter.objects.get(number=number), by, lead=bureaus.posts[0])
    said = {"api_key": system, "service_request_id": number, "update_id": "1", "status": "in_progress"}
    answers = at_once([partial(requests.post, f"{base}/servicerequestupdates.json", said)] * 4)
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    deeds = Entry.objects.filter(subject=matter.subject, actor__name="城管局系统")
    assert list(deeds.order_by("seq").values_list("action", flat=True)) == ["report_in", "accept"]
