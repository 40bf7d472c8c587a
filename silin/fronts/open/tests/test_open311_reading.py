"""Reading by Open311: what is offered, what is going on, in both forms, by all filters, at the same cost."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from silin.fronts.open.open311.discovery import said_at
from silin.fronts.open.open311.writing import write
from silin.fronts.open.tests.open311 import Program, as_told
from silin.lib.datum import from_cgcs2000
from silin.lib.ids import new_id
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review
from silin.matters.tests.pages import signed_in
from silin.matters.triage import release
from silin.matters.verifying import close
from silin.people.clients import AboutClient, make_client
from silin.places.locating import locate
from silin.places.texts import set_texts
from tests.counting import statements
from tests.town import MONDAY, SOUTH, WEST, Town

DAY = timedelta(days=1)
SECRET = "楼上那家总打孩子"
SCRIPT = "<script>alert(1)</script>]]>&amp;\x0b"


def shown(town: Town, words: str = "路灯不亮", *, days: float = 0, category: str = "") -> Matter:
    """A report of Chen's at her building that Li has released."""
    at = timezone.now() - DAY * days
    leaf = town.lamp if not category else type(town.lamp).objects.get(pk=category)
    said = Report(words, leaf, building=town.building, spot="2单元301")
    return release(raise_matter("report", By(town.chen, at), said), By(town.li, at))


def many(town: Town, numbers: range) -> None:
    """The same report under many numbers, each a minute older."""
    row = shown(town)
    for n in numbers:
        row.pk, row.number = new_id(), f"{n:08d}"
        row.raised_at -= timedelta(minutes=1)
        row.save(force_insert=True)


