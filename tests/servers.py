"""A real ``silin web`` for tests: the same command an operator gives, on a free port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import databases

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


class Server:
    """A running server: its base URL, its process, and what it has said so far."""

    def __init__(self, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.url, self.process, self.log = url, process, log

    def said(self) -> str:
        """Everything on its standard output and error."""
        return self.log.read_text(errors="replace")

    def workers(self) -> list[int]:
        """The process ids of its web workers."""
        return children(self.process.pid)


def until(holds: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something holds. Raises ``AssertionError`` when it does not come to hold."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def children(parent: int) -> list[int]:
    """The process ids of the children of ``parent``."""
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(word) for word in text.split()]


def environment(name: str, **more: str) -> dict[str, str]:
    """The environment of a program that shall use the database ``name`` and this test run's home and keys."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("SILIN_TEST_")}
    ours |= {"SILIN_DATABASE_URL": databases.url_of(name)}
    ours |= {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "silin.settings", **more}
    return ours


@contextlib.contextmanager
def running(command: str, name: str, folder: Path, **more: str) -> Iterator[Server]:
    """``silin <command>`` on the database ``name``, from its first good answer until the end of the block."""
    with running_at(free_port(), command, name, folder, **more) as server:
        yield server


@contextlib.contextmanager
def running_at(port: int, command: str, name: str, folder: Path, **more: str) -> Iterator[Server]:
    """As ``running``, on a port of one's choice."""
    log = folder / f"silin-{command}-{port}.log"
    words = [sys.executable, "-m", "silin", command, "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, env=environment(name, **more), cwd=folder)
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait(server)
        yield server
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, and insist after ten seconds."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=5):
                return
        except OSError:  # no answer yet, or one that took too long on a busy machine
            if server.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The server did not start:\n{server.said()}") from None
            time.sleep(0.05)
