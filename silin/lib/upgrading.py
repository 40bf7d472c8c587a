"""While the database is brought to another version: who notices it, and what everybody is told meanwhile.

``migrate`` holds a lock of the system on a file in the home folder, gone with its process. A database that
lacks migrations of this code, or that was given others since this process began to look, is no database for
it either: the process waits for the migrate, or for its own restart.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from silin.lib.remembering import Remembered
from silin.lib.unavailable import Unavailable, answer

NAME = "upgrading.lock"
ALWAYS = ("/healthz", "/readyz")

Migrations = frozenset[tuple[str, str]]


@contextmanager
def under_way(home: Path) -> Iterator[None]:
    """Say for a while that the database is being upgraded; a second one waits for the first."""
    door = os.open(home / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def is_migrating() -> bool:
    """Whether ``migrate`` is at work on this installation. Asks no database."""
    try:
        door = os.open(settings.SILIN_HOME / NAME, os.O_RDONLY)
    except OSError:  # nobody has migrated with this home yet
        return False
    try:
        fcntl.flock(door, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(door)
    return False


def is_upgrading() -> bool:
    """Whether this process should leave the database alone for now. One that is away says nothing of it."""
    if is_migrating():
        return True
    try:
        return is_of_another_version()
    except (DatabaseError, InterfaceError):
        return False


@lru_cache(maxsize=1)
def of_this_code() -> Migrations:
    """The migrations that this process knows: read at its start, before others are laid in their place."""
    return frozenset(MigrationLoader(None).disk_migrations)


_others_at_first: dict[str, Migrations] = {}


def _differs() -> bool:
    known, there = of_this_code(), frozenset(_applied())
    others = _others_at_first.setdefault(str(connection.settings_dict["NAME"]), there - known)
    return not known <= there or not there - known <= others


def _applied() -> Iterator[tuple[str, str]]:
    yield from MigrationRecorder.Migration.objects.values_list("app", "name")


is_of_another_version = Remembered(_differs)
"""Whether the rows are not those that this code was written for; seen within two seconds."""


class UpgradingMiddleware:
    """Answers every page with "being upgraded" while that is so; watchmen are answered as always."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        of_this_code()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Before sessions are opened: nothing here asks a table that may be just changing."""
        if request.path in ALWAYS or not is_upgrading():
            return self.get_response(request)
        return answer(request, UPGRADING)


UPGRADING = Unavailable(
    "upgrading",
    _("The platform is being upgraded"),
    _("Silin is being upgraded. Nothing was changed; send it again in a few minutes."),
)
