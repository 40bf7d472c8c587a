from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from silin.accounts.models import User
from silin.places.tests import tiny

BACKEND = "silin.places.tests.tiny.GrantBackend"


@pytest.fixture(autouse=True)
def _chinese_first() -> Iterator[None]:
    """Every test begins in the first language: a page asked for by an earlier one leaves its own behind."""
    with override(configured.LANGUAGE_CODE):
        yield


@pytest.fixture
def town(db: None) -> tiny.Tiny:
    """The tiny city."""
    return tiny.build()


@pytest.fixture
def li(town: tiny.Tiny, client: Client, settings: Settings) -> Iterator[User]:
    """Li of the first community's office, who keeps its register; signed in in ``client``."""
    settings.AUTHENTICATION_BACKENDS = [BACKEND]
    user = User.objects.create(name="李建民")
    tiny.GrantBackend.granted[user.pk] = tiny.GrantBackend.editing[user.pk] = [town.elm.path]
    client.force_login(user, backend=BACKEND)
    yield user
    tiny.GrantBackend.granted.clear()
    tiny.GrantBackend.editing.clear()


@pytest.fixture
def wang(li: User, town: tiny.Tiny) -> Client:
    """The browser of Wang, a grid worker: sees the community, changes nothing."""
    user = User.objects.create(name="王淑琴")
    tiny.GrantBackend.granted[user.pk] = [town.elm.path]
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


@pytest.fixture
def stranger(li: User, town: tiny.Tiny) -> Client:
    """The browser of somebody of the next community's office."""
    user = User.objects.create(name="隔壁的人")
    tiny.GrantBackend.granted[user.pk] = tiny.GrantBackend.editing[user.pk] = [town.oak.path]
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser
