"""The list of the whole country comes in by one command: in bounded memory, and also when it is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from silin.history.models import Entry
from silin.places.models import Place, PlaceKey
from tests import servers

pytestmark = pytest.mark.slow
COMMAND = [sys.executable, "-m", "silin", "import", "divisions", "--national"]
COMMUNITIES, ALL = 620_572, 665_271
MOST_MB = 400


def started(name: str, folder: Path) -> subprocess.Popen[str]:
    """The command at work on the database ``name``; what it says can be read line by line."""
    environment = servers.environment(name, SILIN_HOME=str(folder))
    return subprocess.Popen(COMMAND, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder)


def test_a_killed_import_is_run_again_and_ends_right(live_db: str, tmp_path: Path) -> None:
    killed = started(live_db, tmp_path)
    assert killed.stderr
    for line in killed.stderr:
        said = re.match(r"(\d+)/665271 ", line)
        if said and int(said[1]) > 100_000:
            break
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert not Place.objects.exists()
    again = started(live_db, tmp_path)
    assert again.stderr
    assert "665271/665271" in again.stderr.read()
    _pid, status, used = os.wait4(again.pid, 0)
    assert status == 0
    assert used.ru_maxrss / 1024 < MOST_MB
    assert Place.objects.count() == ALL
    assert Place.objects.filter(level="community").count() == COMMUNITIES
    assert PlaceKey.objects.values("row").distinct().count() == ALL
    assert PlaceKey.objects.filter(row__code="110101001001").count() > 5
    assert Entry.objects.filter(action="import_divisions").count() == 1
