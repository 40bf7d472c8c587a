"""The chooser of named people: in a demo it signs in, elsewhere it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client, modify_settings, override_settings
from django.urls import clear_url_caches, include, path, set_urlconf
from django.utils import timezone

from silin import urls as own
from silin.demo import faces, load, systems
from silin.demo.people import NO_PAGE_YET, keys
from silin.demo.urls import everywhere
from silin.exchange.models import Webhook

urlpatterns = [path("", include((everywhere, "demo"))), *own.urlpatterns]


@pytest.fixture
def client(demo_db: str) -> Iterator[Client]:
    clear_url_caches()
    room = modify_settings(INSTALLED_APPS={"append": "silin.demo"})
    with room, override_settings(ROOT_URLCONF=__name__, SILIN_DEMO=True, SECOND_FACTOR_FOR=""):
        yield Client()
    set_urlconf(None)
    clear_url_caches()


def test_the_chooser_shows_everybody_who_has_a_page(client: Client) -> None:
    page = client.get("/demo/").content.decode()
    assert {key for key, name in keys().items() if name not in page} == NO_PAGE_YET
    assert client.post("/demo/", {"person": "shen"}).status_code == 404


@pytest.mark.parametrize(
    ("key", "begins"),
    [
        ("wang", "/w/"),
        ("zhao", "/w/"),
        ("li", "/desk/"),
        ("gao", "/desk/"),
        ("chen", "/"),
        ("miao", "/staff/"),
        ("ren", "/desk/assessment/"),
    ],
)
def test_choosing_signs_in(client: Client, key: str, begins: str) -> None:
    answer = client.post("/demo/", {"person": key})
    assert (answer.status_code, answer["Location"]) == (303, begins)
    someone = faces.person(key)
    assert someone is not None
    assert client.session["_auth_user_id"] == str(someone.pk)


def test_choosing_again_changes_the_person(client: Client) -> None:
    client.post("/demo/", {"person": "wang"})
    client.post("/demo/", {"person": "chen"})
    chen = faces.person("chen")
    assert chen is not None
    assert client.session["_auth_user_id"] == str(chen.pk)


def test_nobody_of_that_name(client: Client) -> None:
    assert client.post("/demo/", {"person": "admin"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_there_is_no_chooser_outside_a_demo(client: Client) -> None:
    with override_settings(SILIN_DEMO=False):
        assert client.get("/demo/").status_code == 404
        assert client.post("/demo/", {"person": "wang"}).status_code == 404


def test_everybody_is_listed_at_the_start(client: Client) -> None:
    lines = load.accounts()
    assert len(lines) == 2 + len(keys()) - len(NO_PAGE_YET) + len(systems.shown())
    assert any("王淑琴" in line and "网格员" in line for line in lines)


def test_the_administrator_sees_who_comes_in_and_who_is_told(client: Client) -> None:
    client.post("/demo/", {"person": "miao"})
    assert client.get("/staff/")["Location"] == "/desk/places/"
    bureau = "住房和城乡建设局平台"
    for address in ("/desk/clients/", "/desk/webhooks/"):
        assert bureau in client.get(address).content.decode(), address
    webhook = Webhook.objects.get()
    assert "苗启明" in str(webhook.made_by)
    assert "试发" in client.get(f"/desk/webhooks/{webhook.pk}/").content.decode()
    assert client.post(systems.EARS, "{}", "application/json").status_code == 204
    with override_settings(SILIN_DEMO=False):
        assert client.post(systems.EARS, "{}", "application/json").status_code == 404


def test_served_elsewhere_the_demo_hears_itself_there(client: Client) -> None:
    now, env = timezone.now(), settings.ENVIRONMENT
    with override_settings(ENVIRONMENT=replace(env, address="0.0.0.0", port=8123)):
        systems.let_in(now)
        systems.let_in(now)
    assert [row.url for row in Webhook.objects.all()] == ["http://127.0.0.1:8123/demo/hears/"]
