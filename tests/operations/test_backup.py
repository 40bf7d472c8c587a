"""A backup is taken while somebody writes, is put back equal, and is refused when a byte is wrong."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from silin.accounts.models import User
from silin.cli import main
from silin.history import queries
from silin.history.actions import record
from silin.history.models import Entry
from silin.operation.models import Backup


def _write(subject: str, until: threading.Event) -> None:
    while not until.is_set():
        with transaction.atomic():
            record(subject=subject, action="add", actor=None, now=timezone.now())
    connection.close()


def test_taken_under_a_writer_and_put_back(
    live_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    User.objects.create(name="陈桂兰")
    photo = Path(settings.SILIN_HOME) / "files" / "ab" / "abcd"
    photo.parent.mkdir(parents=True, exist_ok=True)
    photo.write_bytes(b"a photo")
    stop = threading.Event()
    writer = threading.Thread(target=_write, args=("post:7", stop))
    writer.start()
    file = tmp_path / "night.silin"
    try:
        assert main(["backup", str(file)]) == 0, capsys.readouterr().err
    finally:
        stop.set()
        writer.join()
    assert "The keys are not in it" in capsys.readouterr().out
    assert Backup.objects.get(with_keys=False).size == file.stat().st_size
    written = Entry.objects.count()
    assert main(["backup", str(file)]) == 1, "a backup overwrites none"
    assert main(["restore", str(file)]) == 1, "nor does it overwrite rows unasked"
    User.objects.create(name="后来的人")
    photo.unlink()
    assert main(["restore", str(file), "--force"]) == 0, capsys.readouterr().err
    assert [user.name for user in User.objects.all()] == ["陈桂兰"]
    assert photo.read_bytes() == b"a photo"
    assert Entry.objects.count() <= written
    assert queries.check() == []
    assert main(["check"]) == 0


@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_a_harmed_file_is_refused(
    live_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: str
) -> None:
    file = tmp_path / "night.silin"
    assert main(["backup", str(file)]) == 0
    data = bytearray(file.read_bytes())
    if harm == "cut":
        del data[-100:]
    else:
        data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    User.objects.create(name="陈桂兰")
    assert main(["restore", str(file), "--force"]) == 1
    assert capsys.readouterr().err
    assert User.objects.count() == 1
