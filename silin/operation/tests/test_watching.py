"""Figures for monitoring: who may read them, and that all workers' requests are in them."""

from __future__ import annotations

import re
import urllib.request
from ipaddress import ip_network
from pathlib import Path

from django.test import Client
from pytest_django import Settings

from tests import servers

LINE = re.compile(r'silin_[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.e+-]+')


def test_nobody_reads_them_unless_the_operator_says_who(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_by_token(client: Client, db: None, settings: Settings) -> None:
    settings.SILIN_METRICS_TOKEN = "a-long-token"
    assert client.get("/metrics", headers={"authorization": "Bearer another"}).status_code == 404
    answer = client.get("/metrics", headers={"authorization": "Bearer a-long-token"})
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines)
    names = {line.partition(" ")[0].partition("{")[0] for line in lines}
    assert {"silin_database_bytes", "silin_disk_free_bytes", "silin_notices_given_up"} <= names
    assert 'silin_matters_open{state="in_hand"} 0' in lines


def test_by_address(client: Client, db: None, settings: Settings) -> None:
    settings.SILIN_METRICS_FROM = (ip_network("10.1.0.0/16"),)
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.2.2.3").status_code == 404
    spoofed = client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": "10.1.2.3"})
    assert spoofed.status_code == 404


def test_every_worker_counts_and_no_count_is_lost(live_db: str, tmp_path: Path) -> None:
    more = {"SILIN_METRICS_TOKEN": "a-long-token", "SILIN_HOME": str(tmp_path / "home"), "SILIN_WORKERS": "3"}
    with servers.running("web", live_db, tmp_path, **more) as server:
        before = _answered(server.url)
        for _ in range(60):
            urllib.request.urlopen(f"{server.url}/healthz").read()
        between = _answered(server.url)
        assert between - before == 61, "sixty and the question itself"
    with servers.running("web", live_db, tmp_path, **more) as server:
        assert _answered(server.url) >= between, "a new start forgets nothing"


def _answered(url: str) -> int:
    """The answers with 200 that the figures know of."""
    asked = urllib.request.Request(f"{url}/metrics", headers={"Authorization": "Bearer a-long-token"})
    text = urllib.request.urlopen(asked).read().decode()
    found = re.search(r'silin_requests_total\{status="200"\} (\d+)', text)
    return int(found.group(1)) if found else 0
