"""How far long work is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

WIDTH = 30
EVERY = 5.0
"""Seconds between two lines where there is no terminal."""


class Progress:
    """Called with how much is done, of how much, and what is being done."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.began = self.said = time.monotonic()
        self.what = ""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        if self.out.isatty():
            self._draw(done, total, what)
        else:
            self._say(done, total, what)

    def _draw(self, done: int, total: int, what: str) -> None:
        filled = WIDTH * done // max(total, 1)
        bar = "█" * filled + "·" * (WIDTH - filled)
        end = "\n" if done >= total else ""
        self.out.write(f"\r\x1b[K{bar} {done}/{total} {what}{self._left(done, total)}{end}")
        self.out.flush()

    def _say(self, done: int, total: int, what: str) -> None:
        now = time.monotonic()
        if what != self.what or done >= total or now - self.said >= EVERY:
            self.what, self.said = what, now
            self.out.write(f"{done}/{total} {what}\n")
            self.out.flush()

    def _left(self, done: int, total: int) -> str:
        used = time.monotonic() - self.began
        if not 0 < done < total or used < 3:
            return ""
        return f" · about {used * (total - done) / done:.0f} s left"
