"""Putting a backup back: all is looked at first, what was here is set aside and comes back on any fault.

A note in the home folder stands as long as neither the old nor the new state is whole. While it is there
Silin does not start, and ``undo`` brings the old state back however far the work had come.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext_lazy as _

from silin.history import queries as history
from silin.lib import holding, keyring, rekeying
from silin.lib.refusal import Refused, Words
from silin.operation import databases
from silin.operation.backing_up import DATABASE, FILES, FORMAT, MANIFEST, sha256_of

NOTE, STAGE = "restoring.json", "restoring"
SPARE = 50 * 1024 * 1024


@dataclass(frozen=True)
class Restored:
    """What was put back, and where that lies which was here before."""

    manifest: dict[str, Any]
    aside: list[str]
    doubts: list[Words]


def is_broken_off() -> bool:
    """Whether a restore was broken off in the middle."""
    return (_home() / NOTE).exists()


def undo() -> bool:
    """Bring the state before a broken-off restore back; gives whether there was one. Raises ``Refused``."""
    with _alone():
        shutil.rmtree(_home() / STAGE, ignore_errors=True)
        return _undo()


def restore(source: Path, *, now: datetime, force: bool = False, anyway: bool = False) -> Restored:
    """Let this installation be what ``source`` holds; on any fault it is what it was.

    ``force`` replaces rows that are here; ``anyway`` goes on with chains that do not hold and with values
    that no key opens. Raises ``Refused`` (``running``, ``broken``, ``no_room``, ``other_database``,
    ``newer``, ``keys``, ``chains``, ``not_empty``, ``not_equal``, ``program``, ``failed``).
    """
    stage = _home() / STAGE
    with _alone():
        _undo()
        try:
            manifest = _unpack(source, stage)
            doubts = list(_look(manifest, force=force, anyway=anyway))
            staged = stage / DATABASE
            if connection.vendor == "sqlite":
                with databases.pointed_at(staged):
                    doubts += _prepare(manifest, anyway)
            stamp = now.strftime("%Y%m%d_%H%M%S_%f")
            _note({"stamp": stamp, "source": str(source)})
            databases.exchange(staged, stamp)
            if connection.vendor == "postgresql":
                doubts += _prepare(manifest, anyway)
            aside = [databases.aside(stamp), _exchange_files(stage, stamp)]
            (_home() / NOTE).unlink()
        except (OSError, DatabaseError, sqlite3.Error) as error:
            _undo()
            message = _("It failed (%(why)s). What was here is here still.")
            raise Refused("failed", message % {"why": error}) from error
        except BaseException:
            _undo()
            raise
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    return Restored(manifest, aside, doubts)


@contextmanager
def _alone() -> Iterator[None]:
    with holding.alone(_home()):
        if n := databases.others():
            message = _("%(n)s other programs are connected to the database: stop them first.")
            raise Refused("running", message % {"n": n})
        yield


def _unpack(source: Path, stage: Path) -> dict[str, Any]:
    """Lay the members out in ``stage``, each as its sha256 says."""
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    (stage / FILES).mkdir()
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            names = set(archive.namelist()) - {MANIFEST}
            if manifest["format"] != FORMAT or names != set(manifest["members"]):
                raise _broken(_("its list of contents does not fit"))
            _look_for_room(sum(info.file_size for info in archive.infolist()))
            for name, sha256 in manifest["members"].items():
                if sha256_of(Path(archive.extract(name, stage))) != sha256:
                    raise _broken(name)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError) as error:
        raise _broken(str(error)) from error
    return manifest


def _look_for_room(wanted: int) -> None:
    free = shutil.disk_usage(_home()).free
    if free < wanted + SPARE:
        said = {"wanted": (wanted + SPARE) // 1_000_000, "free": free // 1_000_000}
        message = _("%(wanted)s MB are needed and %(free)s MB are free. Nothing was touched.")
        raise Refused("no_room", message % said)


def _look(manifest: dict[str, Any], *, force: bool, anyway: bool) -> Iterator[Words]:
    """What can be said before a row is read. Raises ``Refused``; gives what is doubtful all the same."""
    if manifest["vendor"] != connection.vendor:
        raise Refused("other_database", _("This is a backup of the other kind of database."))
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{room}.{name}" for room, name in loader.disk_migrations}
    if set(manifest["migrations"]) - known:
        message = _("This backup was taken by a newer Silin (%(silin)s). Install that one first.")
        raise Refused("newer", message % {"silin": manifest["silin"]})
    if not force and not _is_empty():
        message = _("There are rows here already. --force sets them aside and takes their place.")
        raise Refused("not_empty", message)
    lost = set(manifest["keys"]["data"]) - set(keyring.marks())
    if lost or manifest["keys"]["hash"] != keyring.hash_mark():
        message = _(
            "The keys here are not those of the backup: put data.keys and hash.key of that time into "
            "%(home)s. A lost key is lost phone numbers; --anyway goes on without them."
        )
        yield from _doubt("keys", message % {"home": _home()}, anyway)


def _prepare(manifest: dict[str, Any], anyway: bool) -> list[Words]:
    """Bring the database at hand up to date and read all of it. Raises ``Refused`` as ``restore`` says."""
    if databases.known_here() != manifest["known_by"]:
        raise Refused("not_equal", _("What came is not what was backed up. What was here is here still."))
    call_command("migrate", verbosity=0)
    doubts: list[Words] = []
    if found := history.check(at_most=1):
        message = _("In the backup the history of %(subject)s does not hold.") % {"subject": found[0].subject}
        doubts += _doubt("chains", message, anyway)
    if n := rekeying.count().get("", 0):
        message = _("%(n)s values of the backup are opened by no key that is here.") % {"n": n}
        doubts += _doubt("keys", message, anyway)
    return doubts


def _doubt(code: str, message: Words, anyway: bool) -> list[Words]:
    if not anyway:
        raise Refused(code, message)
    return [message]


def _note(said: dict[str, str]) -> None:
    with (_home() / NOTE).open("w") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())


def _exchange_files(stage: Path, stamp: str) -> str:
    here, aside = _home() / FILES, _home() / f"{FILES}.before-{stamp}"
    here.mkdir(exist_ok=True)
    here.rename(aside)
    (stage / FILES).rename(here)
    return str(aside)


def _undo() -> bool:
    """As ``undo``, by whoever is alone already; may be broken off itself and begun again."""
    note = _home() / NOTE
    if not note.exists():
        return False
    try:
        stamp = json.loads(note.read_text())["stamp"]
    except (ValueError, KeyError):  # broken off while the note was written: nothing was touched yet
        note.unlink()
        return True
    databases.put_back(stamp)
    here, aside = _home() / FILES, _home() / f"{FILES}.before-{stamp}"
    if aside.exists():
        shutil.rmtree(here, ignore_errors=True)
        aside.rename(here)
    note.unlink()
    return True


def _broken(why: Words) -> Refused:
    message = _("The file was cut off or changed (%(why)s). Nothing was touched.")
    return Refused("broken", message % {"why": why})


def _is_empty() -> bool:
    if "places_place" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM places_place) + (SELECT count(*) FROM accounts_user)")
        return not cursor.fetchone()[0]


def _home() -> Path:
    return Path(settings.SILIN_HOME)
