"""Who runs an estate, a block or a shop, as the room above tells it: this room knows no organisations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.module_loading import import_string

from silin.accounts.models import User
from silin.lib.refusal import Words
from silin.places.models import Block, Estate, Facility


@dataclass(frozen=True)
class Runner:
    """Who runs it in which role, since when; ``url`` is empty for who may not open its page."""

    name: str
    role: Words
    since: date
    url: str


@dataclass(frozen=True)
class RunBy:
    """Those of today; ``url`` leads to those before, and is empty for who may not open that page."""

    runners: Sequence[Runner]
    url: str


def run_by(what: Estate | Block | Facility, *, actor: User, now: datetime) -> RunBy:
    """Who runs ``what``, for ``actor`` to read. ``settings.WHO_RUNS`` says who knows."""
    ask: Callable[[Estate | Block | Facility, User, datetime], RunBy] = import_string(settings.WHO_RUNS)
    return ask(what, actor, now)
