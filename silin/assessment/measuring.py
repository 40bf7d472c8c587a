"""From the cube to figures: ratios of sums for every place of every level, points, lights.

Numerators and denominators are summed over places before anything is divided: a ratio of sums, never a mean
of ratios. Everything here works on whole arrays of places, so that a city takes a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from silin.assessment.models import Indicator
from silin.assessment.periods import Period
from silin.assessment.rules import Figures, shrunk
from silin.facts.expressions import Node, Passing, Term, divide, evaluate, terms_in
from silin.facts.sums import Sums
from silin.places.levels import Level

FINE = 9
TAKES_PART = Term("last", "stock.grids")
STATES = ("", "few", "none", "no_facts", "zero")
OK, FEW, NONE, NO_FACTS, ZERO = range(5)


@dataclass(frozen=True)
class Ground:
    """The places that are assessed: codes, levels, and which of them lie in which.

    ``above`` are pairs (place, place it lies in or is itself), as two arrays of positions; ``parents`` is the
    position of the place right above, its own for the widest. ``units`` are the positions of communities.
    """

    codes: list[str]
    levels: list[str]
    inner: NDArray[np.intp]
    outer: NDArray[np.intp]
    parents: NDArray[np.intp]

    @property
    def units(self) -> NDArray[np.intp]:
        """The positions of communities, the units of assessment."""
        return np.array(
            [at for at, level in enumerate(self.levels) if level == Level.COMMUNITY], dtype=np.intp
        )

    def up(self, figures: Figures) -> Figures:
        """Figures of places on their own, summed into every place that they lie in."""
        summed = np.zeros_like(figures)
        np.add.at(summed, self.outer, figures[self.inner])
        return summed


@dataclass(frozen=True)
class Measured:
    """What one indicator came to, one entry a place. Value and points are NaN where it does not count."""

    indicator: Indicator
    num: Figures
    den: Figures
    value: Figures
    points: Figures
    state: NDArray[np.int8]

    def light(self, at: int) -> str:
        """``red``, ``yellow``, ``green``, or nothing where there is no value."""
        value = float(self.value[at])
        if self.state[at] == ZERO:
            return "red"
        return self.indicator.light(round(value, FINE)) if self.state[at] == OK else ""


def measure(
    indicators: Iterable[Indicator], book: Sums, ground: Ground, period: Period, *, pull: float = 0
) -> list[Measured]:
    """Every indicator over ``period`` at every place of ``ground``, in the order of ``indicators``.

    ``book`` holds the sums of their terms for ``ground.codes``. ``pull`` is how many answers the mean of the
    level above weighs in a survey. An indicator of which the book knows no word yet does not count.
    """
    taking_part = part_takers(book, period)
    windows: dict[str, Window] = {}
    measured = []
    for indicator in indicators:
        if indicator.period not in windows:
            windows[indicator.period] = _window(book, ground, period.months(indicator.period))
        measured.append(_one(indicator, windows[indicator.period], ground, taking_part, pull))
    return measured


@dataclass(frozen=True)
class Window:
    """The sums over some months: ``own`` of each place on its own, ``summed`` with all that lies in it."""

    own: dict[Term, Figures]
    summed: dict[Term, Figures]
    words: frozenset[str]


def part_takers(book: Sums, period: Period) -> NDArray[np.bool_]:
    """Which places take part by the end of ``period``: those that have grids."""
    return book.figures[TAKES_PART][:, book.months.index(period.last)] > 0


def _window(book: Sums, ground: Ground, months: Sequence[int]) -> Window:
    """Sums over ``months``, or for stocks the last standing."""
    at = [book.months.index(month) for month in months]
    own = {
        term: figures[:, at[-1]] if term.is_stock else figures[:, at].sum(axis=1)
        for term, figures in book.figures.items()
    }
    return Window(own, {term: ground.up(figures) for term, figures in own.items()}, book.words)


def _one(
    indicator: Indicator,
    window: Window,
    ground: Ground,
    taking_part: NDArray[np.bool_],
    pull: float,
) -> Measured:
    num, den = _fraction(indicator, window, ground, taking_part)
    value = divide(num, den) * indicator.scale
    state = np.full(len(ground.codes), OK, dtype=np.int8)
    if not known(indicator, window.words):
        state[:] = NO_FACTS
    else:
        state[(den < indicator.min_den) & (den != 0)] = FEW
        state[(den == 0) | np.isnan(value)] = ZERO if indicator.missing == Indicator.Missing.ZERO else NONE
    counts = state == OK
    judged = np.where(counts, value, np.nan)
    if "survey" in indicator.scoring and pull:
        judged = shrunk(judged, den, judged[ground.parents], pull)
    points = np.where(state == ZERO, 0.0, indicator.rule.earned(judged))
    return Measured(indicator, num, den, np.where(counts, value, np.nan), points, state)


def known(indicator: Indicator, words: frozenset[str]) -> bool:
    """Whether the book has facts both for what it counts and for what that is divided by.

    Where the one is missing in the whole city, the room that writes it does not stand yet: that is nobody's
    failing, so it is no zero.
    """
    upper = {term.name for term in terms_in(indicator.numerator)}
    lower = None if indicator.denominator is None else {term.name for term in terms_in(indicator.denominator)}
    return not words.isdisjoint(upper) and (not lower or not words.isdisjoint(lower))


def _fraction(
    indicator: Indicator, window: Window, ground: Ground, taking_part: NDArray[np.bool_]
) -> tuple[Figures, Figures]:
    size = len(ground.codes)
    if isinstance(indicator.numerator, Passing):
        unit = np.zeros(size, dtype=bool)
        unit[ground.units] = True
        counted = unit & taking_part
        reached = evaluate(indicator.numerator.expression, window.own) >= indicator.numerator.at_least
        return ground.up(np.where(counted & reached, 1.0, 0.0)), ground.up(np.where(counted, 1.0, 0.0))
    return _over(indicator.numerator, window.summed, size), _over(indicator.denominator, window.summed, size)


def _over(node: Node | None, summed: dict[Term, Figures], size: int) -> Figures:
    """The value of an expression at every place; 1 where there is none to divide by."""
    return np.broadcast_to(np.ones(1) if node is None else evaluate(node, summed), (size,))
