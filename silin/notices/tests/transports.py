"""Transports for ``SILIN_SMS_BACKEND``: one that takes every message, one that is out of order."""

from __future__ import annotations

import threading

from silin.lib.sending import NotSent

taken: list[tuple[str, str]] = []
_lock = threading.Lock()


def take(phone: str, text: str) -> None:
    """Keep the message for the test to look at."""
    with _lock:
        taken.append((phone, text))


def out_of_order(phone: str, text: str) -> None:
    """Refuse it, and repeat the number as gateways like to."""
    raise NotSent(f"no route to {phone}")
