"""``silin work``: the jobs of every room, until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser, Namespace

from silin.cli import starting


def arguments(command: ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: Namespace) -> int:
    """Run the jobs until SIGTERM or SIGINT, the job in hand first; 1 when this installation may not start."""
    starting.set_up()
    if starting.refused() or not starting.hold():
        return 1
    from silin.lib.jobs import find_jobs, run_loops
    from silin.operation.actions import note_run

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    jobs = find_jobs()
    logging.getLogger("silin").info("jobs: %s", ", ".join(job.name for job in jobs) or "none")
    run_loops(jobs, stop, note=note_run)
    return 0
