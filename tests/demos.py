"""The demo city, loaded by the real command once and kept on disk until the code that makes it changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests import databases, postgres, servers

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "demo"
SURFACE = {"fronts", "cli", "tests", "templates", "templatetags", "locale", "static", "__pycache__"}
"""Parts of the tree that show the city and have no part in making it."""


def prepare(template: str, folder: Path) -> str:
    """The name of a database with the whole demo city; ``template`` is the migrated one. Files come along.

    Nothing of ``folder``, the run's own, is shared, so that other runs may throw away what they think is old.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    vendor = "postgresql" if databases.is_postgresql() else "sqlite"
    kept = KEPT / f"{vendor}-{_fingerprint()}"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (kept / "done").exists():
            _make(template, kept)
        shutil.copytree(kept / "home" / "files", settings.SILIN_HOME / "files", dirs_exist_ok=True)
        return _restore(kept, folder)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    """Everything that has a part in making the city: models, verbs, migrations, data."""
    for folder, folders, files in os.walk(ROOT / "silin"):
        folders[:] = sorted(set(folders) - SURFACE)
        yield from (Path(folder) / name for name in sorted(files) if not name.endswith(".pyc"))


def _make(template: str, kept: Path) -> None:
    for old in KEPT.glob(f"{kept.name.split('-')[0]}-*"):
        shutil.rmtree(old)
    (kept / "home" / "files").mkdir(parents=True)
    name = databases.copy(template, kept)
    environment = servers.environment(name, SILIN_HOME=str(kept / "home"))
    command = [sys.executable, "-m", "silin", "demo", "--no-serve"]
    done = subprocess.run(command, env=environment, cwd=kept, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The demo city could not be loaded:\n{done.stdout}\n{done.stderr}")
    if databases.is_postgresql():
        _pg("pg_dump", name, "--format=custom", f"--file={kept / 'demo.dump'}")
        databases.drop(name)
    else:
        Path(name).rename(kept / "demo.sqlite3")
    (kept / "done").touch()


def _restore(kept: Path, folder: Path) -> str:
    if not databases.is_postgresql():
        return str(shutil.copyfile(kept / "demo.sqlite3", folder / "demo.sqlite3"))
    name = databases.make_empty("demo")
    _pg("pg_restore", name, str(kept / "demo.dump"), "--no-owner")
    return name


def _pg(program: str, name: str, *words: str) -> None:
    config = settings.DATABASES["default"]
    login = ["--host", str(config["HOST"]), "--username", str(config["USER"]), "--dbname", name]
    subprocess.run([postgres.programs() / program, *login, *words], check=True)
