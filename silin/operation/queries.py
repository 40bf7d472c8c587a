"""What is asked about the installation."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

from silin.history import queries as history
from silin.history.models import Entry
from silin.lib import keyring, setting_up
from silin.lib.jobs import find_jobs
from silin.lib.remembering import Remembered
from silin.lib.setting_up import Line
from silin.operation.models import SUBJECT, Backup, JobRun, SettingUp
from silin.places.models import Place

OLD_BACKUP = timedelta(hours=36)
"""A nightly backup that is older than this was missed."""


def lines(place: Place, now: datetime) -> list[Line]:
    """The checklist of a city, as every room adds to it, in the order of the work."""
    return [line for step in setting_up.find_steps() for line in step(place, now)]


def _city_in_work() -> bool:
    return SettingUp.objects.filter(opened_at=None).exists()


city_in_work = Remembered(_city_in_work)
"""Whether a city is being set up and not open yet; seen by other processes within two seconds."""


def setting_up_of(place: Place) -> SettingUp | None:
    """How far the city is; None where it was never set up by ``silin init``: it counts as open."""
    return SettingUp.objects.filter(place=place).select_related("opened_by").first()


def last_backup() -> Backup | None:
    """The newest backup that is known here."""
    return Backup.objects.filter(with_keys=False).order_by("-taken_at").first()


def last_copy_of_keys() -> Backup | None:
    """The newest copy of the keys that are in force; None when they have changed since."""
    return Backup.objects.filter(with_keys=True, sha256=keyring.present()).order_by("-taken_at").first()


def backup_is_old(now: datetime) -> bool:
    """Whether there is no backup of the last night and day."""
    last = last_backup()
    return last is None or now - last.taken_at > OLD_BACKUP


def last_sms_try() -> Entry | None:
    """When a text message last went out to somebody who tried it, by the way that is set now.

    One that was only printed has not been tried.
    """
    backend = settings.SILIN_SMS_BACKEND
    if backend == "console":
        return None
    return history.of(SUBJECT).filter(action="try_sms", fields__backend=backend).first()


def job_runs() -> list[JobRun]:
    """Every job of the clock with how it went; those that fail stand first."""
    known = JobRun.objects.in_bulk()
    rows = [known.get(job.name) or JobRun(name=job.name) for job in find_jobs()]
    return sorted(rows, key=lambda row: (not row.is_failing, row.name))


@dataclass(frozen=True)
class Machine:
    """Where this runs: versions, room on the disk, size of the database, in bytes."""

    silin: str
    python: str
    django: str
    database: str
    database_bytes: int
    free_bytes: int
    total_bytes: int


def machine() -> Machine:
    """How this process sees its surroundings."""
    disk = shutil.disk_usage(settings.SILIN_HOME)
    python = ".".join(map(str, sys.version_info[:3]))
    words, size = _database()
    return Machine(version("silin"), python, django.__version__, words, size, disk.free, disk.total)


def _database() -> tuple[str, int]:
    """Name and version of the database, and its size."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            number, size = cursor.fetchone()
            return f"PostgreSQL {number}", int(size)
        cursor.execute("SELECT sqlite_version()")
        number = cursor.fetchone()[0]
    name = str(connection.settings_dict["NAME"])
    files = (Path(f"{name}{end}") for end in ("", "-wal"))
    return f"SQLite {number}", sum(path.stat().st_size for path in files if path.is_file())
