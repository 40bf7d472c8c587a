"""Every call and every key, by the OpenAPI document itself: what is new there is looked at by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.accounts.clients import SCOPES
from silin.fronts.open.rest.api import api
from silin.fronts.open.rest.tests.systems import System, system
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.people.models import Organisation, PostKind
from tests.town import Town, build, today

ERRORS = {"400", "401", "403", "404", "409", "413", "415", "422", "429"}


class Call(NamedTuple):
    """One call of the document: its method, its address, and the scopes of which one opens it."""

    method: str
    path: str
    scopes: frozenset[str]
    told: dict[str, Any]

    def of(self, key: str, number: str = "K7QM3XZP") -> Any:
        """The answer to a bare call."""
        address = (
            self.path.replace("{number}", number)
            .replace("{code}", "990102001001")
            .replace("{period}", "2026-06")
        )
        address = address.replace("{photo}", "01900000-0000-7000-8000-000000000001")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return getattr(Browser(), self.method)(address, headers=headers)


def calls() -> Iterator[Call]:
    """All of them."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            scopes = {scope for way in told["security"] for scope in way["Bearer"]}
            yield Call(method, path, frozenset(scopes), told)


@pytest.fixture
def here(db: None) -> Town:
    return build(today())


def test_no_call_without_a_key_and_none_beyond_its_scopes(here: Town) -> None:
    keys = {scope: system(scope, "hotline", here.community, scope).key for scope in SCOPES}
    seen = set[str]()
    for call in calls():
        assert call.of("").status_code == 401, call.path
        for scope, key in keys.items():
            answer = call.of(key)
            refused = answer.status_code == 403 and answer.json()["error"]["code"] == "scope"
            assert refused == bool(call.scopes and scope not in call.scopes), (call.path, scope)
        seen |= call.scopes
    assert seen == set(SCOPES)


def test_every_kind_of_system_elsewhere_sees_nothing_here(here: Town) -> None:
    matter = raise_matter("report", By(here.chen, today()), Report("灯", here.lamp, place=here.grid))
    bureau = Organisation.objects.create(name="外地住建局", kind="bureau", place=here.other)
    bodies = {kind: bureau if kind.belongs_to else None for kind in PostKind.objects.filter(family="system")}
    others = [system(f"外地{kind.pk}", kind.pk, here.other, body=body) for kind, body in bodies.items()]
    assert {None, bureau} == set(bodies.values())
    for other in others:
        for call in calls():
            if "{number}" in call.path:
                assert call.of(other.key, matter.number).status_code in (404, 415, 422), call.path
        assert matter.number not in json.dumps(other.get("/matters").json())
        assert other.get("/feed").json()["events"] == []


