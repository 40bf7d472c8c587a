"""Fixtures for every room: prepared databases, running servers and a browser."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from silin.lib.upgrading import is_of_another_version
from tests import browsers, databases, demos, servers
from tests.servers import Server

settings.register_profile("silin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("silin")
"""How quick a machine is, and what else it does, is no reason for a test to fail."""
DATABASE_FIXTURES = {"django_db_setup", "db", "prepared_db"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches a database, so that ``make test`` repeats nothing else on the second one.

    The demo city takes long to load: there it is looked at by ``make slow``.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.database)
        if "prepared_demo" in fixtures:
            item.add_marker(pytest.mark.matrix)


@pytest.fixture(scope="session")
def prepared_db(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The name of the migrated and seeded database that ``live_db`` copies.

    It is taken before any test has touched the other one: PostgreSQL copies no database that is in use.
    """
    with django_db_blocker.unblock():
        made = setup_databases(0, interactive=False, aliases={"default": None}, serialized_aliases=set())
        prepared = databases.prepare(tmp_path_factory.mktemp("prepared"))
        _look_once_for_its_version()
    yield prepared
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def _look_once_for_its_version() -> None:
    """Counts of statements must not depend on when a page last looked whether the database is this code's."""
    is_of_another_version.seconds = math.inf
    is_of_another_version()


@pytest.fixture(scope="session")
def django_db_setup(prepared_db: str) -> None:
    """The test database, also for a run in which only tests with ``live_db`` were chosen."""


@pytest.fixture
def live_db(prepared_db: str, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[str]:
    """A fresh database with real commits, for this thread and any other; yields its name.

    Not to be mixed with ``db`` or ``@pytest.mark.django_db`` in one test.
    """
    with django_db_blocker.unblock():
        yield from databases.lent(prepared_db, tmp_path)


@pytest.fixture(scope="session")
def prepared_demo(
    prepared_db: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of the database with the whole demo city that ``demo_db`` copies."""
    with django_db_blocker.unblock():
        return demos.prepare(prepared_db, tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo_db(prepared_demo: str, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[str]:
    """As ``live_db``, with the demo city in it."""
    with django_db_blocker.unblock():
        yield from databases.lent(prepared_demo, tmp_path)


@pytest.fixture
def running_server(live_db: str, tmp_path: Path) -> Iterator[Server]:
    """A real ``silin web`` with two workers on ``live_db``: its process, too."""
    with servers.running("web", live_db, tmp_path) as server:
        yield server


@pytest.fixture
def server(running_server: Server) -> str:
    """The base URL of a real ``silin web`` with two workers on ``live_db``."""
    return running_server.url


@pytest.fixture
def demo_server(demo_db: str, tmp_path: Path) -> Iterator[str]:
    """The base URL of a real ``silin web`` in demo mode on ``demo_db``."""
    with servers.running("web", demo_db, tmp_path, SILIN_DEMO="yes") as server:
        yield server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that knows nobody yet, 390 pixels wide."""
    with browsers.new_page(browser) as page:
        yield page
