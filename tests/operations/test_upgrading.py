"""While the database is upgraded: every page says so, nothing that was typed is lost, nothing runs."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from silin.kinds.report.models import Draft
from silin.kinds.report.tests.conftest import photo
from silin.lib import upgrading
from silin.lib.jobs import Job, run_loop
from tests import databases, servers, town
from tests.servers import Server
from tests.visitors import JSON, Answer, Visitor, signed_in

WORDS = "5 号楼门口的路灯不亮，晚上看不见台阶。"
SLOW = """
import sys
from silin.lib.management.commands import migrate
guard = migrate.guard
def waits(connection):
    print("at work", flush=True)
    sys.stdin.readline()
    return guard(connection)
migrate.guard = waits
from silin.cli import main
main(["migrate", "-v0"])
"""
"""A migrate that is at its last step until somebody presses return."""


@contextmanager
def migrating(name: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """``silin migrate`` at work on the database ``name``, until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        env=servers.environment(name),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == "at work\n"
    try:
        yield process
    finally:
        process.communicate("\n", timeout=30)


def is_told(answer: Answer) -> bool:
    """The page says it in Chinese and in English, and when to come again."""
    both = "平台正在升级" in answer.text and "The platform is being upgraded" in answer.text
    return both and (answer.status, answer.headers["retry-after"]) == (503, "30")


def sent_again(answer: Answer) -> dict[str, Any]:
    """What the button of the page sends."""
    [form] = [form for form in answer.all_forms() if "words" in form]
    return form


def test_what_chen_wrote_while_it_was_upgraded_gets_through_afterwards(
    live_db: str, running_server: Server, tmp_path: Path
) -> None:
    chen = signed_in(running_server.url, town.build().chen)
    said = {"csrfmiddlewaretoken": chen.csrf, "client_id": str(uuid4()), "words": WORDS}
    with migrating(live_db, tmp_path):
        assert is_told(chen.get("/mine/"))
        answer = chen.post("/report/", said)
        assert is_told(answer)
        assert answer.headers["cache-control"] == "no-store"
        assert WORDS in answer.text
        told = chen.post("/report/check/", said, JSON)
        assert (told.status, told.told["error"]["code"]) == (503, "upgrading")
        assert "几分钟" in told.told["error"]["message"]
        password = chen.post("/sign-in/", {"email": "chen@example.org", "password": "eleven-lamps"})
        assert is_told(password)
        assert "eleven-lamps" not in password.text
        watched = Visitor(running_server.url)
        assert (watched.get("/healthz").status, watched.get("/healthz").body) == (200, b"upgrading\n")
        assert watched.get("/readyz").told["migrations"] == "running"
        assert not Draft.objects.exists()
    assert chen.post("/report/", sent_again(answer)).status == 303
    assert Draft.objects.get().words == WORDS
    assert Visitor(running_server.url).get("/healthz").body == b"ok\n"


def test_a_killed_migrate_leaves_the_doors_open(live_db: str, tmp_path: Path) -> None:
    with migrating(live_db, tmp_path) as process:
        assert upgrading.is_migrating()
        process.kill()
        process.wait(10)
        assert not upgrading.is_migrating()


def test_photos_stay_on_the_page_before(client: Client, live_db: str) -> None:
    with upgrading.under_way(settings.SILIN_HOME):
        page = client.post("/report/", {"client_id": str(uuid4()), "words": WORDS, "photos": photo()})
    assert page.status_code == 503
    assert "上一页里，写的和选的都还在" in page.text
    assert WORDS not in page.text


@pytest.mark.parametrize("ahead", [False, True])
def test_code_and_database_of_different_versions(client: Client, live_db: str, ahead: bool) -> None:
    """Others migrate, on another machine: this process writes nothing until it is of the same version."""
    assert client.get("/").status_code == 200
    recorder = MigrationRecorder(connection)
    if ahead:
        recorder.record_applied("matters", "9999_from_tomorrow")
    else:
        databases.forget_migration("matters")
    upgrading.is_of_another_version.forget()
    assert client.get("/").status_code == 503
    assert client.get("/readyz").json()["migrations"] == ("ahead" if ahead else "waiting")
    assert ran_in_a_turn() == []
    if ahead:
        recorder.record_unapplied("matters", "9999_from_tomorrow")
        upgrading.is_of_another_version.forget()
        assert len(ran_in_a_turn()) == 1


def ran_in_a_turn() -> list[datetime]:
    """What a job has been given in one turn of the loop."""
    ran: list[datetime] = []
    stop = threading.Event()

    def clock() -> datetime:
        stop.set()  # looked at once a turn: this one is the last
        return town.MONDAY

    run_loop([Job("count", every=timedelta(minutes=1), run=ran.append)], stop, clock=clock)
    return ran
