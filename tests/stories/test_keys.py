"""The data keys change while people write: nothing is lost, nothing waits, the old key goes when it may."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography.fernet import Fernet
from django.db import connection, connections
from pytest_django import Settings

from silin.accounts.models import User
from silin.cli import main
from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet
from silin.imports.tests.files import GRIDS, opened, xlsx
from silin.imports.undoing import undo
from silin.lib import keyring, rekeying
from tests.town import MONDAY, build

HOUR = 3600


@pytest.fixture
def key_file(tmp_path: Path, settings: Settings) -> Path:
    """A key ring of its own in a file."""
    path = tmp_path / "data.keys"
    keyring.write_keys(path, [Fernet.generate_key().decode()])
    settings.SILIN_DATA_KEY_FILE = path
    return path


def phone_of(n: int) -> str:
    return f"139{n:08d}"


def written(first: int, many: int) -> None:
    for n in range(first, first + many):
        user = User()
        user.set_phone(phone_of(n))
        user.save()


def stored() -> list[str]:
    """The column as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE phone <> ''")
        return [row[0] for row in cursor.fetchall()]


def grown_old(path: Path) -> None:
    """As if the key had been added an hour ago."""
    then = time.time() - HOUR
    os.utime(path, (then, then))


def test_add_rewrite_drop(live_db: str, key_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(0, 30)
    (old,) = keyring.keys()
    assert main(["keys", "add"]) == 0
    assert keyring.keys()[1:] == (old,)
    assert key_file.stat().st_mode & 0o077 == 0
    written(30, 5)
    assert rekeying.count() == {old: 30, keyring.keys()[0]: 5}
    grown_old(key_file)
    assert main(["keys", "drop"]) == 1
    assert "30" in capsys.readouterr().err
    assert main(["keys", "rewrite", "--rows", "7"]) == 0
    assert "accounts_user.phone: 35 of 35" in capsys.readouterr().out
    assert main(["keys", "drop"]) == 0
    assert len(keyring.keys()) == 1
    assert {user.phone for user in User.objects.all()} == {phone_of(n) for n in range(35)}
    assert all(keyring.is_under_first(secret) for secret in stored())
    shown = capsys.readouterr().out
    assert main(["keys", "list"]) == 0
    shown += capsys.readouterr().out
    assert keyring.keys()[0] not in shown


def test_files_on_their_way_in_are_opened_by_the_new_key(live_db: str, key_file: Path) -> None:
    town = build()
    data = xlsx([GRIDS, [town.community.code, "第三网格", ""], ["990100000000", "哪里", ""]])
    batch = upload(get_sheet("grids"), town.city, data, name="网格.xlsx", by=town.zhou, now=MONDAY)
    commit(batch, by=town.zhou, now=MONDAY, good_rows=True)
    assert main(["keys", "add"]) == 0
    assert main(["keys", "rewrite"]) == 0
    grown_old(key_file)
    assert main(["keys", "drop"]) == 0
    batch.refresh_from_db()
    assert opened(batch.data).max_row == 2
    assert undo(batch, by=town.zhou, now=MONDAY).removed == 1


def test_a_key_just_added_keeps_the_old_one(live_db: str, key_file: Path) -> None:
    assert main(["keys", "add"]) == 0
    assert main(["keys", "drop"]) == 1
    assert len(keyring.keys()) == 2


def test_while_a_writer_writes(live_db: str, key_file: Path) -> None:
    written(0, 120)
    stop, faults = Event(), []
    changed = {n: phone_of(n) for n in range(120)}

    def write() -> None:
        """Changes numbers round and round, and reads each back."""
        keys = dict(User.objects.values_list("phone_hash", "pk"))
        users = list(User.objects.in_bulk(list(keys.values())).values())
        users.sort(key=lambda user: user.phone)
        turn = 0
        try:
            while not stop.is_set():
                n = turn % len(users)
                changed[n] = phone_of(1000 + turn)
                users[n].set_phone(changed[n])
                users[n].save(update_fields=["phone", "phone_hash"])
                assert User.objects.get(pk=users[n].pk).phone == changed[n]
                turn += 1
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    writer = Thread(target=write)
    writer.start()
    try:
        for _change in range(2):
            assert main(["keys", "add"]) == 0
            assert main(["keys", "rewrite", "--rows", "10"]) == 0
            grown_old(key_file)
            assert main(["keys", "drop"]) == 0
    finally:
        stop.set()
        writer.join()
    assert faults == []
    assert {user.phone for user in User.objects.all()} == set(changed.values())
    assert set(rekeying.count()) == {keyring.keys()[0]}


def test_a_lost_key_is_said(live_db: str, key_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(0, 3)
    keyring.write_keys(key_file, [Fernet.generate_key().decode()])
    assert main(["keys", "list"]) == 1
    assert "3 value(s)" in capsys.readouterr().out
