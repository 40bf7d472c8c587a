"""Two zones on one database: a process has no address for the fronts it does not serve."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from silin.environment import FRONTS
from tests import servers
from tests.house import world

DOORS = {"resident": "/report/", "worker": "/w/", "desk": "/desk/", "wall": "/wall/", "open": "/open/"}
SIGN_IN = "/sign-in/"


def asked(url: str) -> int:
    """The status of an answer, redirects followed."""
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(params=["resident open", "worker desk wall", "wall"])
def zone(request: pytest.FixtureRequest, live_db: str, tmp_path: Path) -> Iterator[tuple[str, set[str]]]:
    """The base URL of a process that serves some fronts, and which."""
    world.make()
    with servers.running("web", live_db, tmp_path, SILIN_FRONTS=request.param) as server:
        yield server.url, set(request.param.split())


def test_a_zone_serves_its_own_fronts_alone(zone: tuple[str, set[str]]) -> None:
    url, served = zone
    for front in FRONTS:
        status = asked(url + DOORS[front])
        open_to_all = front in served and front in ("resident", "wall", "open")
        assert status == 200 if open_to_all else status in (200, 404), front
        if front not in served:
            assert status == 404, front


def test_a_zone_says_not_found_without_stumbling(zone: tuple[str, set[str]]) -> None:
    url, _ = zone
    assert asked(f"{url}/no/such/address/") == 404
    assert asked(f"{url}/healthz") == 200
    assert asked(url + SIGN_IN) == 200
