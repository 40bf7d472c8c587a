"""A report sent by a program in one POST, answered in JSON."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silin.kinds.report.models import Draft
from silin.kinds.report.tests.conftest import photo
from silin.kinds.report.tests.test_reporting import POINT, WORDS
from silin.matters.models import Matter
from silin.places.locating import locate
from silin.places.queries import calendar
from tests.town import Town

JSON = {"Accept": "application/json"}


def test_a_program_sends_it_in_one_post(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    said = {"client_id": str(uuid4()), "words": WORDS, "category": "street_light", **POINT}
    locate(float(POINT["lon"]), float(POINT["lat"]))  # the map and the calendar are learned once a process
    calendar()
    with CaptureQueriesContext(connection) as asked:
        first = client.post("/report/check/", {**said, "photos": photo()}, headers=JSON)
    assert len(asked) <= 24, [each["sql"][:90] for each in asked]
    assert first.status_code == 201, first.text
    matter = Matter.objects.get()
    told = first.json()
    assert (told["number"], told["link"]) == (matter.number, f"/m/{matter.number}/")
    assert (told["state"], told["place"], matter.photos.count()) == ("assigned", town.grid.code, 1)
    again = client.post("/report/check/", said, headers=JSON)
    assert again.json()["number"] == matter.number
    assert (Matter.objects.count(), Draft.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"words": ""}, "missing", "words"),
        ({"words": "灯" * 20_000}, "too_long", "words"),
        ({"category": "nonsense"}, "no_category", "category"),
        ({"lon": "116.4", "lat": "39.9"}, "outside", "point"),
        ({"lon": "34.3", "lat": "107.1"}, "bad_point", "point"),
        ({"lon": "", "lat": ""}, "no_place", "place"),
        ({"datum": "moon"}, "bad_datum", "datum"),
    ],
)
def test_a_program_is_told_what_is_wrong(
    client: Client, town: Town, change: dict[str, str], code: str, field: str
) -> None:
    client.force_login(town.chen)
    said = {"client_id": str(uuid4()), "words": WORDS, "category": "street_light", **POINT, **change}
    answer = client.post("/report/check/", said, headers=JSON)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (400, code, field)
    assert error["message"]
    assert Matter.objects.count() == 0


def test_the_same_id_with_other_words_is_refused(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    said = {"client_id": str(uuid4()), "words": WORDS, "category": "street_light", **POINT}
    client.post("/report/check/", said, headers=JSON)
    answer = client.post("/report/check/", {**said, "words": "别的"}, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "id_reused")