def test_the_document_is_complete_and_open_to_all(here: Town) -> None:
    document = Browser().get("/api/v1/openapi.json").json()
    assert document["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
    for call in calls():
        assert call.told["summary"]
        assert call.told["description"], call.path
        assert {str(code) for code in call.told["responses"]} >= {"401", "403", "422", "429"}
        assert {str(code) for code in call.told["responses"]} - ERRORS <= {"200", "201"}
    for name, shape in document["components"]["schemas"].items():
        assert shape["properties"], name


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v1/", 404),
        ("get", "/api/v2/matters", 404),
        ("delete", "/api/v1/matters", 405),
        ("get", "/api/v1/reviews", 405),
    ],
)
def test_unknown_addresses_and_methods_are_said_in_the_one_shape(
    here: Town, method: str, address: str, status: int
) -> None:
    key = system("某系统", "hotline", here.community).key
    answer = getattr(Browser(), method)(address, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "field"}


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ("{", 400, "bad_json"),
        ("[" * 100000, 400, "bad_json"),
        ('{"words": NaN}', 400, "bad_json"),
        ("", 422, "missing"),
        ("[]", 422, "bad_value"),
        ({"words": 1}, 422, "bad_value"),
        ({"words": "灯", "wings": 2}, 422, "unknown_field"),
        ({"words": "灯\x00\ud800坏了", "category": "x"}, 422, "no_category"),
        ({"words": "灯坏了", "category": "street_light"}, 422, "no_place"),
        ({"words": "灯坏了", "category": "street_light", "place": "1", "building": 1}, 422, "no_place"),
        ({"words": "灯坏了", "category": "street_light", "building": 10**30}, 422, "bad_value"),
        ({"words": "灯坏了", "category": "street_light", "point": {"lon": 1, "lat": 2}}, 400, "outside"),
        ({"words": "字" * 2001, "category": "street_light", "place": "990102001001"}, 400, "too_long"),
        ({"words": "楼道的灯坏了", "place": "990102001001", "uploads": ["x"]}, 422, "no_upload"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(here: Town, sent: Any, status: int, code: str) -> None:
    english = system("某系统", "hotline", here.community)
    answer = english.post("/matters", sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.content
    english.language = "en"
    assert (
        english.post("/matters", sent)
        .json()["error"]["message"]
        .startswith(tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    )
    assert not Matter.objects.exists()


def statements(call: Callable[[], Any]) -> int:
    """The fewer statements of two calls: what is remembered for a few seconds is no part of the cost."""
    counts = []
    for _look in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert call().status_code in (200, 201)
        counts.append(len([each for each in seen if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    return min(counts)


COUNTED = 1  # the limit is counted with every call, beside the key itself


def test_what_calls_cost(here: Town) -> None:
    hotline = system("12345 热线", "hotline", here.community)
    for hour in range(5):
        said = Report(f"第 {hour} 盏灯不亮", here.lamp, place=here.grid)
        matter = raise_matter("report", By(here.chen, today()), said)
    sent: dict[str, Any] = {"words": "楼道里的灯不亮", "category": "street_light", "place": here.grid.code}
    sent |= {"on_behalf_of": {"phone": "19900000002"}}
    cost = {
        "list": statements(lambda: hotline.get("/matters")),
        "one": statements(lambda: hotline.get(f"/matters/{matter.number}")),
        "feed": statements(lambda: hotline.get("/feed")),
        "raise": statements(lambda: hotline.post("/matters", sent)),
    }
    print("COST", cost)
    assert cost["list"] <= 4 + 1, cost
    assert cost["feed"] <= 6 + 4 * (connection.vendor == "postgresql"), cost
    assert cost["one"] <= 10, cost
    assert cost["raise"] <= 12 + 1 + COUNTED, cost


def test_pages_follow_one_another(here: Town) -> None:
    hotline: System = system("12345 热线", "hotline", here.community)
    numbers = list[str]()
    for hour in range(5):
        said = Report(f"第 {hour} 盏灯不亮", here.lamp, place=here.grid)
        numbers.insert(0, raise_matter("report", By(here.chen, today()), said).number)
    found, after = list[str](), ""
    for _page in range(3):
        page = hotline.get("/matters", limit=2, after=after).json()
        found, after = found + [row["number"] for row in page["matters"]], page["next"]
    assert (sorted(found), after) == (sorted(numbers), "")
    assert hotline.get("/matters", after="x").json()["error"]["code"] == "bad_page"
    bookmark, events = "0", list[str]()
    more = True
    while more:
        feed = hotline.get("/feed", limit=7, after=bookmark).json()
        bookmark, more = feed["next"], feed["more"]
        events += [each["number"] for each in feed["events"]]
    assert sorted(events) == sorted(numbers)
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    for name in ("raised_since", "changed_since"):
        assert len(hotline.get("/matters", **{name: "2026-01-01T00:00:00+08:00"}).json()["matters"]) == 5
        assert hotline.get("/matters", **{name: later}).json()["matters"] == []
    assert hotline.get("/matters", raised_since="2026-01-01T00:00:00").status_code == 422
    assert hotline.get("/matters", state="closed").json()["matters"] == []
    assert hotline.get("/matters", place="000").status_code == 404
    assert hotline.get("/matters", which="public").json()["matters"] == []


def test_the_ground_is_told_to_every_key(here: Town) -> None:
    app = system("柳巷通", "public_app", here.street, "raise")
    assert any(row["code"] == "street_light" for row in app.get("/categories").json())
    assert app.get("/places", q="柳巷社区").json()[0]["code"] == here.community.code
    told = app.get(f"/places/{here.community.code}").json()
    assert [each["code"] for each in told["parents"]][-1] == here.street.code
    assert {each["code"] for each in told["children"]} >= {here.grid.code}
    assert app.get("/buildings", q="柳巷家园5号楼").json()[0]["id"] == here.building.pk
    assert app.get("/key").json()["kind"] == "public_app"
