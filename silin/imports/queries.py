"""Which tables are whose, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from silin.accounts.models import User
from silin.imports.models import Batch
from silin.lib.sheets.sheet import Sheet, find_sheets
from silin.people.queries import places_where
from silin.places.levels import Level
from silin.places.models import Place

MOST_SENDERS = 100


@dataclass(frozen=True)
class Line:
    """A table and the places of one's posts for which one may change it."""

    sheet: Sheet
    places: Sequence[Place]

    def covers(self, place: Place) -> bool:
        """Whether ``place`` lies in one of them."""
        return any(each.contains(place.path) for each in self.places)


def places_for(user: User, sheet: Sheet) -> list[Place]:
    """Where ``user`` may change the table, the widest first: a table is an office's, not that of one grid."""
    places = places_where(user, sheet.capability, timezone.now())
    return [place for place in places if Level(place.level).depth <= Level.COMMUNITY.depth]


def sheets_for(user: User) -> list[Line]:
    """The tables that ``user`` may change somewhere, in the order in which a city is set up."""
    lines = [Line(sheet, places_for(user, sheet)) for sheet in in_order(find_sheets())]
    return [line for line in lines if line.places]


def in_order(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Each sheet after those it names in ``after``, else as they are declared."""
    by_key, placed = {sheet.key: sheet for sheet in sheets}, dict[str, Sheet]()

    def place(sheet: Sheet) -> None:
        for key in sheet.after:
            if key in by_key and key not in placed:
                place(by_key[key])
        placed.setdefault(sheet.key, sheet)

    for sheet in sheets:
        place(sheet)
    return list(placed.values())


def batches_of(lines: Sequence[Line]) -> QuerySet[Batch]:
    """The files that somebody sent for these tables and places."""
    mine = Q(pk=None)
    for line in lines:
        for place in line.places:
            below = {"place__path__gte": place.path, "place__path__lt": f"{place.path}a"}
            mine |= Q(sheet=line.sheet.key, **below)
    return Batch.objects.filter(mine)


@dataclass(frozen=True)
class Wanted:
    """Which files a list shows: of one table, in one state, from one person; empty: of any."""

    sheet: str = ""
    state: str = ""
    by: str = ""

    def among(self, batches: QuerySet[Batch]) -> QuerySet[Batch]:
        """Those of ``batches``, with what a list shows of them."""
        asked = {"sheet": self.sheet, "state": self.state, "by": self.by}
        rows = batches.filter(**{name: value for name, value in asked.items() if value})
        return rows.select_related("place", "by").defer("content", "preview", "written")


def senders(batches: QuerySet[Batch]) -> list[User]:
    """Who sent any of them."""
    return list(User.objects.filter(pk__in=batches.values("by")).order_by("name")[:MOST_SENDERS])


def may(user: User, batch: Batch) -> bool:
    """Whether ``user`` may change the batch's table at its place."""
    sheet = batch.declared
    return sheet is not None and user.has_perm(sheet.capability, batch)