def test_discovery_says_where_and_whom_to_ask(town: Town) -> None:
    now, said = timezone.now(), {"open311_contact": "data@linchuan.example", "open311_keys": "0999-12345"}
    before = Program().read("discovery")
    set_texts(said | {"open311_test": "https://try.example/open311/v2"}, actor=None, now=now + DAY)
    told = Program().read("discovery")
    assert (told["contact"], told["key_service"]) == tuple(said.values())
    assert told["changeset"] > before["changeset"]
    assert [end["type"] for end in told["endpoints"]] == ["production", "test"]
    assert told["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert told["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert before["contact"]


def test_services_are_the_leaves_and_their_questions_of_today(town: Town) -> None:
    listed = {each["service_code"]: each for each in Program().read("services")}
    assert listed["street_light"]["service_name"] == "路灯不亮"
    assert listed["street_light"]["group"] == "道路和路灯"
    assert "路灯坏" in listed["street_light"]["keywords"].split(",")
    assert [listed[code]["metadata"] for code in ("street_light", "trees")] == [True, False]
    asked = {each["code"]: each for each in Program().read("services/heating")["attributes"]}
    assert asked["who"]["datatype"] == "singlevaluelist"
    assert asked["who"]["values"][0] == {"key": "one", "name": "就我家"}
    assert asked["degrees"]["datatype_description"] == "-10 到 40度"
    assert [asked[code]["order"] for code in ("degrees", "who")] == [1, 2]
    assert Program().read("services/trees") == {"service_code": "trees", "attributes": []}
    english = Program().client.get("/open311/v2/services.json", headers={"accept-language": "en"}).json()
    assert english[0]["service_name"] == "Street light out"


def test_both_forms_say_the_same(town: Town) -> None:
    shown(town, SCRIPT)
    shown(town, "路灯不亮", days=2)
    for call, asked in (
        ("discovery", {}),
        ("services", {}),
        ("services/heating", {}),
        ("requests", {"extensions": "true"}),
        ("servicerequestupdates", {}),
        ("requests/NOTTHERE", {}),
    ):
        xml = Program().ask(call, "xml", **asked)
        assert xml["Content-Type"] == "text/xml; charset=utf-8"
        assert xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        told = Program().ask(call, **asked)
        assert told["Content-Type"] == "application/json; charset=utf-8"
        assert as_words(as_told(ElementTree.fromstring(xml.content))) == as_words(json.loads(told.content))
        assert xml.status_code == told.status_code


def as_words(told: Any) -> Any:
    """JSON as XML can say it: words for numbers and for yes and no, nothing for an empty list."""
    if isinstance(told, list):
        return [as_words(each) for each in told] or None
    if isinstance(told, dict):
        return {name: as_words(each) for name, each in told.items()} or None
    if told is None or told == "":
        return None
    return str(told).lower() if isinstance(told, bool) else str(told)


leaf = st.none() | st.booleans() | st.text() | st.floats(allow_nan=False, allow_infinity=False)
request = st.dictionaries(st.sampled_from(["status", "description", "lat", "media_url"]), leaf, min_size=1)


@given(st.lists(request, max_size=3))
def test_whatever_is_said_reads_the_same_in_both_forms(rows: list[dict[str, Any]]) -> None:
    xml = ElementTree.fromstring(write("xml", "service_requests", rows))
    assert as_words(as_told(xml)) == as_words(json.loads(write("json", "service_requests", rows)))


def test_a_request_tells_no_door_no_name_and_no_number(town: Town) -> None:
    hidden = raise_matter("report", By(town.chen, timezone.now()), Report(SECRET, town.lamp, place=town.grid))
    matter = shown(town, "灯不亮，电话13812345678")
    [told] = Program().read("requests", extensions="true")
    assert told["description"] == "灯不亮，电话138****5678"
    assert told["address"] == "柳巷家园 5 号楼, 第一网格, 柳巷社区"
    assert told["address_id"] == f"b{town.building.pk}"
    assert (told["status"], told["status_notes"]) == ("open", "已派")
    assert told["expected_datetime"] > told["requested_datetime"]
    assert told["requested_datetime"].endswith("+08:00")
    page = Program().ask("requests", "xml", extensions="true").content.decode()
    for secret in ("陈桂兰", "王淑琴", "301", hidden.number, SECRET, "13812345678"):
        assert secret not in page
    staff = Program()
    staff.client = signed_in(town.li)  # who is signed in in a browser is nobody here
    for call in (f"requests/{hidden.number}", f"tokens/{hidden.number}"):
        assert Program().ask(call).status_code == staff.ask(call).status_code == 404
    assert Program().read("requests", service_request_id=f"{hidden.number},{matter.number},x") == [
        Program().read(f"requests/{matter.number}")[0]
    ]
    assert Program().read(f"tokens/{matter.number}") == [
        {"service_request_id": matter.number, "token": matter.number}
    ]


def test_points_are_those_of_buildings_and_grids_in_the_datum_that_is_asked_for(town: Town) -> None:
    shown(town)
    at = WEST + 0.0091234, SOUTH + 0.0091234
    said = Report("路灯不亮", town.lamp, located=_located(*at))
    matter = release(raise_matter("report", By(town.chen, timezone.now()), said), By(town.li, timezone.now()))
    [street, home] = Program().read("requests")
    assert (home["long"], home["lat"]) == (round(WEST + 0.005, 6), round(SOUTH + 0.005, 6))
    assert street["service_request_id"] == matter.number
    assert (street["long"], street["lat"]) == rounded(town.grid.lon, town.grid.lat)
    moved = Program().read("requests", datum="GCJ-02")[1]
    lon, lat = from_cgcs2000(WEST + 0.005, SOUTH + 0.005, "GCJ-02")
    assert (moved["long"], moved["lat"]) == (round(lon, 6), round(lat, 6))
    near = f"{at[0] - 0.00001},{at[1] - 0.00001},{at[0] + 0.00001},{at[1] + 0.00001}"
    beside = f"{at[0] + 0.0003},{at[1]},{at[0] + 0.0003},{at[1]}"
    assert [each["service_request_id"] for each in Program().read("requests", bbox=near)] == [matter.number]
    assert Program().read("requests", bbox=near) == Program().read("requests", bbox=beside)
    assert Program().read("requests", bbox="100,30,101,31") == []
    assert len(Program().read("requests", bbox="100,30,110,40")) == 2


def rounded(lon: float | None, lat: float | None) -> tuple[float, float]:
    return round(lon or 0, 6), round(lat or 0, 6)


def _located(lon: float, lat: float) -> Any:
    found = locate(lon, lat)
    assert found.building is None
    return found


def test_all_filters(town: Town) -> None:
    now = timezone.now()
    new, old, tree = shown(town), shown(town, days=100), shown(town, "树枝挡光", days=1, category="trees")
    call_back = By(town.li, now, words="已经有人报过")
    close(new, call_back, outcome="advised")

    def numbers(**asked: str) -> list[str]:
        return [each["service_request_id"] for each in Program().read("requests", **asked)]

    assert numbers() == [new.number, tree.number]
    assert numbers(status="closed") == [new.number]
    assert numbers(status="open") == [tree.number]
    assert numbers(status="open,closed") == [new.number, tree.number]
    assert numbers(service_code="trees") == [tree.number]
    assert numbers(service_code="trees,street_light,nothing") == [new.number, tree.number]
    assert numbers(service_code="", status="") == [new.number, tree.number]
    assert numbers(start_date=said(now - 101 * DAY)) == [old.number]
    assert numbers(end_date=said(now - 99 * DAY)) == [old.number]
    assert numbers(start_date=said(now - 2 * DAY), end_date=said(now - DAY / 2)) == [tree.number]
    assert numbers(updated_after=said(now - DAY / 2)) == [new.number]
    assert numbers(updated_before=said(now - DAY / 2)) == [tree.number]
    assert numbers(service_request_id=old.number, status="closed", start_date=said(now)) == [old.number]
    assert numbers(page="2", page_size="1") == [tree.number]
    assert numbers(page="3", page_size="1") == []


def said(moment: datetime) -> str:
    """A moment as a program writes it."""
    return moment.astimezone().isoformat(timespec="seconds")


def test_when_somebody_gave_a_grade_is_told_to_nobody(town: Town) -> None:
    matter = shown(town, days=3)
    before = By(town.li, timezone.now() - 2 * DAY, words="已经有人报过")
    closed = close(matter, before, outcome="advised")
    review(closed, By(town.chen, timezone.now()), grade=5)
    assert Program().read("requests", updated_after=said(timezone.now() - DAY)) == []
    assert Program().read("requests")[0]["updated_datetime"] == said_at(before.now)
    assert Program().read("servicerequestupdates") == []


WRONG = [
    {"start_date": "yesterday"},
    {"start_date": "2026-11-27"},
    {"start_date": "2026-11-27T08:00:00"},
    {"end_date": "2026-13-45T08:00:00Z"},
    {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
    {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"},
    {"status": "broken"},
    {"bbox": "1,2,3"},
    {"bbox": "nan,2,3,4"},
    {"bbox": "5,2,3,4"},
    {"page": "0"},
    {"page": "１"},
    {"page_size": "100000"},
    {"after": "forged"},
    {"datum": "MARS"},
]


@pytest.mark.parametrize("asked", WRONG, ids=str)
def test_what_is_wrong_is_400_in_the_form_that_was_asked_for(town: Town, asked: dict[str, str]) -> None:
    for form in ("xml", "json"):
        answer = Program().ask("requests", form, **asked)
        assert answer.status_code == 400
    [error] = answer.json()
    assert error["code"] == "400"
    assert error["description"]


def test_several_errors_are_named_at_once(town: Town) -> None:
    answer = Program().ask("requests", start_date="x", end_date="y", status="z", bbox="b")
    told = [each["description"].partition(":")[0] for each in answer.json()]
    assert told == ["start_date", "end_date", "status", "bbox"]


def test_what_does_not_exist_is_404(town: Town) -> None:
    for address in (
        "requests.csv",
        "requests",
        "",
        "v3/services.json",
        "services/nothing.json",
        "tokens/x.xml",
    ):
        answer = Client().get(f"/open311/v2/{address}")
        assert answer.status_code == 404, address
        assert b"errors" in answer.content or answer["Content-Type"].startswith("application/json")
    assert Program().ask("services", jurisdiction_id="cityofchicago.org").status_code == 404
    for known in ("", town.city.code, "testserver"):
        assert Program().ask("services", jurisdiction_id=known).status_code == 200
    assert Program().ask("services", lat="41.88", long="-87.63").status_code == 400
    assert Program().ask("services", lat=str(SOUTH + 0.001), long=str(WEST + 0.001)).status_code == 200
    gone = Client().delete("/open311/v2/requests.json")
    assert (gone.status_code, gone["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("key", ["x", "silin_" + "A" * 32, "💡" * 40, "a" * 5000, "' OR 1=1 --"])
def test_a_wrong_key_is_403(town: Town, key: str) -> None:
    matter = shown(town)
    assert Program(key).ask(f"requests/{matter.number}").status_code == 403
    assert Program(key).send(service_code="trees").status_code == 403


def test_a_key_that_comes_too_often_is_told_so(town: Town) -> None:
    matter = shown(town)
    about = AboutClient("应用", "public_app", town.city, ("read",), per_minute=2)
    program = Program(make_client(about, actor=None, now=MONDAY)[1])
    answers = [program.ask(f"requests/{matter.number}") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200, 400}
    assert answers[-1].json()[0]["code"] == "429"


def test_a_thousand_cost_the_same_few_statements_as_two(town: Town) -> None:
    many(town, range(1))
    few = statements(Client(), "/open311/v2/requests.json")
    many(town, range(1, 1101))
    assert statements(Client(), "/open311/v2/requests.json") == few <= 3
    whole = Program().ask("requests")
    assert len(whole.json()) == 1000
    following = re.search(r"<http://testserver(.+)>; rel=\"next\"", whole["Link"])
    assert following is not None
    rest = Client().get(following[1])
    assert len(rest.json()) == 103
    assert not rest.has_header("Link")
    assert {each["service_request_id"] for each in rest.json()}.isdisjoint(
        each["service_request_id"] for each in whole.json()
    )


def test_updates_cost_the_same_however_many(town: Town) -> None:
    shown(town)
    few = statements(Client(), "/open311/v2/servicerequestupdates.json")
    for _n in range(6):
        shown(town)
    assert statements(Client(), "/open311/v2/servicerequestupdates.json") == few <= 3


def test_the_window_of_time_is_a_range_of_an_index(town: Town) -> None:
    rows = Matter.objects.public().filter(raised_at__gte=timezone.now() - 90 * DAY)
    changed = Matter.objects.public().filter(changed_at__gte=timezone.now() - DAY)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        assert "matters_shown" in rows.order_by("-raised_at", "-pk")[:1000].explain()
        assert "matters_shown_changed" in changed.order_by("-changed_at", "-pk")[:1000].explain()
