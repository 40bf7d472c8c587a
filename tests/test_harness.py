"""The harness itself: fresh databases, real servers, a real browser."""

from __future__ import annotations

import threading
import urllib.request

import pytest
from django.db import connection
from playwright.sync_api import Page

from silin.accounts.models import User
from silin.matters.models import Matter
from tests.servers import Server


def _add(name: str) -> None:
    User.objects.create(name=name)
    connection.close()


@pytest.mark.parametrize("turn", [1, 2])
def test_live_db_is_shared_by_threads_and_fresh_for_each_test(live_db: str, turn: int) -> None:
    threads = [threading.Thread(target=_add, args=(f"neighbour {n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.count() == 3


@pytest.mark.django_db
def test_the_ordinary_test_database_stays_as_it_was() -> None:
    assert User.objects.count() == 0


def test_server_is_the_real_command_with_two_workers(running_server: Server) -> None:
    assert len(running_server.workers()) == 2
    with urllib.request.urlopen(f"{running_server.url}/healthz") as answer:
        assert answer.read() == b"ok\n"
    assert "GET /healthz 200" in running_server.said()


def test_page_is_a_real_browser(page: Page, server: str) -> None:
    answer = page.goto(f"{server}/healthz")
    assert answer is not None
    assert answer.status == 200
    assert page.viewport_size == {"width": 390, "height": 844}


def test_the_demo_city_is_served(demo_server: str) -> None:
    with urllib.request.urlopen(f"{demo_server}/demo/") as answer:
        assert answer.status == 200
    assert Matter.objects.count() > 400
