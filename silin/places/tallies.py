"""How many places of which sort, in words: "203 communities"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import npgettext, pgettext

from silin.places.levels import Kind, Level

QUASI = {Kind.COMMUNITY_LIKE, Kind.VILLAGE_LIKE}
SORTS = (
    "province",
    "city",
    "county",
    "street",
    "community",
    "village",
    "quasi",
    "grid",
    "micro_grid",
    "estate",
    "building",
)


@dataclass(frozen=True)
class Tally:
    """``n`` of a ``sort``: a level (communities, villages and quasi ones apart), estates or buildings."""

    sort: str
    n: int

    @property
    def noun(self) -> str:
        """What is counted, without the number."""
        return _noun(self.sort, self.n)

    @property
    def number(self) -> str:
        """The number with its thousands apart."""
        return f"{self.n:,}"

    def __str__(self) -> str:
        words = {"n": self.number, "noun": self.noun}
        return pgettext("counted", "%(n)s %(noun)s") % words


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
        "province": npgettext("counted", "province", "provinces", n),
        "city": npgettext("counted", "city", "cities", n),
        "county": npgettext("counted", "county or district", "counties and districts", n),
        "street": npgettext("counted", "street or town", "streets and towns", n),
        "community": npgettext("counted", "community", "communities", n),
        "village": npgettext("counted", "village", "villages", n),
        "quasi": npgettext("counted", "quasi-community", "quasi-communities", n),
        "grid": npgettext("counted", "grid", "grids", n),
        "micro_grid": npgettext("counted", "micro-grid", "micro-grids", n),
        "estate": npgettext("counted", "estate", "estates", n),
        "building": npgettext("counted", "building", "buildings", n),
    }
    return words[sort]
