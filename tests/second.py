"""A phone with an app for one-time codes, for tests: the secret as a person's app would keep it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from django.test import Client

SECOND = "/sign-in/second/"


@dataclass
class Phone:
    """The app on somebody's phone."""

    secret: str

    def code(self, now: datetime, steps: int = 0) -> str:
        """What it shows at ``now``, or some half minutes later."""
        return pyotp.TOTP(self.secret).at(int(now.timestamp()), counter_offset=steps)


def scan(page: str) -> Phone:
    """Point the phone at the page on which the second factor is set up."""
    found = re.search(r"otpauth://[^\"]*secret=([A-Z2-7]+)", page)
    assert found, "the page shows no key for the app"
    return Phone(found.group(1))


def by_password(client: Client, email: str, password: str, there: str = "/desk/") -> Any:
    """The first factor; the answer to it."""
    return client.post("/sign-in/", {"email": email, "password": password, "next": there})
