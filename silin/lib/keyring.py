"""The data keys, and what they close: made once in a file outside the database, read again when it changes.

The first key writes, all of them read. Where ``SILIN_DATA_KEYS`` names the keys there is no file, and they
change with a restart. A process that runs while a key is added takes the new one with its next write.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def keys() -> tuple[str, ...]:
    """The keys in force, the writing one first."""
    path: Path | None = settings.SILIN_DATA_KEY_FILE
    if path is None:
        return tuple(settings.SILIN_DATA_KEYS)
    seen = path.stat()
    return _read(path, seen.st_mtime_ns, seen.st_ino)


def write_keys(path: Path, wanted: list[str]) -> None:
    """Exchange the key file for one with ``wanted``, whole or not at all; only its owner may read it."""
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(wanted) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def encrypt(plain: str) -> str:
    """``plain`` under the first data key."""
    return _box(keys()).encrypt(plain.encode()).decode()


def decrypt(secret: str) -> str:
    """The words that ``encrypt`` took, under whichever data key they were written.

    Raises ``cryptography.fernet.InvalidToken`` when that key is gone.
    """
    return _box(keys()).decrypt(secret.encode()).decode()


def is_under_first(secret: str) -> bool:
    """Whether ``secret`` was written with the key that writes now."""
    try:
        _box(keys()[:1]).decrypt(secret.encode())
    except InvalidToken:
        return False
    return True


def rewrite(secret: str) -> str:
    """The same words under the first key. Raises as ``decrypt``."""
    return _box(keys()).rotate(secret.encode()).decode()


def mark(key: str) -> str:
    """By what a key is told from another without being shown."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def marks() -> list[str]:
    """The marks of the data keys in force."""
    return [mark(key) for key in keys()]


def hash_mark() -> str:
    """The mark of the key by which people are found by their number."""
    return mark(settings.SECRET_KEY_FOR_HASHES)


def present() -> str:
    """One mark for all keys that rows depend on: a copy of the keys with another mark is an old one."""
    return mark(" ".join([*marks(), hash_mark()]))


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int) -> tuple[str, ...]:
    return tuple(path.read_text().replace(",", " ").split())


@lru_cache(maxsize=8)
def _box(ring: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in ring])
