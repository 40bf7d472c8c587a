"""A system of others that is told: a real web server on this machine, which notes what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook


@dataclass
class Receiver:
    """What came in, in order; ``answer`` says with what number the next message is answered."""

    url: str = ""
    secret: str = ""
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], int] = lambda _said: 204
    _one: threading.Lock = field(default_factory=threading.Lock)

    @property
    def said(self) -> list[dict[str, Any]]:
        """The messages as they read."""
        return [json.loads(body) for body in self.bodies]

    @property
    def events(self) -> list[str]:
        """What each told of."""
        return [said["type"] for said in self.said]

    @property
    def ids(self) -> list[str]:
        """Under which id each came."""
        return [head["webhook-id"] for head in self.heads]

    def take(self, head: dict[str, str], body: bytes) -> int:
        """Look at the signature with the library that others use, and note the message."""
        with self._one:
            if self.secret:
                Webhook(self.secret).verify(body, head)
            self.heads.append(head)
            self.bodies.append(body)
            return self.answer(json.loads(body))


@contextmanager
def listening(port: int = 0) -> Iterator[Receiver]:
    """A receiver that listens as long as the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(head, body))
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/silin"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
