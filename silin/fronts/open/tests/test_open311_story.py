"""A program for Chicago reports a lamp, the desk releases it, the bureau's own system brings it to an end."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from silin.fronts.open.tests.open311 import Program, app_at, system_of
from silin.matters.deeds import By
from silin.matters.models import Matter, State
from silin.matters.tests.bureaus import Bureaus
from silin.matters.tests.pages import sent, signed_in
from silin.matters.triage import release
from silin.matters.whistling import whistle
from silin.people.actions import add_post, appoint
from tests.town import MONDAY, SOUTH, WEST, Town, person

PHONE = "13812345678"
LAMP = {
    "service_code": "street_light",
    "lat": str(SOUTH + 0.0051),
    "long": str(WEST + 0.0051),
    "description": f"The street light is out, call {PHONE}",
    "first_name": "Mary",
    "last_name": "Miller",
    "phone": PHONE,
    "email": "mary@example.org",
    "device_id": "chicago-phone-1",
    "attribute[lamps]": "2",
    "attribute[post]": "A-17",
}


def picture(colour: str = "orange") -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(data, "JPEG")
    return SimpleUploadedFile("lamp.jpg", data.getvalue(), "image/jpeg")


@pytest.fixture
def bureaus(town: Town) -> Bureaus:
    return Bureaus(town)


def called(town: Town, bureaus: Bureaus, number: str) -> Matter:
    """The county whistles the bureau of lights to it."""
    duty = person("县里值班的人")
    appoint(add_post("county_duty", town.county, actor=None, now=MONDAY), duty, actor=None, now=MONDAY)
    by = By(duty, timezone.now(), words="灯杆归你们管，请去看看")
    return whistle(Matter.objects.get(number=number), by, lead=bureaus.posts[0])


def test_the_desk_sees_who_reported_and_nobody_else_does(town: Town) -> None:
    app, anybody = app_at(town.city), Program()
    number = app.report(**LAMP, media=picture())
    matter = Matter.objects.get(number=number)
    assert (matter.channel, matter.building) == ("api", town.building)
    assert matter.answers == {"lamps": 2, "post": "A-17"}
    assert matter.raiser is not None
    assert (matter.raiser.name, matter.raiser.phone) == ("Mary Miller", PHONE)

    assert anybody.ask(f"requests/{number}").status_code == 404
    assert anybody.read("requests") == []
    assert app.read(f"requests/{number}")[0]["status"] == "open"
    desk = signed_in(town.li).get(f"/desk/m/{number}/").text
    assert "芝加哥的应用" in desk
    assert "Mary Miller" in desk
    assert "别的系统" in signed_in(town.li).get("/desk/?tab=going").text

    release(matter, By(town.li, timezone.now()))
    [shown] = anybody.read("requests")
    assert shown["service_request_id"] == number
    assert (shown["lat"], shown["long"]) == (round(SOUTH + 0.005, 6), round(WEST + 0.005, 6))
    assert shown["media_url"].startswith("http://testserver/m/")
    assert anybody.client.get(shown["media_url"]).status_code == 200
    for secret in ("Miller", PHONE, "mary@example.org", "chicago-phone-1"):
        assert secret not in anybody.ask("requests", extensions="true").content.decode()


def test_the_system_of_the_bureau_says_how_far_it_is(town: Town, bureaus: Bureaus) -> None:
    app, anybody, system = app_at(town.city), Program(), system_of(bureaus.light)
    number = app.report(**LAMP)
    matter = release(Matter.objects.get(number=number), By(town.li, timezone.now()))
    called(town, bureaus, number)
    says = {"service_request_id": number, "updated_datetime": "2026-11-28T08:00:00+08:00"}
    for n, status, words in ((1, "investigating", ""), (2, "in_progress", ""), (3, "open", "灯泡明天到")):
        sent = {**says, "update_id": str(n), "status": status, "description": words}
        assert system.send("servicerequestupdates", **sent).status_code == 200, status
    fixed = {**says, "update_id": "4", "status": "fixed", "description": "换了两只灯泡"}
    refused = system.send("servicerequestupdates", **fixed)
    assert refused.status_code == 400
    assert "照片" in refused.content.decode()
    assert system.send("servicerequestupdates", **fixed, media=picture("green")).status_code == 200
    matter.refresh_from_db()
    assert matter.state == State.ANSWERED
    assert [photo.stage for photo in matter.photos.all()] == ["after"]
    deeds = [step["status"] for step in anybody.read("servicerequestupdates")]
    assert deeds[-2:] == ["in_progress", "fixed"]


def test_the_end_is_read_with_its_outcome(town: Town, bureaus: Bureaus) -> None:
    app, anybody, system = app_at(town.city), Program(), system_of(bureaus.light)
    number = app.report(**LAMP)
    called(town, bureaus, number)
    fixed = {
        "service_request_id": number,
        "update_id": "9",
        "status": "closed",
        "description": "换了两只灯泡",
    }
    assert system.send("servicerequestupdates", **fixed, media=picture()).status_code == 200
    matter = Matter.objects.get(number=number)
    assert signed_in(town.li).post(f"/desk/m/{number}/", sent(matter, "close")).status_code == 303
    release(Matter.objects.get(number=number), By(town.li, timezone.now()))
    [told] = anybody.read("requests", status="closed")
    assert told["status"] == "closed"
    assert told["status_notes"] == "修好了：换了两只灯泡"
    assert told["agency_responsible"] == "东城区城管局"
