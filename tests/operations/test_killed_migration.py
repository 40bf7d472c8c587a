"""A migrate that is killed in the middle: the next start says what to do, and the next migrate finishes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from django.db import connection

from silin.cli import main
from silin.lib import appendonly
from silin.places.models import Number
from tests import databases, servers

KILLED = """
import os, signal, sys
from django.db.migrations.recorder import MigrationRecorder
note = MigrationRecorder.record_applied
def dies(self, room, name):
    if (room, name) == ("people", "0001_initial"):
        os.kill(os.getpid(), signal.SIGKILL)
    note(self, room, name)
MigrationRecorder.record_applied = dies
from silin.cli import main
main(["migrate", "-v0"])
"""
"""Dies when the tables of a migration are made and Django is about to note that they are."""


def ran(name: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=servers.environment(name),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_killed_between_the_tables_and_their_note(prepared_db: str, tmp_path: Path) -> None:
    name = databases.make_empty("killed") if databases.is_postgresql() else str(tmp_path / "killed.sqlite3")
    try:
        assert ran(name, tmp_path, "-c", KILLED).returncode == -signal.SIGKILL
        start = ran(name, tmp_path, "-m", "silin", "up")
        assert start.returncode == 1
        assert "silin.E102" in start.stderr
        assert "cure: silin migrate" in start.stderr
        again = ran(name, tmp_path, "-m", "silin", "migrate", "-v0")
        assert again.returncode == 0, again.stderr
        assert ran(name, tmp_path, "-m", "silin", "check").returncode == 0
    finally:
        databases.drop(name)


def test_killed_before_the_books_were_guarded(live_db: str, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        on = " ON history_entry" if databases.is_postgresql() else ""
        cursor.execute(f"DROP TRIGGER history_entry_no_update{on}")
    connection.close()
    start = ran(live_db, tmp_path, "-m", "silin", "up")
    assert (start.returncode, "silin.E109" in start.stderr) == (1, True), start.stderr
    assert main(["migrate", "-v0"]) == 0
    assert appendonly.missing(connection) == []
    assert Number.objects.exists()
