"""The settings' problems as Django's system checks (``silin.E001`` …), shown at every start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from silin.environment import Problem

TAG = "silin"


def register() -> None:
    """Hand the checks to Django."""
    checks.register(check_environment, TAG)


def check_environment(**_: Any) -> list[checks.CheckMessage]:
    """What ``silin.environment`` could not understand or finds dangerous."""
    return [as_message(problem) for problem in settings.ENVIRONMENT.problems]


def as_message(problem: Problem) -> checks.CheckMessage:
    """A problem in Django's words: an error, or a warning for the numbers that begin with W."""
    make = checks.Warning if problem.number.startswith("W") else checks.Error
    return make(problem.message, hint=problem.hint, id=f"silin.{problem.number}")
