"""A restore that is refused, fails or is killed loses nothing; one that is done leaves the old aside."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from silin.accounts.models import User
from silin.cli import main
from silin.history.models import Entry
from silin.lib import keyring
from silin.lib.appendonly import guard
from silin.operation.models import Backup
from silin.operation.restoring import NOTE, STAGE
from tests import databases, servers
from tests.town import build

KILLER = """
import os, signal, sys
from pathlib import Path
note, at, n = Path(sys.argv[1]), int(sys.argv[2]), 0
def count(event, words):
    global n
    if event == "os.rename" and note.exists():
        n += 1
        if n == at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from silin.cli import main
sys.exit(main(["restore", sys.argv[3], "--force"]))
"""
"""Restores a file, and is killed right before a given renaming once the exchange has begun."""


@pytest.fixture
def home(live_db: str, tmp_path: Path, settings: Settings) -> Path:
    """A home of its own for an installation with Chen and a photo, and a backup of it in ``night.silin``."""
    settings.SILIN_HOME = tmp_path / "home"
    photo(settings.SILIN_HOME).parent.mkdir(parents=True)
    photo(settings.SILIN_HOME).write_bytes(b"a photo")
    town = build()
    town.chen.set_phone("19900000077")
    town.chen.save()
    assert main(["backup", str(tmp_path / "night.silin")]) == 0
    User.objects.create(name="后来的人")
    photo(settings.SILIN_HOME).write_bytes(b"a later photo")
    return Path(settings.SILIN_HOME)


def photo(home: Path) -> Path:
    return home / "files" / "ab" / "abcd"


def is_old_state(home: Path) -> bool:
    """Whether everything is as it was when the restore began, and nothing lies about."""
    there = User.objects.filter(name="后来的人").exists() and photo(home).read_bytes() == b"a later photo"
    return there and not (home / NOTE).exists() and not (home / STAGE).exists()


def in_a_process(
    live_db: str, home: Path, folder: Path, *words: str, **more: object
) -> subprocess.Popen[str]:
    """Another program on the same installation."""
    connection.close()
    surroundings = servers.environment(live_db, SILIN_HOME=str(home))
    process: subprocess.Popen[str] = subprocess.Popen(
        [sys.executable, *words],
        env=surroundings,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,  # type: ignore[call-overload]
    )
    return process


def test_what_was_here_is_set_aside(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", str(tmp_path / "night.silin"), "--force"]) == 0, capsys.readouterr().err
    assert not User.objects.filter(name="后来的人").exists()
    assert User.objects.get(name="陈桂兰").phone == "19900000077"
    assert photo(home).read_bytes() == b"a photo"
    said = capsys.readouterr().out
    [files] = home.glob("files.before-*")
    assert (files / "ab" / "abcd").read_bytes() == b"a later photo"
    assert str(files) in said
    stamp = files.name.removeprefix("files.before-")
    if databases.is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM before_{stamp}.accounts_user WHERE name = '后来的人'")
            assert cursor.fetchone()[0] == 1
    else:
        assert Path(f"{connection.settings_dict['NAME']}.before-{stamp}").is_file()
    assert main(["check"]) == 0
    assert main(["backup", str(tmp_path / "next.silin")]) == 0
    assert main(["restore", str(tmp_path / "next.silin"), "--force"]) == 0, "a backup of what was restored"


@pytest.mark.parametrize("at", [1, 2])
def test_killed_in_the_middle(live_db: str, home: Path, tmp_path: Path, at: int) -> None:
    file = str(tmp_path / "night.silin")
    renaming = at if databases.is_postgresql() else 2 * at
    killed = in_a_process(live_db, home, tmp_path, "-c", KILLER, str(home / NOTE), str(renaming), file)
    said, _ = killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL, said
    assert (home / NOTE).exists()
    start = in_a_process(live_db, home, tmp_path, "-m", "silin", "up")
    said, _ = start.communicate(timeout=60)
    assert (start.returncode, "silin.E115" in said, "silin restore --undo" in said) == (1, True, True), said
    if at == 1:
        assert main(["restore", "--undo"]) == 0
        assert is_old_state(home)
    assert main(["restore", file, "--force"]) == 0
    assert photo(home).read_bytes() == b"a photo"
    assert not User.objects.filter(name="后来的人").exists()


def test_the_disk_is_full(live_db: str, home: Path, tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    words = ("-m", "silin", "restore", str(tmp_path / "night.silin"), "--force")
    done = in_a_process(live_db, home, tmp_path, *words, preexec_fn=little_room)
    said, _ = done.communicate(timeout=60)
    assert (done.returncode, "Traceback" in said) == (1, False), said
    assert is_old_state(home)


def test_nothing_is_restored_under_a_running_silin(
    live_db: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with servers.running("web", live_db, tmp_path, SILIN_HOME=str(home)):
        assert main(["restore", str(tmp_path / "night.silin"), "--force"]) == 1
    assert "silin up" in capsys.readouterr().err
    assert is_old_state(home)


@pytest.mark.skipif(not databases.is_postgresql(), reason="a file has no server that counts its sessions")
def test_a_session_that_stays_keeps_the_restore_off_and_one_that_goes_does_not(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = connection.copy()
    other.inc_thread_sharing()
    other.ensure_connection()
    assert main(["restore", str(tmp_path / "night.silin"), "--force"]) == 1
    assert "1 个程序" in capsys.readouterr().err
    assert is_old_state(home)
    going = threading.Timer(1, other.close)
    going.start()
    assert main(["restore", str(tmp_path / "night.silin"), "--force"]) == 0
    going.join()
    assert photo(home).read_bytes() == b"a photo"


def test_keys_that_do_not_fit(
    home: Path, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "night.silin")
    settings.SILIN_DATA_KEYS = [Fernet.generate_key().decode()]
    assert main(["restore", file, "--force"]) == 1
    assert "data.keys" in capsys.readouterr().err
    settings.SILIN_DATA_KEYS = ["b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtbG9uZy1rZXk="]
    assert is_old_state(home)
    settings.SILIN_DATA_KEYS = [Fernet.generate_key().decode()]
    assert main(["restore", file, "--force", "--anyway"]) == 0
    assert "LOOK" in capsys.readouterr().out


def changed(source: Path, target: Path, **said: object) -> str:
    """The same backup with another list of contents."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, json.dumps({**json.loads(data), **said}) if name == "manifest.json" else data)
    return str(target)


