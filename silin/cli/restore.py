"""``silin restore FILE``: what ``silin backup`` wrote, put back and compared."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from silin.cli import starting


def arguments(command: ArgumentParser) -> None:
    """From what, and over what."""
    command.add_argument("file", type=Path)
    command.add_argument("--force", action="store_true", help="replace the rows that are here")


def run(options: Namespace) -> int:
    """Put it back with everything stopped; 1 when that is refused or what came is not equal."""
    starting.set_up()
    if starting.refused(migrated=False):
        return 1
    from silin.lib.refusal import Refused
    from silin.operation.backing_up import restore

    try:
        manifest = restore(options.file, force=options.force)
    except (Refused, OSError) as error:
        print(error.message if isinstance(error, Refused) else error, file=sys.stderr)
        return 1
    rows = sum(manifest["known_by"]["rows"].values())
    print(f"Restored as of {manifest['taken_at']}: {rows} rows, chains and seals equal. Now: silin check")
    return 0
