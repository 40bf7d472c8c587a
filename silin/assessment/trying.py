"""Trying a changed catalogue out: what every place would have reached by it, before anything counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from silin.assessment.assessing import Assessed, assess, assess_by, cards
from silin.assessment.models import AssessedPeriod, Catalogue, Heading, Indicator, Scorecard
from silin.assessment.periods import Period
from silin.places.levels import Level
from silin.places.models import Place


@dataclass(frozen=True)
class Move:
    """A place whose total changes; None where there is nothing to go on. ``reds`` are red lights."""

    place: Place
    before: float | None
    after: float | None
    reds: tuple[int, int]

    @property
    def by(self) -> float:
        """By how many points."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True)
class Shift:
    """An indicator whose figures change: in how many communities, and the reds before and after."""

    code: str
    title: str
    communities: int
    reds: tuple[int, int]


@dataclass(frozen=True)
class Trial:
    """What would follow: the communities that move, the most first, and the indicators that move them."""

    period: Period
    looked: int
    moves: list[Move]
    shifts: list[Shift]

    @property
    def same(self) -> int:
        """How many communities stay as they are."""
        return self.looked - len(self.moves)


def try_out(
    base: Catalogue, headings: Sequence[Heading], indicators: Sequence[Indicator], period: Period
) -> Trial:
    """Measure ``period`` by ``base`` and by the rows, and compare. Writes nothing.

    It is twice the work of ``assess``. Only communities that take part are compared.
    """
    old = assess(period, base)
    assert old is not None
    new = assess_by(base, headings, indicators, period)
    pairs = list(zip(_cards(old, period), _cards(new, period), strict=True))
    moves = [move for one, other in pairs if (move := _move(one, other)) is not None]
    moves.sort(key=lambda each: (-abs(each.by), each.place.path))
    return Trial(period, len(pairs), moves, list(_shifts(pairs, old, new)))


def _cards(assessed: Assessed, period: Period) -> list[Scorecard]:
    found = cards(AssessedPeriod(name=period.name), assessed)
    return [card for card in found if card.level == Level.COMMUNITY and card.set_up]


def _move(before: Scorecard, after: Scorecard) -> Move | None:
    reds = before.red, after.red
    if before.total == after.total and before.red == after.red:
        return None
    return Move(before.place, before.total, after.total, reds)


def _shifts(pairs: list[tuple[Scorecard, Scorecard]], old: Assessed, new: Assessed) -> Iterator[Shift]:
    titles = {each.indicator.code: each.indicator.title for each in (*old.measured, *new.measured)}
    for code, title in titles.items():
        both = [(one.figures.get(code), other.figures.get(code)) for one, other in pairs]
        moved = sum(one != other for one, other in both)
        if moved:
            reds = [sum(_red(figures) for figures in column) for column in zip(*both, strict=True)]
            yield Shift(code, title, moved, (reds[0], reds[1]))


def _red(figures: list[Any] | None) -> bool:
    return figures is not None and figures[4] == "red"
