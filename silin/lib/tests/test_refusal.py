"""A refusal becomes an answer: a page for people, JSON for programs."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.translation import gettext_lazy as _
from pytest_django import Settings

from silin.lib.http import wants_json
from silin.lib.middleware import RefusalMiddleware
from silin.lib.refusal import Changed, NotAllowed, NotFound, Refused

REFUSALS = {
    "refused": Refused("too_long", _("Please write something here."), field="words"),
    "not-found": NotFound(),
    "not-allowed": NotAllowed(),
    "changed": Changed(),
    "http404": Http404("hidden reason"),
    "denied": PermissionDenied("hidden reason"),
    "broken": RuntimeError("ours"),
}


def refuse(request: HttpRequest, name: str) -> HttpResponse:
    raise REFUSALS[name]


urlpatterns = [path("<slug:name>/", refuse)]


@pytest.fixture
def neighbour(settings: Settings) -> Client:
    settings.ROOT_URLCONF, settings.SILIN_FRONTS = __name__, ()
    settings.MIDDLEWARE = ["silin.lib.middleware.RefusalMiddleware"]
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("accept", "json_wanted"),
    [
        ("", False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("application/json", True),
        ("application/json, text/html;q=0.9", True),
        ("text/html, application/json;q=0.9", False),
        ("image/png", False),
    ],
)
def test_who_wants_json(accept: str, json_wanted: bool) -> None:
    headers = {"accept": accept} if accept else {}
    assert wants_json(RequestFactory().get("/", headers=headers)) is json_wanted


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status", "code", "field"),
    [
        ("refused", 400, "too_long", "words"),
        ("not-found", 404, "not_found", ""),
        ("not-allowed", 403, "not_allowed", ""),
        ("changed", 409, "changed", ""),
        ("http404", 404, "not_found", ""),
        ("denied", 403, "not_allowed", ""),
        ("no/such/address", 404, "not_found", ""),
    ],
)
def test_json_for_programs(neighbour: Client, name: str, status: int, code: str, field: str) -> None:
    answer = neighbour.get(f"/{name}/", headers={"accept": "application/json"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (status, code, field)
    assert set(error) == {"code", "message", "field"}
    assert error["message"]
    assert "hidden reason" not in json.dumps(error)


def test_only_refusals_are_caught() -> None:
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/", headers={"accept": "application/json"})
    assert middleware.process_exception(request, RuntimeError("ours")) is None
    page = RequestFactory().get("/", headers={"accept": "text/html"})
    assert middleware.process_exception(page, Http404()) is None


def test_other_failures_stay_failures(neighbour: Client) -> None:
    assert neighbour.get("/broken/", headers={"accept": "application/json"}).status_code == 500


@pytest.mark.django_db
def test_a_page_for_people(settings: Settings, client: Client) -> None:
    settings.ROOT_URLCONF, settings.SILIN_FRONTS = __name__, ()
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "silin.lib.middleware.RefusalMiddleware"]
    answer = client.get("/changed/", headers={"accept-language": "en"})
    assert answer.status_code == 409
    assert answer.templates[0].name == "silin/refused.html"
    assert "Somebody changed it since you looked." in answer.content.decode()


def test_a_refusal_tells_the_log_its_code() -> None:
    assert str(REFUSALS["refused"]).startswith("too_long: ")
