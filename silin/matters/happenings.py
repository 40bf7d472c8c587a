"""What happened, for systems: the lines of the book of deeds that somebody may know of."""

from __future__ import annotations

from collections.abc import Iterable

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.refusal import Words
from silin.matters.models import Matter, matter_id
from silin.matters.table import ACTIONS, REVIEWING
from silin.matters.timeline import FOR_HANDLERS

OF_MATTERS = "matter:"
TOLD: dict[str, Words] = {name: action.title for name, action in ACTIONS.items() if name not in REVIEWING}
"""The deeds that systems are told of: never that, or when, somebody graded who handled their matter."""


def known_to(user: User, lines: Iterable[Entry]) -> list[tuple[Entry, Matter]]:
    """Those of ``lines`` that ``user`` may know of, each with its matter. Two statements at most.

    Whoever only raised it is not told what those who handle it tell each other.
    """
    about = {each.pk: matter_id(each.subject) for each in lines if each.subject.startswith(OF_MATTERS)}
    if not about:
        return []
    rows = Matter.objects.seen_by(user).filter(pk__in=set(about.values())).select_related("place").in_bulk()
    untold = frozenset() if user.has_perm("matters.see") else FOR_HANDLERS
    return [
        (line, rows[about[line.pk]])
        for line in lines
        if about.get(line.pk) in rows and line.action in TOLD and line.action not in untold
    ]
