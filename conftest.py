"""Fixtures for every room: prepared databases, running servers and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import databases


@pytest.fixture(scope="session")
def prepared_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of the migrated and seeded database that ``live_db`` copies."""
    with django_db_blocker.unblock():
        return databases.prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def live_db(prepared_db: str, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[str]:
    """A fresh database with real commits, for this thread and any other; yields its name.

    Not to be mixed with ``db`` or ``@pytest.mark.django_db`` in one test.
    """
    with django_db_blocker.unblock():
        name = databases.copy(prepared_db, tmp_path)
        try:
            with databases.pointed_at(name):
                yield name
        finally:
            databases.drop(name)
