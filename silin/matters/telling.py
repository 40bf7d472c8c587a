"""Lines of the book of deeds in words, for pages that tell what an account did and not about whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from silin.history.models import Entry
from silin.lib.ids import show_number
from silin.lib.refusal import Words
from silin.matters.models import Matter, matter_id
from silin.matters.registry import kinds
from silin.matters.table import ACTIONS

OF_MATTERS = "matter:"


@dataclass(frozen=True)
class Told:
    """One deed: when, what, and to which number."""

    at: datetime
    what: Words
    number: str


def deeds_told(entries: Sequence[Entry]) -> list[Told]:
    """Those of ``entries`` that are about matters, in their order, by number. One statement."""
    about = {each.pk: matter_id(each.subject) for each in entries if each.subject.startswith(OF_MATTERS)}
    numbers = dict(Matter.objects.filter(pk__in=set(about.values())).values_list("pk", "number"))
    own = {row.name: row.title for kind in kinds().values() for row in kind.actions}
    titles = {**{name: row.title for name, row in ACTIONS.items()}, **own}
    return [
        Told(each.at, titles.get(each.action, each.action), show_number(numbers[about[each.pk]]))
        for each in entries
        if about.get(each.pk) in numbers
    ]
