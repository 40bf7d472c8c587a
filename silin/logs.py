"""One line a request and a line for what went wrong; plain or JSON, without personal data.

No query, no body, no address of a visitor, no account. Of the path, secrets (the one-time tokens) and long
words nobody knows are left out.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from silin import counting

ZONE = ZoneInfo("Asia/Shanghai")
LONGEST_UNKNOWN = 15
SECRET_PARTS = ("token", "secret", "key")

requests = logging.getLogger("silin.request")


def configuration(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard output as ``plain`` or ``json`` from ``level`` on."""
    formatter = {"plain": Plain, "json": Json}[form]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"silin": {"()": formatter}},
        "filters": {"paths": {"()": HidePaths}},
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "silin",
                "filters": ["paths"],
            }
        },
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
        },
    }


class Plain(logging.Formatter):
    """``2026-11-21T22:30:00+08:00 INFO POST /report/check/ 302 14.2 ms``"""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and below it the traceback of an error."""
        line = f"{_moment(record)} {record.levelname} {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Json(logging.Formatter):
    """The same as one JSON object a line, with ``method path status ms`` as values of their own."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, always: a traceback is a string in it."""
        line = {"at": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        line |= getattr(record, "said", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class HidePaths(logging.Filter):
    """Django names the path of a request that failed: it is said as everywhere else in the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, with the path said safely."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple) and len(record.args) > 1:
            record.args = (record.args[0], say_path(request), *record.args[2:])
        return True


class RequestLogMiddleware:
    """Writes the line of each request; the outermost middleware, so that it sees every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then say what was answered and how long it took."""
        begun = perf_counter()
        response = self.get_response(request)
        counting.count(response.status_code)
        ms = round((perf_counter() - begun) * 1000, 1)
        path, method = say_path(request), request.method or ""
        said = {"method": method, "path": path, "status": response.status_code, "ms": ms}
        requests.info("%s %s %s %s ms", method, path, response.status_code, ms, extra={"said": said})
        return response


def say_path(request: HttpRequest) -> str:
    """The path of a request without what opens something: tokens, long words of addresses nobody knows."""
    path = request.path
    match = request.resolver_match
    if path.startswith(settings.STATIC_URL):
        return path
    if match is None:
        return "/".join("…" if len(part) > LONGEST_UNKNOWN else part for part in path.split("/"))
    for name, value in match.kwargs.items():
        if any(part in name for part in SECRET_PARTS):
            path = path.replace(str(value), "…")
    return path


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds")
