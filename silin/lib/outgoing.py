"""Asking another system over HTTP: patiently, but not for ever, and only at the address that was meant."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

PATIENCE = 8.0
ANSWER_AT_MOST = 64 * 1024


class NotReached(Exception):
    """Nobody answered; says by which sort of error, never what was sent or where to."""


@dataclass(frozen=True)
class Answer:
    """What came back: the number, and the words as far as they are read."""

    status: int
    said: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status < 300


class _StayHere(HTTPRedirectHandler):
    """Whoever sends us on to another address gets there nothing of what was meant for them."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def ask(request: Request) -> Answer:
    """Send ``request`` and wait eight seconds at most for each part of the answer. Raises ``NotReached``."""
    try:
        with build_opener(_StayHere).open(request, timeout=PATIENCE) as answer:
            return Answer(answer.status, str(answer.read(ANSWER_AT_MOST).decode("utf-8", "replace")))
    except HTTPError as error:
        with error:
            return Answer(error.code)
    except (OSError, HTTPException) as error:
        raise NotReached(type(error).__name__) from None