def test_a_backup_of_a_newer_silin_and_one_that_is_not_what_it_says(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "night.silin"
    newer = changed(source, tmp_path / "newer.silin", migrations=["places.9999_from_tomorrow"])
    other = changed(source, tmp_path / "other.silin", known_by={"rows": {}, "heads": "", "seals": ""})
    for file in (newer, other):
        assert main(["restore", file, "--force"]) == 1
        assert is_old_state(home)


def test_a_chain_that_does_not_hold_is_not_put_back(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = Entry._meta.db_table
    with connection.cursor() as cursor:
        if databases.is_postgresql():
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        else:
            cursor.execute(f"DROP TRIGGER {name}_no_update")
    Entry.objects.filter(pk=Entry.objects.earliest("id").pk).update(action="nothing")
    guard(connection)
    bad = tmp_path / "bad.silin"
    assert main(["backup", str(bad)]) == 0
    assert main(["restore", str(bad), "--force"]) == 1
    assert capsys.readouterr().err
    assert is_old_state(home)


def test_copies_of_the_keys(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "safe"
    assert main(["keys", "copy", str(home / "inside")]) == 1, "that is the same disk"
    assert main(["keys", "copy", str(folder)]) == 0
    assert folder.joinpath("data.keys").read_text().split() == list(keyring.keys())
    assert folder.joinpath("hash.key").read_text().strip() == settings.SECRET_KEY_FOR_HASHES
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert Backup.objects.get(with_keys=True).sha256 == keyring.present()
    assert main(["keys", "copy", str(folder)]) == 1, "nothing is overwritten"
    assert keyring.keys()[0] not in capsys.readouterr().out
    assert os.listdir(folder)
