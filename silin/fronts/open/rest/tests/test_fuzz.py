"""The whole API by its own document, with whatever fits that document and with what does not: never a 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.result import Ok

from silin.accounts.clients import PER_MINUTE_AT_MOST
from silin.assessment.sample import load_sample
from silin.assessment.tests.test_desk import measured
from silin.fronts.open.rest.tests.systems import System, system
from silin.matters.deeds import By
from silin.matters.raising import Report, raise_matter
from silin.places.stocks import count_territory
from silin.wsgi import application
from tests.town import Town, build, today

EXAMPLES, MANY = 12, 400
LOOKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
)


@pytest.fixture
def here(db: None) -> Iterator[Town]:
    """The town; between calls nobody closes the connection in whose transaction it lies."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield build(today())
    for signal in signals:
        signal.connect(close_old_connections)


def values(town: Town) -> dict[str, list[Any]]:
    """What there is in the town, so that not every question ends with "not found"."""
    said = Report("楼道灯不亮", town.lamp, place=town.grid)
    number = raise_matter("report", By(town.chen, today()), said).number
    load_sample()
    count_territory(today())
    measured(now=today())
    return {"number": [number], "code": [town.community.code, town.grid.code], "period": [f"{today():%Y-%m}"]}


def fuzz(town: Town, who: System, examples: int) -> int:
    """Call everything so many times; how many calls there are."""
    known, done = values(town), 0
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    modes = list(schemathesis.GenerationMode)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        strategy = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

        @settings(max_examples=examples, database=None)
        @given(case=strategy, data=st.data())
        def look(case: Any, data: Any) -> None:
            for name, there in known.items():
                if name in case.path_parameters and data.draw(st.booleans()):
                    case.path_parameters[name] = data.draw(st.sampled_from(there))
            headers = {"Authorization": f"Bearer {who.key}", "Accept-Encoding": "identity"}
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=LOOKS)

        look()
        done += 1
    return done


def test_nothing_that_is_sent_breaks_it(here: Town) -> None:
    who = system("什么都试", "hotline", here.city, per_minute=PER_MINUTE_AT_MOST)
    assert fuzz(here, who, EXAMPLES) >= 13


@pytest.mark.slow
def test_nothing_that_is_sent_breaks_it_for_long(here: Town) -> None:
    who = system("什么都试", "hotline", here.city, per_minute=PER_MINUTE_AT_MOST)
    assert fuzz(here, who, MANY) >= 13
