"""What a category asks beside the words, on the form and for programs; and what the words are about."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from silin.kinds.report.tests.test_reporting import POINT, begin, place
from silin.matters.models import Matter
from tests.town import Town

JSON = {"Accept": "application/json"}
LIFT = "我们单元电梯停运了，按钮没反应"


def test_chen_is_asked_and_whoever_comes_reads_it(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = begin(client, LIFT)
    page = client.get(place(client, draft)["Location"])
    assert page.context["form"]["category"].value() == "lift"
    assert "里面困着人吗" in page.text
    said = {"client_id": draft, "do": "send", "category": "lift", "asked": page.context["asking"].version.pk}
    wrong = client.post("/report/check/", said | {"q-since": "昨天", "q-plate": "L-2"})
    assert wrong.status_code == 400
    assert 'value="L-2"' in wrong.text
    assert Matter.objects.count() == 0
    sent = client.post(
        "/report/check/", said | {"q-shut_in": "no", "q-since": "2026-11-20", "q-plate": "L-2"}
    )
    matter = Matter.objects.get()
    assert sent["Location"] == f"/report/sent/{matter.number}/"
    assert matter.answers == {"shut_in": False, "since": "2026-11-20", "plate": "L-2"}
    client.force_login(town.wang)
    task = client.get(f"/w/tasks/{matter.number}/").text
    assert "里面困着人吗" in task
    assert "2026年11月20日" in task
    client.force_login(town.stranger)
    assert client.get(f"/w/tasks/{matter.number}/").status_code == 404


def test_another_category_asks_its_own_questions_before_it_is_sent(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = begin(client, "单元门口的路灯坏了")
    page = client.get(place(client, draft)["Location"])
    said = {"client_id": draft, "do": "send", "category": "other", "asked": page.context["asking"].version.pk}
    nothing = client.post("/report/check/", said)
    assert nothing.status_code == 400
    again = client.post("/report/check/", said | {"another": "bus_route", "q-lamps": "3"})
    assert again.status_code == 200
    assert "哪一路" in again.text
    assert again.context["form"]["category"].value() == "bus_route"
    asked = again.context["asking"].version.pk
    client.post(
        "/report/check/", said | {"category": "bus_route", "asked": asked, "q-lamps": "3", "q-line": "10路"}
    )
    matter = Matter.objects.get()
    assert (matter.category_id, matter.answers) == ("bus_route", {"line": "10路"})


@pytest.mark.parametrize(
    ("answers", "code", "field"),
    [
        ('{"lamps": 0}', "too_small", "answers.lamps"),
        ("[1]", "bad_form", "answers"),
        ("{", "bad_form", "answers"),
    ],
)
def test_a_program_is_told_which_answer_is_wrong(
    client: Client, town: Town, answers: str, code: str, field: str
) -> None:
    client.force_login(town.chen)
    said = {"client_id": str(uuid4()), "words": "路灯坏了", "category": "street_light", **POINT}
    error = client.post("/report/check/", {**said, "answers": answers}, headers=JSON).json()["error"]
    assert (error["code"], error["field"]) == (code, field)
    schema = client.get("/categories/street_light/questions/").json()
    assert schema["properties"]["lamps"]["minimum"] == 1
    sent = client.post("/report/check/", {**said, "answers": json.dumps({"lamps": 2})}, headers=JSON)
    assert (sent.status_code, Matter.objects.get().answers) == (201, {"lamps": 2})
    assert client.get("/categories/nonsense/questions/").status_code == 404


def test_three_are_offered_with_scripts_and_without(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    offered = client.post("/categories/suggested/", {"words": LIFT})
    assert 'value="lift"' in offered.text
    told = client.post("/categories/suggested/", {"words": LIFT}, headers=JSON).json()["categories"]
    assert told[0]["code"] == "lift"
    assert len(told) <= 3
    assert client.post("/categories/suggested/", {"words": "。。。"}).text.strip() == ""
    draft = str(uuid4())
    client.post("/report/", {"client_id": draft, "words": LIFT, "category": "entrance_door"})
    page = client.get(place(client, draft)["Location"])
    assert [code for code, _name in page.context["form"].fields["category"].choices][:2] == [
        "entrance_door",
        "lift",
    ]
