"""From the facts of a figure to the matters behind it, for whoever may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from silin.accounts.models import User
from silin.matters.models import Matter
from silin.matters.outside_rows import with_ticket
from silin.matters.queries import by_subjects

ASKED_AT_MOST = 10_000  # keys in one statement
SUBJECT = "matter:"


@dataclass(frozen=True)
class Behind:
    """The newest matters behind a figure that somebody may read; whether there are ``more`` of these.

    ``hidden`` is how many others there are that they may not read; 0 while not all are shown.
    """

    rows: list[Matter]
    more: bool
    hidden: int


def behind(user: User, subjects: Sequence[str], *, at_most: int) -> Behind:
    """The matters among ``subjects`` (``matter:…``, of facts) that ``user`` may read."""
    keys = [each for each in subjects if each.startswith(SUBJECT)]
    seen = by_subjects(keys[:ASKED_AT_MOST]).filter(pk__in=Matter.objects.seen_by(user).values("pk"))
    rows = list(with_ticket(seen).order_by("-raised_at", "-pk")[: at_most + 1])
    more = len(rows) > at_most
    return Behind(rows[:at_most], more, 0 if more else len(keys) - len(rows))
