"""Every answer of Open311 has the fields and types of the specification, and none beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
from django.utils import timezone

from silin.fronts.open.tests.open311 import Program, app_at
from silin.fronts.open.tests.test_open311_raising import LAMP, picture
from silin.matters.deeds import By
from silin.matters.models import Category, Matter
from silin.matters.triage import release
from silin.matters.verifying import close
from tests.town import Town

SCHEMA = json.loads((Path(__file__).parent / "georeport_v2.json").read_text())


def faults(told: Any, name: str) -> list[str]:
    """Where an answer is not as the specification has it."""
    schema = {"$ref": f"#/definitions/{name}", "definitions": SCHEMA["definitions"]}
    return [str(each) for each in jsonschema_rs.validator_for(schema).iter_errors(told)]


def test_every_answer_is_as_the_specification_has_it(town: Town) -> None:
    app, now = app_at(town.city), timezone.now()
    put = app.send(**LAMP, media=picture()).json()
    matter = release(Matter.objects.get(number=put[0]["service_request_id"]), By(town.li, now))
    ended = close(matter, By(town.li, now, words="已经有人报过"), outcome="advised")
    release(Matter.objects.get(number=app.report(**LAMP)), By(town.li, now))
    answers = [("submitted", put), ("service_requests", Program().read("requests"))]
    answers += [("service_requests", Program().read(f"requests/{ended.number}"))]
    answers += [("tokens", Program().read(f"tokens/{ended.number}"))]
    answers += [(name, Program().read(name)) for name in ("discovery", "services")]
    for code in Category.objects.filter(parent__isnull=False).values_list("pk", flat=True):
        answers.append(("service_definition", Program().read(f"services/{code}")))
    for asked in ({"start_date": "x", "status": "y"}, {"jurisdiction_id": "sfgov.org"}):
        answers.append(("errors", Program().ask("requests", **asked).json()))
    answers.append(("errors", Program("x").send(**LAMP).json()))
    assert [(name, fault) for name, told in answers for fault in faults(told, name)] == []
    assert {each["status"] for each in Program().read("requests")} == {"open", "closed"}


def test_breach() -> None:
    assert faults([{"status": "open", "reporter": "Mary"}], "service_requests")
    assert faults([], "errors")
