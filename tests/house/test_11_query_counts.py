"""House test 11: how many statements a list page costs is written down, and does not grow with the list.

``SILIN_TEST_RECORD=yes pytest tests/house/test_11_query_counts.py`` writes down the counts of today; the
commit then shows what changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from silin.matters.models import Matter
from tests.counting import statements
from tests.house import world
from tests.house.world import World

RECORD = Path(__file__).parent / "query_counts.json"
FEW, MANY = 2, 9
LISTS = [
    ("", "/open/"),
    ("", "/open/matters.geojson"),
    ("", "/open/matters.geojson?at={code}"),
    ("", "/open311/v2/requests.json"),
    ("", "/open311/v2/requests.xml?extensions=true"),
    ("", "/open311/v2/servicerequestupdates.json"),
    ("", "/open/places/{code}/"),
    ("", "/open/places/{code}/facilities/"),
    ("", "/open/communities/{code}/"),
    ("", "/wall/{code}/"),
    ("chen", "/"),
    ("", "/near/?at={code}"),
    ("", "/near/map/?at={code}"),
    ("chen", "/mine/"),
    ("chen", "/notices/"),
    ("wang", "/w/"),
    ("wang", "/w/tasks/"),
    ("li", "/desk/"),
    ("li", "/desk/list.csv"),
    ("li", "/desk/views/"),
    ("li", "/desk/reviews/"),
    ("li", "/desk/disputes/"),
    ("li", "/desk/rectify/"),
    ("guo", "/desk/rectify/list.csv"),
    ("guo", "/desk/rectify/print/"),
    ("wang", "/w/graded/"),
    ("li", "/desk/places/"),
    ("li", "/desk/places/{code}/"),
    ("li", "/desk/places/{code}/estates/"),
    ("li", "/desk/places/{code}/facilities/"),
    ("li", "/desk/places/{code}/blocks/"),
    ("li", "/desk/people/?q=王"),
    ("li", "/desk/households/{code}/"),
    ("li", "/desk/households/{code}/twice/"),
    ("li", "/desk/requests/"),
    ("wang", "/w/household/"),
    ("he", "/desk/retention/"),
    ("chen", "/me/privacy/"),
    ("zhou", "/desk/settings/"),
    ("sun", "/desk/webhooks/"),
    ("li", "/desk/watch/{code}/"),
    ("li", "/desk/rules/"),
    ("zhou", "/desk/categories/"),
    ("li", "/desk/outside/"),
    ("li", "/desk/outside/h12345/day/?since=2026-10-01&until=2026-10-31"),
    ("li", "/desk/outside/h12345/list.csv?since=2026-10-01&until=2026-10-31"),
    ("zhou", "/desk/outside/set-up/"),
    ("zhou", "/desk/outside/h12345/"),
    ("wang", "/w/find/"),
    ("zhou", "/desk/set-up/"),
    ("sun", "/desk/operator/"),
    ("guo", "/desk/league/{county}/"),
    ("guo", "/desk/league/{county}/matters/"),
    ("guo", "/desk/assessment/{county}/"),
    ("guo", "/desk/assessment/{county}/heat/"),
    ("guo", "/desk/assessment/{county}/card/"),
    ("guo", "/desk/assessment/{county}/duties/"),
    ("guo", "/desk/assessment/{county}/of/S1.1.1/"),
    ("guo", "/desk/assessment/{county}/sources/"),
    ("guo", "/desk/assessment/{county}/group/S1/"),
    ("guo", "/desk/assessment/{county}/vetoes/"),
    ("guo", "/desk/assessment/{county}/vetoes.csv"),
    ("guo", "/desk/assessment/catalogue/2/"),
    ("guo", "/desk/assessment/catalogue/2/changes/"),
    ("guo", "/desk/assessment/catalogue/2/of/S1.3.1/"),
    ("zhou", "/desk/assessment/catalogue/2/of/S1.3.1/edit/"),
    ("", "/open/communities/{code}/card/"),
]
"""Who looks at which list."""

Page = tuple[str, str]


@pytest.fixture
def inhabited(db: None) -> World:
    return world.make()


def counts(client: Client, pages: Iterable[Page], inhabited: World) -> dict[str, int]:
    """Statements for each page, as ``wang /w/``, when nothing has to be learned first any more."""
    counted = {}
    for who, pattern in pages:
        client.logout()
        if who:
            client.force_login(inhabited.people()[who])
        address = pattern.format(code=inhabited.town.community.code, county=inhabited.town.county.code)
        counted[f"{who or 'anybody'} {pattern}"] = statements(client, address)
    return counted


def growing(few: dict[str, int], many: dict[str, int]) -> list[str]:
    """Pages that cost more statements when their list is longer."""
    return [f"{page}: {few[page]} statements, then {many[page]}" for page in few if many[page] > few[page]]


def drifted(recorded: dict[str, int], counted: dict[str, int]) -> list[str]:
    """Pages whose cost is not what was written down."""
    pages = sorted(set(recorded) | set(counted))
    return [
        f"{page}: {recorded.get(page)} written down, {counted.get(page)} counted"
        for page in pages
        if recorded.get(page) != counted.get(page)
    ]


def test_lists_cost_what_is_written_down(client: Client, inhabited: World) -> None:
    world.more(inhabited, FEW)
    few = counts(client, LISTS, inhabited)
    world.more(inhabited, MANY)
    many = counts(client, LISTS, inhabited)
    assert growing(few, many) == []
    if os.environ.get("SILIN_TEST_RECORD"):
        RECORD.write_text(json.dumps(many, indent=2) + "\n")
    assert drifted(json.loads(RECORD.read_text()), many) == []


def wasteful(request: HttpRequest) -> HttpResponse:
    """Everyone: asks once more for each matter."""
    return HttpResponse([matter.category.name for matter in Matter.objects.all()])


urlpatterns = [path("wasteful/", wasteful)]


def test_breach(client: Client, settings: Settings, inhabited: World) -> None:
    settings.ROOT_URLCONF = __name__
    few = counts(client, [("", "/wasteful/")], inhabited)
    world.more(inhabited, FEW)
    many = counts(client, [("", "/wasteful/")], inhabited)
    assert growing(few, many) == ["anybody /wasteful/: 7 statements, then 11"]
    assert drifted(few, many) == ["anybody /wasteful/: 7 written down, 11 counted"]
