"""Servers to measure and the clients that load them: as little of their own as can be."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench import measure
from bench.measure import Cost
from tests.servers import free_port, stop

PATIENCE = 60.0
CSRF = "bench0bench1bench2bench3bench4be"


@dataclass
class Served:
    """A running server; ``beside`` are the processes of its database, where that is not in its own."""

    port: int
    pid: int
    started_in: float
    beside: list[int] = field(default_factory=list)

    def workers(self) -> list[int]:
        """The process ids of its web workers."""
        return [pid for pid in measure.tree(self.pid) if pid != self.pid]

    def cpu(self) -> float:
        """CPU milliseconds used so far by the server, its workers and the database."""
        return measure.cpu_ms([pid for root in (self.pid, *self.beside) for pid in measure.tree(root)])


@contextlib.contextmanager
def served(words: Sequence[str], beside: Sequence[int] = ()) -> Iterator[Served]:
    """``python -m <words>`` on a free port, from its first answer until the end of the block."""
    port = free_port()
    began = time.perf_counter()
    with Path(os.environ["SILIN_HOME"], f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            env={**os.environ, "SILIN_PORT": str(port), "SILIN_LOG_LEVEL": "warning"},
            stdout=log,
            stderr=log,
        )
    try:
        _wait(port, process)
        yield Served(port, process.pid, time.perf_counter() - began, list(beside))
    finally:
        stop(process)


def get(path: str, session: str = "", **headers: str) -> bytes:
    """The bytes of a GET."""
    return _request("GET", path, session, headers, b"")


def post(path: str, session: str, sent: dict[str, str]) -> bytes:
    """The bytes of a form that a program sends; it wants JSON."""
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    return _request("POST", path, session, headers, urlencode(sent).encode())


def put(path: str, key: str, sent: object, once: str) -> bytes:
    """The bytes of JSON that a system with a key sends, under an id of its own."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": once}
    return _request("POST", path, "", headers, json.dumps(sent).encode())


def load(server: Served, requests: Sequence[bytes], lines: int) -> tuple[Cost, list[int]]:
    """Send ``requests`` over so many kept connections at once; what each cost, and the status of each."""
    statuses = [0] * len(requests)
    cpu, wall = server.cpu(), time.perf_counter()
    with ThreadPoolExecutor(lines) as pool:
        parts = list(pool.map(lambda n: _talk(server.port, requests[n::lines]), range(lines)))
    wall, cpu = time.perf_counter() - wall, server.cpu() - cpu
    for n, part in enumerate(parts):
        statuses[n::lines] = part
    return Cost(cpu / len(requests), wall * 1000 / len(requests)), statuses


def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """One request over a connection of its own: status and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        return _ask(line, request)


def _talk(port: int, requests: Sequence[bytes]) -> list[int]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        return [_ask(line, request)[0] for request in requests]


def _ask(line: socket.socket, request: bytes) -> tuple[int, bytes]:
    line.sendall(request)
    got = line.recv(65536)
    head, _end, body = got.partition(b"\r\n\r\n")
    length = next(
        int(each.split(b":")[1]) for each in head.lower().split(b"\r\n") if each.startswith(b"content-length")
    )
    while len(body) < length:
        body += line.recv(65536)
    return int(head.split(b" ", 2)[1]), body


def _request(method: str, path: str, session: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    if session:
        lines += [f"Cookie: csrftoken={CSRF}; sessionid={session}", f"X-CSRFToken: {CSRF}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            ask(port, get("/healthz"))
            return
        except (OSError, IndexError, StopIteration):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The server on port {port} did not start.") from None
            time.sleep(0.01)
