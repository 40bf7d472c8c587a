"""``silin backup FILE``: database and uploads in one file, taken while the system runs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from silin.cli import starting


def arguments(command: ArgumentParser) -> None:
    """Into what."""
    command.add_argument("file", type=Path)


def run(options: Namespace) -> int:
    """Write the file and say what is not in it; 1 when that is refused."""
    starting.set_up()
    if starting.refused():
        return 1
    from django.utils import timezone

    from silin.lib.refusal import Refused
    from silin.operation.backing_up import back_up

    try:
        size = back_up(options.file.resolve(), now=timezone.now())
    except (Refused, OSError) as error:
        print(error.message if isinstance(error, Refused) else starting.of_file(error), file=sys.stderr)
        return 1
    print(f"{options.file}: {size / 1e6:.1f} MB. The keys are not in it: keep them somewhere else.")
    print("Lost keys are lost phone numbers.")
    return 0
