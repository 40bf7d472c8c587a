"""One file with the database and the uploads, and putting it back. Keys are never in it."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused, Words
from silin.operation import actions, databases

DATABASE, MANIFEST, FORMAT = "database", "manifest.json", 1
FILES = "files/"


def back_up(target: Path, *, now: datetime) -> int:
    """Write ``target`` while the system runs; gives its size. Files come after the rows that name them.

    Raises ``Refused`` (``exists``, ``program``) and ``OSError``; then there is no file.
    """
    if target.exists():
        raise Refused("exists", _("%(file)s is there already.") % {"file": target})
    draft = target.with_name(f".{target.name}.part")
    try:
        _write(draft, now)
        size, sha256 = draft.stat().st_size, _sha256(draft)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    actions.note_backup(str(target), size, sha256, with_keys=False, now=now)
    return size


def restore(source: Path, *, force: bool) -> dict[str, Any]:
    """Let this installation be what ``source`` holds, and look that it is so; gives the manifest.

    Raises ``Refused`` (``broken``, ``not_empty``, ``other_database``, ``not_equal``, ``program``). Nothing is
    touched before every byte of the file was looked at.
    """
    with tempfile.TemporaryDirectory(dir=settings.SILIN_HOME) as folder:
        manifest = _unpack(source, Path(folder))
        if manifest["vendor"] != connection.vendor:
            raise Refused("other_database", _("This is a backup of the other kind of database."))
        if not force and not _is_empty():
            message = _("There are rows here already. --force replaces all of them.")
            raise Refused("not_empty", message)
        databases.put(Path(folder) / DATABASE)
        for path in (Path(folder) / FILES).rglob("*"):
            if path.is_file():
                kept = Path(settings.SILIN_HOME) / path.relative_to(folder)
                kept.parent.mkdir(parents=True, exist_ok=True)
                path.replace(kept)
    if databases.known_here() != manifest["known_by"]:
        raise Refused("not_equal", _("What is here now is not what was backed up: do not use it."))
    call_command("migrate", verbosity=0)
    return manifest


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
        said = {"format": FORMAT, "silin": version("silin"), "vendor": connection.vendor}
        manifest = {**said, "taken_at": now.isoformat(), "known_by": known_by, "members": members}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))


def _add(archive: zipfile.ZipFile, path: Path, name: str, members: dict[str, str]) -> None:
    archive.write(path, name)
    members[name] = _sha256(path)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Lay the members out in ``folder``, each as its sha256 says."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            names = set(archive.namelist()) - {MANIFEST}
            if manifest["format"] != FORMAT or names != set(manifest["members"]):
                raise _broken(_("its list of contents does not fit"))
            for name, sha256 in manifest["members"].items():
                if _sha256(Path(archive.extract(name, folder))) != sha256:
                    raise _broken(name)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise _broken(str(error)) from error
    return manifest


def _broken(why: Words) -> Refused:
    message = _("The file was cut off or changed (%(why)s). Nothing was touched.")
    return Refused("broken", message % {"why": why})


def _is_empty() -> bool:
    if "places_place" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM places_place) + (SELECT count(*) FROM accounts_user)")
        return not cursor.fetchone()[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
