"""Somebody with a browser or a program of their own, over real HTTP: one kept connection, cookies, forms."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client

from silin.accounts.models import User

PATIENCE = 20.0
JSON = "application/json"
PAGE = "text/html"


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode()

    @property
    def told(self) -> Any:
        """The JSON as an object."""
        return json.loads(self.body)

    def forms(self) -> dict[str, dict[str, str]]:
        """The fields of each form of the page as they stand, by what the form does (its field ``do``)."""
        return {form["do"]: form for form in self.all_forms() if "do" in form}

    def all_forms(self) -> list[dict[str, str]]:
        """The fields of each form of the page, from the top."""
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms


class Visitor:
    """A visitor of the server at ``url``; for one thread at a time."""

    def __init__(self, url: str, session: str = "") -> None:
        self.host = urlsplit(url).netloc
        self.csrf = secrets.token_hex(16)
        self.cookie = f"{settings.CSRF_COOKIE_NAME}={self.csrf}"
        if session:
            self.cookie += f"; {settings.SESSION_COOKIE_NAME}={session}"
        self._line: HTTPConnection | None = None

    def get(self, path: str, accept: str = PAGE) -> Answer:
        """Look at a page. Raises ``OSError`` or ``HTTPException`` when the connection breaks."""
        return self._ask("GET", path, None, accept)

    def post(self, path: str, data: dict[str, Any], accept: str = PAGE) -> Answer:
        """Send a form. Raises as ``get`` does: then nobody knows whether it has arrived."""
        return self._ask("POST", path, urlencode(data), accept)

    def hang_up(self) -> None:
        """Close the connection; the next request makes a new one."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _ask(self, method: str, path: str, body: str | None, accept: str) -> Answer:
        headers = {"Accept": accept, "Cookie": self.cookie, "X-CSRFToken": self.csrf}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._line is None:
            self._line = HTTPConnection(self.host, timeout=PATIENCE)
        try:
            self._line.request(method, path, body, headers)
            response = self._line.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        except Exception:
            self.hang_up()
            raise


def session_of(user: User) -> str:
    """The key of a new session of ``user``, who has shown both factors."""
    return client_of(user).cookies[settings.SESSION_COOKIE_NAME].value


def client_of(user: User) -> Client:
    """Django's test client with ``user``, who has shown both factors."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="silin.accounts.backends.TwoFactorBackend")
    return client


def signed_in(url: str, user: User) -> Visitor:
    """``user`` at the server at ``url``, signed in."""
    return Visitor(url, session_of(user))


@dataclass
class _Forms(HTMLParser):
    """Reads what a browser would send of each form: hidden and typed fields, what is chosen."""

    forms: list[dict[str, str]] = field(default_factory=list)
    _inside: bool = False
    _area: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = True
            self.forms.append({})
        elif self._inside and tag == "input":
            self._input(given)
        elif self._inside and tag == "textarea":
            self._area = given.get("name", "")
            self.forms[-1][self._area] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._inside = False

    def _input(self, given: dict[str, str]) -> None:
        choice = given.get("type") in ("radio", "checkbox")
        if "name" in given and (not choice or "checked" in given):
            self.forms[-1][given["name"]] = given.get("value", "")
