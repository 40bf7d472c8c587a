"""``silin import divisions FILE``: the official list of places, as a CSV file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from silin.cli import starting


def arguments(command: ArgumentParser) -> None:
    """What is read, and from where."""
    command.add_argument("what", choices=["divisions"], help="divisions: code,name,level,parent")
    command.add_argument("file", type=Path)


def run(options: Namespace) -> int:
    """Read the file, all or nothing; 1 when it is refused."""
    starting.set_up()
    if starting.refused():
        return 1
    from django.utils import timezone

    from silin.lib.refusal import Refused
    from silin.places.imports import import_divisions

    try:
        with options.file.open("rb") as file:
            result = import_divisions(file, timezone.now())
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return 1
    except Refused as refusal:
        print(f"{refusal.code}: {refusal.message}\nNothing was changed.", file=sys.stderr)
        return 1
    print(result)
    return 0
