"""``silin web``: the web workers (granian), without the jobs."""

from __future__ import annotations

import signal
from argparse import Namespace
from typing import Any

from silin.cli import starting

KILL_AFTER = 6
"""Seconds a worker may take to finish its requests when asked to stop."""

arguments = starting.serving_arguments


def run(options: Namespace) -> int:
    """Serve until told to stop; 1 when this installation may not start."""
    starting.take_over(options)
    starting.set_up()
    if starting.refused(starting.front_end_findings) or not starting.hold():
        return 1
    starting.gather_static()
    _serve()
    return 0


def _serve() -> None:
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    env = settings.ENVIRONMENT
    server = Server(
        "silin.wsgi:application",
        address=env.address,
        port=env.port,
        interface=Interfaces.WSGI,
        workers=env.workers,
        blocking_threads=env.threads,
        websockets=False,
        log_level=LogLevels(env.log_level.lower()),
        log_dictconfig=_formatters(),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
    )
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    server.serve()


def _formatters() -> dict[str, Any]:
    """The server's own few lines (started, stopped) in the format of all others."""
    from django.conf import settings

    formatter = settings.LOGGING["formatters"]["silin"]
    return {"formatters": {"generic": formatter, "access": formatter}}
