"""``silin up`` and ``silin web`` as an operator starts, kills and stops them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from silin.accounts.models import User
from tests import databases, servers
from tests.servers import until
from tests.town import build

START = [sys.executable, "-m", "silin"]


def refusal(name: str, folder: Path, *words: str, **more: str) -> str:
    """What a start that must be refused says; it has to end by itself with exit code 1."""
    environment = servers.environment(name, **more)
    done = subprocess.run(
        [*START, *words], env=environment, cwd=folder, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr


def status(url: str) -> int:
    """The status of an answer, or 0 when there is none."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except OSError:
        return 0


def of_kind(pid: int, word: str) -> list[int]:
    """The children of ``pid`` that were started with ``word`` as their command."""
    found = []
    for child in servers.children(pid):
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if word.encode() in words:
            found.append(child)
    return found


def test_up_restarts_what_dies_and_stops_in_time(live_db: str, tmp_path: Path) -> None:
    with servers.running("up", live_db, tmp_path) as server:
        pid = server.process.pid
        until(lambda: status(f"{server.url}/readyz") == 200)
        [web], [work] = of_kind(pid, "web"), of_kind(pid, "work")
        worker = servers.children(web)[0]

        os.kill(worker, signal.SIGKILL)
        until(lambda: len(servers.children(web)) == 2 and worker not in servers.children(web))
        os.kill(work, signal.SIGKILL)
        until(lambda: of_kind(pid, "work") not in ([], [work]))
        os.kill(web, signal.SIGKILL)
        until(lambda: of_kind(pid, "web") not in ([], [web]) and status(f"{server.url}/healthz") == 200)

        asked = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert time.monotonic() - asked < 10
        assert "work ended with code -9; starts again in 1 s" in server.said()
        assert status(f"{server.url}/healthz") == 0


def test_a_killed_supervisor_leaves_nobody_behind(live_db: str, tmp_path: Path) -> None:
    with servers.running("up", live_db, tmp_path) as server:
        family = servers.children(server.process.pid)
        server.process.kill()
        server.process.wait()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))


def test_the_web_server_alone_stops_at_ctrl_c(live_db: str, tmp_path: Path) -> None:
    with servers.running("web", live_db, tmp_path) as server:
        assert status(f"{server.url}/healthz") == 200
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(10) == 0


@pytest.mark.parametrize("command", ["up", "web", "work"])
def test_waiting_migrations_are_refused(live_db: str, tmp_path: Path, command: str) -> None:
    databases.forget_migration("matters")
    said = refusal(live_db, tmp_path, command)
    assert "silin.E102: Migrations wait to be applied: matters." in said
    assert "cure: silin migrate" in said


def test_dangerous_settings_are_refused(live_db: str, tmp_path: Path) -> None:
    said = refusal(live_db, tmp_path, "up", SILIN_DEMO="yes", SILIN_HOSTS="silin.example.org")
    assert "silin.E016" in said
    assert "cure: The demo lets anybody sign in as anybody." in said


def test_the_demo_does_not_move_into_a_real_city(live_db: str, tmp_path: Path) -> None:
    build()
    refusal(live_db, tmp_path, "demo", "--no-serve")
    assert User.objects.count() < 20


def test_the_demo_is_refused_to_the_public(live_db: str, tmp_path: Path) -> None:
    assert "silin.E016" in refusal(live_db, tmp_path, "demo", "--no-serve", SILIN_HTTPS="yes")


def test_an_unknown_transport_is_refused(live_db: str, tmp_path: Path) -> None:
    assert "silin.E019" in refusal(live_db, tmp_path, "up", SILIN_SMS_BACKEND="pigeons.send")


def test_a_database_that_is_away_is_refused(live_db: str, tmp_path: Path) -> None:
    said = refusal(databases.nowhere(), tmp_path, "up")
    assert "silin.E101: The database cannot be reached:" in said


def test_the_port_is_an_option_too(live_db: str, tmp_path: Path) -> None:
    assert "silin.E013: SILIN_PORT is 70000." in refusal(live_db, tmp_path, "up", "--port", "70000")


def test_the_log_is_json_when_asked_for(live_db: str, tmp_path: Path) -> None:
    with servers.running("web", live_db, tmp_path, SILIN_LOG_FORMAT="json") as server:
        status(f"{server.url}/healthz")
        until(lambda: '"path": "/healthz", "status": 200' in server.said())
        assert all(line.startswith("{") for line in server.said().splitlines())
