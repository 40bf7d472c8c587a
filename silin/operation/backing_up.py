"""One file with the database and the uploads (``restoring`` puts it back), and copies of the keys apart."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _

from silin.lib import holding, keyring
from silin.lib.refusal import Refused
from silin.operation import actions, databases

DATABASE, MANIFEST, FORMAT = "database", "manifest.json", 2
FILES = "files"


def back_up(target: Path, *, now: datetime) -> int:
    """Write ``target`` while the system runs; gives its size. Files come after the rows that name them.

    Raises ``Refused`` (``exists``, ``program``) and ``OSError``; then there is no file.
    """
    if target.exists():
        raise Refused("exists", _("%(file)s is there already.") % {"file": target})
    draft = target.with_name(f".{target.name}.part")
    try:
        with holding.used(settings.SILIN_HOME):
            _write(draft, now)
        size, sha256 = draft.stat().st_size, sha256_of(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    actions.note_backup(str(target), size, sha256, with_keys=False, now=now)
    return size


def copy_keys(folder: Path, *, now: datetime) -> list[Path]:
    """Write the keys in force into ``folder``, readable by its owner alone, and note that it was done.

    Raises ``Refused`` (``same_place``, ``exists``) and ``OSError``.
    """
    if folder.is_relative_to(settings.SILIN_HOME):
        raise Refused("same_place", _("That is the home folder itself. Choose a place on another disk."))
    env = settings.ENVIRONMENT
    words = {
        "secret.key": env.secret_key,
        "hash.key": settings.SECRET_KEY_FOR_HASHES,
        "data.keys": "\n".join(keyring.keys()),
    }
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if there := [name for name in words if (folder / name).exists()]:
        raise Refused("exists", _("%(file)s is there already.") % {"file": folder / there[0]})
    for name, text in words.items():
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    actions.note_backup(str(folder), len(words), keyring.present(), with_keys=True, now=now)
    return [folder / name for name in words]


def _write(draft: Path, now: datetime) -> None:
    members: dict[str, str] = {}
    with (
        tempfile.TemporaryDirectory(dir=draft.parent) as folder,
        zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        copy = Path(folder) / DATABASE
        known_by = databases.take(copy)
        _add(archive, copy, DATABASE, members)
        home = Path(settings.SILIN_HOME)
        for path in sorted((home / FILES).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                _add(archive, path, str(path.relative_to(home)), members)
        manifest = {
            "format": FORMAT,
            "silin": version("silin"),
            "vendor": connection.vendor,
            "taken_at": now.isoformat(),
            "migrations": [f"{room}.{name}" for room, name in sorted(_applied())],
            "keys": {"data": keyring.marks(), "hash": keyring.hash_mark()},
            "known_by": known_by,
            "members": members,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))


def _applied() -> list[tuple[str, str]]:
    return list(MigrationRecorder(connection).applied_migrations())


def _add(archive: zipfile.ZipFile, path: Path, name: str, members: dict[str, str]) -> None:
    archive.write(path, name)
    members[name] = sha256_of(path)


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
