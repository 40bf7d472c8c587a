"""The figures for other systems: each reads those of its own places, all of them, and nobody's rank."""

from __future__ import annotations

import json

import pytest

from silin.assessment.models import AssessedPeriod, Catalogue, Indicator, Scorecard
from silin.assessment.sample import load_sample
from silin.assessment.tests.test_desk import ON_TIME, closed, measured
from silin.facts.folding import fold
from silin.fronts.open.rest.tests.systems import System, system
from silin.fronts.open.rest.tests.test_doors import statements
from silin.people.models import Organisation
from silin.places.stocks import count_territory
from tests.town import Town, build, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Town:
    """The town of today, with a month that was measured."""
    town = build(today())
    load_sample()
    count_territory(today())
    closed(town.community.code, on_time=9, late=1, now=today())
    closed(town.other.code, on_time=10, late=20, now=today())
    measured(now=today())
    return town


@pytest.fixture
def hotline(here: Town) -> System:
    """That of the street, which has two communities."""
    return system("街道热线", "hotline", here.street, "figures")


def month() -> str:
    return f"{today():%Y-%m}"


def names(system: System, **query: str) -> list[str]:
    answered = system.get("/scorecards", **query)
    assert answered.status_code == 200, answered.content
    return [row["place"]["name"] for row in answered.json()["scorecards"]]


def test_a_system_reads_the_cards_of_its_places(here: Town, hotline: System) -> None:
    told = hotline.get("/scorecards").json()
    assert [row["place"]["name"] for row in told["scorecards"]] == ["柳巷街道", "柳巷社区", "河沿社区"]
    assert names(hotline, level="community") == ["柳巷社区", "河沿社区"]
    assert names(hotline, place=here.other.code) == ["河沿社区"]
    assert names(hotline, place=here.city.code, level="street") == ["柳巷街道"]
    assert names(hotline, place=here.city.code, level="county") == []
    row = AssessedPeriod.objects.get(pk=month())
    own = Scorecard.objects.get(period=row, place=here.community)
    line = told["scorecards"][1]
    assert (line["total"], line["counted"], line["red"]) == (own.total, own.counted, own.red)
    assert {each["code"]: [each["points"], each["out_of"]] for each in line["types"]} == own.types
    assert told["measured"] | {"measured_at": ""} == {
        "period": month(),
        "final": False,
        "final_since": None,
        "measured_at": "",
        "catalogue": 1,
        "catalogue_digest": row.catalogue.digest,
        "sample": True,
        "cube_digest": row.cube_digest,
    }


def test_one_place_with_every_figure_and_its_reason(here: Town, hotline: System) -> None:
    hotline.language = "en"
    told = hotline.get(f"/scorecards/{here.community.code}/{month()}").json()
    assert len(told["figures"]) == 133
    figure = next(each for each in told["figures"] if each["code"] == ON_TIME)
    why = figure.pop("why")
    assert "90" in why
    assert figure == {
        "code": ON_TIME,
        "title": Indicator.objects.get(code=ON_TIME).title_en,
        "unit": "percent",
        "numerator": 9,
        "denominator": 10,
        "value": 90,
        "points": 3.2,
        "out_of": 4,
        "light": "yellow",
        "state": "",
        "definition": Indicator.objects.get(code=ON_TIME).digest,
    }
    empty = next(each for each in told["figures"] if each["state"] == "no_facts")
    assert (empty["value"], empty["points"], empty["light"], empty["why"]) == (None, None, "", "")


def test_the_catalogue_in_force(here: Town, hotline: System) -> None:
    told = hotline.get("/indicators", period=month()).json()
    row = next(each for each in told["indicators"] if each["code"] == ON_TIME)
    assert (told["catalogue"], len(told["indicators"])) == (1, 133)
    assert {**Indicator.objects.get(code=ON_TIME).as_row(), "type": "S", "task": "S1", "item": "S1.3"} == {
        name: value for name, value in row.items() if name != "definition"
    }
    assert hotline.get("/indicators", period="2019-Q4").json()["catalogue"] == 1, "never measured, in force"


def test_pages_follow_one_another_and_nobody_is_ranked(here: Town, hotline: System) -> None:
    first = hotline.get("/scorecards", limit=2).json()
    second = hotline.get("/scorecards", limit=2, after=first["next"]).json()
    assert [len(first["scorecards"]), len(second["scorecards"]), second["next"]] == [2, 1, ""]
    assert hotline.get("/scorecards", after="x").json()["error"]["code"] == "bad_page"
    assert "rank" not in json.dumps([first, hotline.get(f"/scorecards/{here.other.code}/{month()}").json()])


def test_what_is_not_known_is_said_at_its_field(here: Town, hotline: System) -> None:
    for address, query, status, code, field in (
        ("/scorecards", {"period": "June"}, 400, "bad_period", "period"),
        ("/scorecards", {"period": "2019-01"}, 404, "not_measured", "period"),
        ("/scorecards", {"level": "province"}, 422, "bad_value", "level"),
        ("/scorecards", {"place": "000"}, 404, "not_found", "place"),
        ("/indicators", {"period": "2026-13"}, 400, "bad_period", "period"),
        (f"/scorecards/{here.other.code}/June", {}, 400, "bad_period", "period"),
        (f"/scorecards/{here.other.code}/2019-01", {}, 404, "not_measured", "period"),
        (f"/scorecards/000/{month()}", {}, 404, "not_found", ""),
    ):
        answered = hotline.get(address, **query)
        assert answered.status_code == status, (address, query)
        error = answered.json()["error"]
        assert (answered.status_code, error["code"], error["field"]) == (status, code, field), address
        assert error["message"]
    AssessedPeriod.objects.all().delete()
    Catalogue.objects.all().delete()
    assert hotline.get("/indicators", period=month()).json()["error"]["code"] == "no_catalogue"


def test_other_systems_do_not_read_them(here: Town) -> None:
    elsewhere = system("外街热线", "hotline", here.other, "figures")
    assert names(elsewhere) == ["河沿社区"]
    for code in (here.community.code, here.street.code, here.city.code):
        answered = elsewhere.get(f"/scorecards/{code}/{month()}")
        assert (answered.status_code, answered.json()["error"]["code"]) == (404, "not_found")
    assert elsewhere.get("/scorecards", place=here.community.code).status_code == 404
    old = system("旧钥匙", "hotline", here.street, "read", "feed")
    app = system("柳巷通", "public_app", here.street, "figures")
    for address in ("/scorecards", f"/scorecards/{here.community.code}/{month()}"):
        assert old.get(address).json()["error"]["code"] == "scope"
        assert app.get(address).status_code == 403
    body = Organisation.objects.create(name="区住建局", kind="bureau", place=here.other)
    bureau = system("区住建平台", "bureau_system", here.other, "figures", body=body)
    assert names(bureau) == ["河沿社区"]


def test_what_calls_cost(here: Town, hotline: System) -> None:
    while fold():
        pass
    cost = {
        "list": statements(lambda: hotline.get("/scorecards", period=month())),
        "one": statements(lambda: hotline.get(f"/scorecards/{here.other.code}/{month()}")),
        "catalogue": statements(lambda: hotline.get("/indicators", period=month())),
    }
    assert cost["list"] <= 6, cost
    assert cost["one"] <= 7, cost
    assert cost["catalogue"] <= 4, cost
