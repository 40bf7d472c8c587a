"""Who carries e-mails and text messages: what the variables about them say, understood.

Each function returns what it found and the problems: number, what is wrong, the cure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

SMS = ("URL", "HEADERS", "BODY", "SECRET", "SIGN", "SUCCESS")
BACKENDS = "django.core.mail.backends"

Problems = list[tuple[str, str, str]]


def read_email(text: str) -> tuple[dict[str, Any], Problems]:
    """Django's settings of a mail server from ``SILIN_EMAIL_URL``."""
    if text == "console:":
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}, []
    problems: Problems = []
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("smtp", "smtp+tls", "smtp+ssl") or not parts.hostname:
        hint = "Write smtp+tls://user:password@host:587, smtp+ssl://…:465, smtp://localhost:25 or console:"
        problems.append(("E015", "SILIN_EMAIL_URL is no address of a mail server.", hint))
    found = {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": port or {"smtp+tls": 587, "smtp+ssl": 465}.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": 20,
    }
    return found, problems


def read_sms(texts: Mapping[str, str], backend: str) -> tuple[dict[str, Any], Problems]:
    """What is sent to a carrier, from the variables ``SILIN_SMS_…`` (here without that beginning)."""
    problems: Problems = []
    parts = urlsplit(texts["URL"])
    if backend == "http" and not (parts.scheme in ("http", "https") and parts.netloc):
        hint = "SILIN_SMS_URL=https://sms.example.org/send; docs/settings.md has an example."
        problems.append(("E023", "SILIN_SMS_BACKEND is http and SILIN_SMS_URL is no address.", hint))
    found: dict[str, Any] = {name.lower(): text for name, text in texts.items()}
    for name in ("headers", "body"):
        found[name] = _object(found[name])
        if found[name] is None:
            hint = 'Write {"name": "value"}, the whole in single quotes.'
            problems.append(("E024", f"SILIN_SMS_{name.upper()} is no JSON object.", hint))
    return found, problems


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
