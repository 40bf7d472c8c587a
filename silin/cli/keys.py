"""``silin keys``: the keys that personal fields are encrypted with: list them, add one, drop what is old."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from silin.cli import starting

ACTS = ("list", "add", "rewrite", "drop", "copy")
SETTLED = timedelta(minutes=10)  # longer than any write may be under way


def arguments(command: ArgumentParser) -> None:
    """One word says what to do."""
    command.add_argument("act", choices=ACTS, metavar="|".join(ACTS))
    command.add_argument("folder", type=Path, nargs="?", help="where copies of the keys are laid down")
    command.add_argument("--rows", type=int, default=500, help="rows in one batch (default 500)")


def run(options: Namespace) -> int:
    """Carry it out; 1 when it was refused."""
    starting.set_up()
    if starting.refused():
        return 1
    acts = {"list": _list, "add": _add, "rewrite": lambda: _rewrite(options.rows), "drop": _drop}
    acts["copy"] = lambda: _copy(options.folder)
    return acts[options.act]()


def _list() -> int:
    """Each key by its mark (never itself), and how many values it closes."""
    from silin.lib import keyring, rekeying

    counted = rekeying.count()
    for number, key in enumerate(keyring.keys()):
        role = "writes" if number == 0 else "reads"
        print(f"{keyring.mark(key)}  {role:6}  {counted.get(key, 0)} value(s)")
    if lost := counted.get("", 0):
        print(f"{lost} value(s) that none of these keys opens: they are lost unless an old key is found.")
        return 1
    return 0


def _add() -> int:
    """A new key writes from now on; running processes take it with their next write."""
    from cryptography.fernet import Fernet

    from silin.lib import keyring

    made = Fernet.generate_key().decode()
    if (path := _file()) is None:
        print("The keys stand in SILIN_DATA_KEYS: put this one in front of them, everywhere, and restart.")
        print(made)
        return 0
    keyring.write_keys(path, [made, *keyring.keys()])
    print(f"{keyring.mark(made)} writes from now on. Copy {path} to where the keys are kept:")
    print("silin keys copy FOLDER, then: silin keys rewrite")
    return 0


def _rewrite(rows: int) -> int:
    """Bring every value under the first key, in batches, while the system runs."""
    from silin.lib import rekeying

    for name, done, total in rekeying.rewrite(rows):
        print(f"{name}: {done} of {total}", flush=True)
    print("Every value is under the first key. When nothing of an old backup is needed: silin keys drop")
    return 0


def _drop() -> int:
    """Forget every key but the first, when nothing needs them any more."""
    from silin.lib import keyring, rekeying

    path = _file()
    if path is None:
        print("The keys stand in SILIN_DATA_KEYS: take the old ones out there.", file=sys.stderr)
        return 1
    if reason := next(_reasons(path, rekeying.count(), keyring.keys()), ""):
        print(reason, file=sys.stderr)
        return 1
    keyring.write_keys(path, list(keyring.keys()[:1]))
    print("One key is left. Backups from before need the old ones: keep them as long as those.")
    return 0


def _copy(folder: Path | None) -> int:
    """Lay the keys down somewhere else, and note it: the checklist asks for it."""
    from django.utils import timezone

    from silin.lib.refusal import Refused
    from silin.operation.backing_up import copy_keys

    if folder is None:
        print("Name a folder on another disk: silin keys copy FOLDER", file=sys.stderr)
        return 2
    try:
        made = copy_keys(folder.resolve(), now=timezone.now())
    except (Refused, OSError) as error:
        print(error.message if isinstance(error, Refused) else starting.of_file(error), file=sys.stderr)
        return 1
    print(*made, sep="\n")
    print("Keep them away from the backups: together they are the personal data, apart they are not.")
    return 0


def _reasons(path: Path, counted: dict[str, int], keys: tuple[str, ...]) -> Iterator[str]:
    """Why the old keys may not go yet."""
    age = datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if age < SETTLED:
        yield f"A key was added {age.seconds} seconds ago: a write with the old one may be under way. Wait."
    if old := sum(n for key, n in counted.items() if key != keys[0]):
        yield f"{old} value(s) are not under the first key yet: silin keys rewrite"


def _file() -> Path | None:
    from django.conf import settings

    path: Path | None = settings.SILIN_DATA_KEY_FILE
    return path
