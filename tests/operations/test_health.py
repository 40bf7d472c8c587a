"""What the watchman is told."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.lib.jobs import heartbeat
from tests import databases

Usage = namedtuple("Usage", "total used free")


def test_alive(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    heartbeat(timezone.now())
    answer = client.get("/readyz")
    assert answer.json() == {"database": "ok", "migrations": "ok", "jobs": "ok", "disk": "ok"}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_silent_jobs_loop(client: Client) -> None:
    assert client.get("/readyz").json()["jobs"] == "silent"
    heartbeat(timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["jobs"]) == (503, "silent")


@pytest.mark.django_db
def test_a_full_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10, 9, 1))
    assert client.get("/readyz").json()["disk"] == "full"


def test_a_database_that_is_away(client: Client, live_db: str) -> None:
    with databases.pointed_at(databases.nowhere()):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "away")


def test_migrations_that_wait(client: Client, live_db: str) -> None:
    databases.forget_migration("matters")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "waiting")
