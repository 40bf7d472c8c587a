"""Keeps a few child processes alive: restarts what dies, stops all of them within ten seconds."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 8.0
"""Seconds between the wish to stop and the kill; the whole stop stays below ten."""
LONGEST_WAIT = 30.0
SETTLED = 60.0
"""A child that lived this many seconds starts its back-off from the beginning."""

log = logging.getLogger("silin.supervisor")


@dataclass
class Child:
    """One process to be kept alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    wait_until: float = field(default=0.0)

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_stop_with_parent)

    def look(self) -> None:
        """Notice a death, and start again when the back-off is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.wait_until:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.falls = 1 if now - self.started > SETTLED else self.falls + 1
        wait = min(2.0 ** (self.falls - 1), LONGEST_WAIT)
        log.error("%s ended with code %s; starts again in %.0f s", self.name, code, wait)
        self.kill()
        self.process, self.wait_until = None, now + wait

    def ask_to_stop(self) -> None:
        """Pass the wish to stop on."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stopped_by(self, moment: float) -> bool:
        """Wait for the end until ``moment`` (monotonic), then kill; whether it ended by itself."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(0.0, moment - time.monotonic()))
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.kill()

    def kill(self) -> None:
        """End whatever is left of the child and of its own children."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return
            self.process.wait()


def supervise(children: Sequence[Child]) -> int:
    """Run ``children`` until SIGTERM or SIGINT; returns 0 when all of them stopped when asked to."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.2):
        for child in children:
            child.look()
    log.info("stopping")
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + PATIENCE
    well = [child.stopped_by(until) for child in children]
    log.info("stopped" if all(well) else "stopped by force")
    return 0 if all(well) else 1


def _stop_with_parent() -> None:
    """A supervisor that was killed leaves no child behind (PR_SET_PDEATHSIG of prctl(2) is 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
