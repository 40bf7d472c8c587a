"""How many requests were answered with which status, by all processes of this machine together.

Each process counts in a small file of its own (``<home>/counts/<pid>.counts``) that it holds in memory, so
that counting costs neither the database nor a lock between processes. Whoever is asked adds all files up. A
file whose process has ended is added to ``ended.counts`` and removed, so that the sum never shrinks. Several
machines are asked one by one.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

STATUSES = 600
SHAPE = f"<{STATUSES}Q"
SIZE = struct.calcsize(SHAPE)
ENDED = "ended.counts"

_lock = threading.Lock()
_own: tuple[int, mmap.mmap] | None = None  # the process that made it, and its counts


def count(status: int) -> None:
    """One more request was answered with ``status``. A disk that cannot be written to does not stop it."""
    try:
        with _lock:
            counts = _counts()
            at = min(status, STATUSES - 1) * 8
            (n,) = struct.unpack_from("<Q", counts, at)
            struct.pack_into("<Q", counts, at, n + 1)
    except OSError:
        return


def totals() -> dict[int, int]:
    """How many requests by status, since the home folder was made."""
    sums = [0] * STATUSES
    with _held() as folder:
        for path in folder.glob("*.counts"):
            sums = [a + b for a, b in zip(sums, _read(path), strict=True)]
    return {status: n for status, n in enumerate(sums) if n}


def _counts() -> mmap.mmap:
    global _own
    pid = os.getpid()
    if _own is None or _own[0] != pid:
        with _held() as folder:
            _gather_ended(folder)
            path = folder / f"{pid}.counts"
            path.write_bytes(bytes(SIZE))
            with path.open("r+b") as file:
                _own = pid, mmap.mmap(file.fileno(), SIZE)
    return _own[1]


def _gather_ended(folder: Path) -> None:
    """Add what ended processes had counted to the sum that stays; one with our own number has ended too."""
    sums = list(_read(folder / ENDED))
    for path in folder.glob("[0-9]*.counts"):
        pid = int(path.stem)
        if pid == os.getpid() or not _lives(pid):
            sums = [a + b for a, b in zip(sums, _read(path), strict=True)]
            (folder / ENDED).write_bytes(struct.pack(SHAPE, *sums))
            path.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(path: Path) -> tuple[int, ...]:
    data = path.read_bytes() if path.is_file() else b""
    return struct.unpack(SHAPE, data) if len(data) == SIZE else (0,) * STATUSES


@contextmanager
def _held() -> Iterator[Path]:
    """The folder, held against other processes for a moment."""
    folder = Path(settings.SILIN_HOME) / "counts"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
