"""How many places of which sort, in words: "203 communities"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from silin.places.levels import Kind, Level

QUASI = {Kind.COMMUNITY_LIKE, Kind.VILLAGE_LIKE}
SORTS = ("province", "city", "county", "street", "community", "village", "quasi", "grid", "micro_grid")


@dataclass(frozen=True)
class Tally:
    """``n`` places of a ``sort`` (a level; communities, villages and quasi ones apart)."""

    sort: str
    n: int

    @property
    def noun(self) -> str:
        """What is counted, without the number."""
        return _noun(self.sort, self.n)

    def __str__(self) -> str:
        return f"{self.n:,} {self.noun}"


def tally(rows: Iterable[tuple[str, str, int]]) -> list[Tally]:
    """(level, kind, how many) put together by sort, the widest first; sorts without a place left out."""
    sums: Counter[str] = Counter()
    for level, kind, n in rows:
        sums[_sort(level, kind)] += n
    return [Tally(sort, sums[sort]) for sort in SORTS if sums[sort]]


def _sort(level: str, kind: str) -> str:
    if level != Level.COMMUNITY:
        return level
    return "quasi" if kind in QUASI else "village" if kind == Kind.VILLAGE else "community"


def _noun(sort: str, n: int) -> str:
    words = {
        "province": ngettext("province", "provinces", n),
        "city": ngettext("city", "cities", n),
        "county": ngettext("county or district", "counties and districts", n),
        "street": ngettext("street or town", "streets and towns", n),
        "community": ngettext("community", "communities", n),
        "village": ngettext("village", "villages", n),
        "quasi": ngettext("quasi-community", "quasi-communities", n),
        "grid": ngettext("grid", "grids", n),
        "micro_grid": ngettext("micro-grid", "micro-grids", n),
    }
    return words[sort]
