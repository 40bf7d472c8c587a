"""The settings' problems as Django's system checks (``silin.E001`` …), shown at every start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from silin.environment import Problem
from silin.lib.sending import find_transport

TAG = "silin"


def register() -> None:
    """Hand the checks to Django."""
    checks.register(check_environment, TAG)
    checks.register(check_transport, TAG)


def check_environment(**_: Any) -> list[checks.CheckMessage]:
    """What ``silin.environment`` could not understand or finds dangerous."""
    return [as_message(problem) for problem in settings.ENVIRONMENT.problems]


def check_transport(**_: Any) -> list[checks.CheckMessage]:
    """Whether text messages have somebody to carry them."""
    name = settings.SILIN_SMS_BACKEND
    try:
        find_transport(name)
    except (ImportError, ValueError):
        hint = "Write console, or the dotted path of a function (phone, text) that can be imported."
        return [as_message(Problem("E019", f"SILIN_SMS_BACKEND: there is no function {name}.", hint))]
    return []


def as_message(problem: Problem) -> checks.CheckMessage:
    """A problem in Django's words: an error, or a warning for the numbers that begin with W."""
    make = checks.Warning if problem.number.startswith("W") else checks.Error
    return make(problem.message, hint=problem.hint, id=f"silin.{problem.number}")
