"""``silin demo``: the demo city, loaded once, and served to this machine alone."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from silin.cli import starting
from silin.cli.progress import Progress


def arguments(command: ArgumentParser) -> None:
    """How it is served."""
    starting.serving_arguments(command)
    command.add_argument("--no-serve", action="store_true", help="load the demo city and stop")
    command.add_argument(
        "--whole",
        action="store_true",
        help="write the whole half-year first (a quarter of an hour) instead of while it is looked at",
    )


def run(options: Namespace) -> int:
    """Prepare the database, load what is missing, say who may be played, serve; 1 when refused.

    Serving takes this process over, so that what loading needed is given back.
    """
    os.environ["SILIN_DEMO"] = "yes"
    starting.take_over(options)
    starting.set_up()
    if starting.refused(
        starting.front_end_findings, starting.broken_off_findings, migrated=False
    ) or not _load(whole=options.whole):
        return 1
    if options.no_serve:
        return 0
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "silin", "up"])


def _load(*, whole: bool) -> bool:
    """Whether the demo city is there now."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from silin.demo import load, rest, systems
    from silin.lib.refusal import Refused

    call_command("migrate", verbosity=0)
    try:
        load.load(Progress())
        systems.let_in(timezone.now())
        if whole:
            rest.play_all(Progress(), timezone.now())
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return False
    env = settings.ENVIRONMENT
    print(*load.accounts(), f"http://{env.address}:{env.port}/demo/", sep="\n")
    return True
