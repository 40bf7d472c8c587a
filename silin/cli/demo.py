"""``silin demo``: the demo city, loaded once, and served to this machine alone."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from silin.cli import starting, up
from silin.cli.progress import Progress


def arguments(command: ArgumentParser) -> None:
    """How it is served."""
    starting.serving_arguments(command)
    command.add_argument("--no-serve", action="store_true", help="load the demo city and stop")


def run(options: Namespace) -> int:
    """Prepare the database, load what is missing, say who may be played, serve; 1 when refused."""
    os.environ["SILIN_DEMO"] = "yes"
    starting.take_over(options)
    starting.set_up()
    if starting.refused(starting.front_end_findings, migrated=False) or not _load():
        return 1
    if options.no_serve:
        return 0
    starting.gather_static()
    return up.serve()


def _load() -> bool:
    """Whether the demo city is there now."""
    from django.core.management import call_command

    from silin.demo import load
    from silin.lib.refusal import Refused

    call_command("migrate", verbosity=0)
    try:
        load.load(Progress())
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return False
    print(*load.accounts(), sep="\n", flush=True)
    return True
