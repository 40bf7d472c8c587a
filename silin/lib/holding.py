"""Who uses this installation: a lock of the system on a file in the home folder, gone with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused

NAME = "running.lock"
_held: list[int] = []


def hold(home: Path) -> None:
    """Say until this process ends that it uses the installation. Raises ``Refused`` (``restoring``)."""
    _held.append(_share(home))


@contextmanager
def used(home: Path) -> Iterator[None]:
    """Say for a while that the installation is used. Raises ``Refused`` (``restoring``)."""
    door = _share(home)
    try:
        yield
    finally:
        os.close(door)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only one for a while. Raises ``Refused`` (``running``)."""
    message = _("Silin is running on this machine: stop silin up, web and work first.")
    door = _lock(home, fcntl.LOCK_EX, "running", message)
    try:
        yield
    finally:
        os.close(door)


def _share(home: Path) -> int:
    return _lock(home, fcntl.LOCK_SH, "restoring", _("Something is being restored here. Wait for it."))


def _lock(home: Path, how: int, code: str, message: object) -> int:
    door = os.open(home / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(door, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(door)
        raise Refused(code, str(message)) from error
    return door
