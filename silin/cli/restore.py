"""``silin restore FILE``: what ``silin backup`` wrote, put back and compared."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from silin.cli import starting


def arguments(command: ArgumentParser) -> None:
    """From what, and over what."""
    command.add_argument("file", type=Path, nargs="?")
    command.add_argument("--force", action="store_true", help="set aside the rows that are here")
    command.add_argument("--anyway", action="store_true", help="go on with lost keys or a broken chain")
    command.add_argument("--undo", action="store_true", help="bring back what a broken-off restore set aside")


def run(options: Namespace) -> int:
    """Put it back with everything stopped; 1 when that is refused: then what was here is here still."""
    starting.set_up()
    if starting.refused(migrated=False):
        return 1
    from silin.lib.refusal import Refused

    try:
        return _undo() if options.undo else _restore(options)
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return 1


def _undo() -> int:
    from silin.operation.restoring import undo

    done = undo()
    print(
        "What was here before the restore is back. Now: silin check" if done else "There is nothing to undo."
    )
    return 0


def _restore(options: Namespace) -> int:
    from django.utils import timezone

    from silin.operation.restoring import restore

    if options.file is None:
        print("Name the file: silin restore FILE", file=sys.stderr)
        return 2
    done = restore(options.file, now=timezone.now(), force=options.force, anyway=options.anyway)
    for doubt in done.doubts:
        print(f"LOOK  {doubt}")
    rows = sum(done.manifest["known_by"]["rows"].values())
    print(f"Restored as of {done.manifest['taken_at']}: {rows} rows, chains and seals equal.")
    print("What was here before lies in", *done.aside, "until you take it away.")
    print("Now: silin check, then silin up")
    return 0
