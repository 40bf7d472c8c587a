"""``silin up``: the web workers and the jobs loop under one supervisor."""

from __future__ import annotations

import logging
import sys
from argparse import Namespace

from silin.cli import starting
from silin.cli.supervisor import Child, supervise

arguments = starting.serving_arguments


def run(options: Namespace) -> int:
    """Serve until told to stop; 1 when this installation may not start."""
    starting.take_over(options)
    starting.set_up()
    if starting.refused(starting.front_end_findings):
        return 1
    starting.gather_static()
    return _serve()


def _serve() -> int:
    from django.conf import settings

    env = settings.ENVIRONMENT
    logging.getLogger("silin").info("serving http://%s:%s", env.address, env.port)
    command = [sys.executable, "-m", "silin"]
    return supervise([Child(name, [*command, name]) for name in ("web", "work")])
