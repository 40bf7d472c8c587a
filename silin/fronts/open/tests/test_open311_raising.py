"""Putting something down by Open311: what is asked, where it is, who said it, and all that is wrong."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from silin.accounts.models import User
from silin.files.models import File
from silin.fronts.open.tests.open311 import V2, Program, app_at
from silin.history.models import Entry
from silin.lib.datum import from_cgcs2000
from silin.lib.personal import keyed_hash
from silin.matters.models import Category, Matter
from silin.matters.tests.pages import signed_in
from silin.people.clients import end_client
from silin.places.models import Building, Estate
from tests.town import MONDAY, SOUTH, WEST, Town

HERE = {"lat": str(SOUTH + 0.0051), "long": str(WEST + 0.0051)}
LAMP = {"service_code": "street_light", "description": "路灯不亮", **HERE}
LIFT = {"service_code": "lift", "description": "电梯停了", **HERE}


@pytest.fixture
def app(town: Town) -> Program:
    return app_at(town.city)


def picture(kind: str = "JPEG") -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "orange").save(data, kind)
    return SimpleUploadedFile("lamp.jpg", data.getvalue(), "image/jpeg")


def matter_of(number: str) -> Matter:
    return Matter.objects.get(number=number)


def told(answer: Any) -> list[str]:
    """What is wrong, as the program reads it."""
    return [each["description"] for each in answer.json()]


def test_a_form_without_files_will_do(app: Program, town: Town) -> None:
    sent = "&".join(f"{name}={value}" for name, value in {"api_key": app.key, **LAMP}.items())
    type_ = "application/x-www-form-urlencoded; charset=utf-8"
    answer = Client().generic("POST", f"{V2}/requests.xml", sent, content_type=type_)
    assert answer.status_code == 200
    number = answer.content.decode().partition("<service_request_id>")[2][:8]
    matter = matter_of(number)
    assert (matter.words, matter.raiser, matter.holder) == ("路灯不亮", None, town.worker_post)
    entry = Entry.objects.get(subject=matter.subject, seq=1)
    assert (entry.post, str(entry.actor)) == ("public_app", "芝加哥的应用")


def test_answers_come_as_attributes(app: Program) -> None:
    sent = {"attribute[shut_in]": "no", "attribute[since]": "2026-10-18T23:30:00Z", "attribute[unasked]": "x"}
    assert matter_of(app.report(**LIFT, **sent)).answers == {"shut_in": False, "since": "2026-10-19"}
    several = {"key": "what", "type": "choices", "label": "哪些", "required": True}
    several["choices"] = [{"code": code, "label": code} for code in "abc"]
    ask(several, {"key": "n", "type": "number", "label": "几盏", "least": 1})
    assert matter_of(app.report(**LAMP, **{"attribute[what][]": ["c", "a"]})).answers == {"what": ["a", "c"]}
    wrong = app.send(**LAMP, **{"attribute[n]": "none", "attribute[what][]": ["x"]})
    assert [each.partition(":")[0] for each in told(wrong)] == ["attribute[what]", "attribute[n]"]
    assert told(app.send(**LAMP))[0].startswith("attribute[what]")


def ask(*questions: dict[str, Any]) -> None:
    """Let the service of lamps ask these."""
    from django.utils import timezone

    from silin.forms.schema import read_schema
    from silin.matters.terms import forget, hold, set_questions

    lamp = Category.objects.get(pk="street_light")
    lamp.questions = set_questions(lamp.pk, read_schema(questions), actor=None, now=MONDAY)
    lamp.save()
    hold([lamp], timezone.localdate())
    forget()


def test_where_it_is_may_be_said_in_three_ways(app: Program, town: Town) -> None:
    building = {"service_code": "trees", "address_id": f"b{town.building.pk}", "description": "树枝"}
    assert matter_of(app.report(**building)).building == town.building
    grid = {**building, "address_id": town.grid.code}
    assert matter_of(app.report(**grid)).place == town.grid
    words = {"service_code": "trees", "address_string": "东城区柳巷街道柳巷家园5号楼2单元301"}
    matter = matter_of(app.report(**words))
    assert (matter.building, matter.spot, matter.words) == (
        town.building,
        words["address_string"],
        "树枝该修了",
    )
    lon, lat = from_cgcs2000(WEST + 0.0051, SOUTH + 0.0051, "GCJ-02")
    shifted = matter_of(app.report(**LAMP | {"long": str(lon), "lat": str(lat), "datum": "gcj02"}))
    assert (shifted.building, shifted.datum) == (town.building, "GCJ-02")
    other = Estate.objects.create(place=town.other, name="柳巷家园")
    Building.objects.create(estate=other, grid=town.other_grid, number="5")
    assert "柳巷社区" in told(app.send(**words))[0]
    assert "河沿社区" in told(app.send(**words))[0]


WRONG: list[tuple[dict[str, str], int, int]] = [
    ({"service_code": ""}, 400, 1),
    ({"service_code": "nothing"}, 404, 1),
    ({"lat": "", "long": ""}, 400, 1),
    ({"long": ""}, 400, 1),
    ({"lat": "nan"}, 400, 1),
    ({"lat": "41.88", "long": "-87.63"}, 400, 1),
    ({"lat": "x", "long": "y", "datum": "MARS"}, 400, 3),
    ({"description": "长" * 4001}, 400, 1),
    ({"phone": "drop table"}, 400, 1),
    ({"first_name": "长" * 99}, 400, 1),
    ({"media_url": "file:///etc/passwd"}, 400, 1),
    ({"media_url": "javascript:alert(1)"}, 400, 1),
    ({"address_id": "b99999999999999999", "lat": "", "long": ""}, 404, 1),
    ({"address_string": "哪儿也不是", "lat": "", "long": ""}, 400, 1),
    ({"jurisdiction_id": "cityofchicago.org"}, 404, 1),
    ({"attribute[lamps]": "many"}, 400, 1),
]


@pytest.mark.parametrize(("sent", "status", "n"), WRONG, ids=str)
def test_what_is_wrong_is_said_and_nothing_is_written(
    app: Program, sent: dict[str, str], status: int, n: int
) -> None:
    before = (User.objects.count(), Entry.objects.count())
    answer = app.send(**LAMP | sent, media=picture())
    assert (answer.status_code, len(told(answer))) == (status, n), told(answer)
    assert all(told(answer))
    assert not Matter.objects.exists()
    assert not File.objects.exists()
    assert (User.objects.count(), Entry.objects.count()) == before
    assert app.send("requests", "xml", **LAMP | sent).status_code == status


def test_whoever_may_not_is_told_403(app: Program, town: Town) -> None:
    for program in (Program(), Program("x"), app_at(town.city, "read", name="只读的应用")):
        assert program.send(**LAMP).status_code == 403
    elsewhere = app_at(town.other, name="河沿的应用")
    assert elsewhere.send(**LAMP).status_code == 403
    signed = Client()
    signed.force_login(town.li)
    assert signed.post(f"{V2}/requests.json", LAMP).status_code == 403
    end_client(User.objects.get(name="芝加哥的应用").client, actor=None, now=MONDAY)
    assert app.send(**LAMP).status_code == 403
    assert not Matter.objects.exists()


def test_the_same_request_under_one_id_is_one_matter(app: Program) -> None:
    again = {"headers": {"Idempotency-Key": "chicago-17"}}
    number = app.report(**LAMP, **again)
    assert app.report(**LAMP, **again) == number
    other = app.send(**LAMP | {"description": "另一件事"}, **again)
    assert (other.status_code, other.json()[0]["code"]) == (400, "409")
    assert app.report(**LAMP) != number
    assert Matter.objects.count() == 2


def test_who_reports_is_an_account_like_a_callers(app: Program, town: Town) -> None:
    known = {"phone": "199-0000-0002", "first_name": "桂兰", "last_name": "陈"}
    assert matter_of(app.report(**LAMP, **known)).raiser == town.chen
    land = matter_of(
        app.report(**LAMP, first_name="Mary", last_name="Miller", phone="+1 312-555-0100")
    ).raiser
    assert land is not None
    assert (land.name, land.phone, land.phone_hash) == ("Mary Miller", "+1 312-555-0100", None)
    phone = {"device_id": "chicago-phone-1"}
    first, second = (matter_of(app.report(**LAMP, **phone)).raiser for _ in range(2))
    assert first == second is not None
    other = app_at(town.city, name="别的应用")
    assert matter_of(other.report(**LAMP, **phone)).raiser != first
    assert "chicago-phone-1" not in str(list(User.objects.values()))
    assert keyed_hash("reporter", "x")  # the pseudonym needs the key of the house


NASTY = "<script>alert('x')</script>]]>&\x00\x07 {{ 7*7 }}"


def test_script_is_harmless_in_both_forms_and_on_the_page_of_the_desk(app: Program, town: Town) -> None:
    names = ("description", "device_id", "account_id", "attribute[post]", "address_string")
    sent = {**LAMP, **dict.fromkeys(names, NASTY), "first_name": "<script>alert(1)", "last_name": "</script>"}
    number = app.report(**sent)
    assert b"<script>" not in app.ask(f"requests/{number}", "xml", extensions="true").content
    page = signed_in(town.li).get(f"/desk/m/{number}/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "{{ 7*7 }}" in page
    assert "\x00" not in matter_of(number).words


def test_an_address_of_a_picture_is_kept_as_words_and_never_fetched(app: Program) -> None:
    matter = matter_of(app.report(**LAMP, media_url="http://127.0.0.1:9/secret.jpg"))
    assert matter.words == "路灯不亮\n照片：http://127.0.0.1:9/secret.jpg"
    assert not matter.photos.exists()


def test_pictures_are_looked_at_before_they_are_kept(app: Program) -> None:
    lie = SimpleUploadedFile("lamp.jpg", b"GIF89a<script>", "image/jpeg")
    assert app.send(**LAMP, media=lie).status_code == 400
    assert app.send(**LAMP, **{"media[]": [picture() for _ in range(7)]}).status_code == 400
    both = {"media": picture(), "media[]": [picture("PNG")]}
    assert matter_of(app.report(**LAMP, **both)).photos.count() == 2


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("application/x-www-form-urlencoded", b"description=" + b"a" * 3_000_000),
        ("application/x-www-form-urlencoded", b"a=1&" * 2000),
        ("application/x-www-form-urlencoded; charset=gbk", "description=灯".encode("gbk")),
        ("multipart/form-data; boundary=x", b"--y\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("application/json", b'{"service_code": "trees"}'),
        ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ],
    ids=["huge", "many", "gbk", "broken", "no boundary", "json", "xml"],
)
def test_what_cannot_be_read_is_refused_in_the_form_that_was_asked_for(
    app: Program, type_: str, body: bytes
) -> None:
    for form in ("json", "xml"):
        address = f"{V2}/requests.{form}?api_key={app.key}"
        answer = Client(raise_request_exception=False).generic("POST", address, body, content_type=type_)
        assert answer.status_code == 400, answer.content
        assert (b"<errors>" in answer.content) == (form == "xml")
    assert not Matter.objects.exists()
