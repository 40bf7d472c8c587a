"""What moved a ratio of sums: its change from one period to the next, split exactly over its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from silin.facts.expressions import Expression, Operation, Passing, Term

Key = TypeVar("Key")
Pair = tuple[float, float]
"""A numerator and a denominator; (0, 0) where a part was not there."""
NOTHING: Pair = (0.0, 0.0)
FINE = 1e-9


@dataclass(frozen=True)
class Part(Generic[Key]):
    """What one part had before and has now, and by how much it pulled the whole up (+) or down (-).

    ``key`` is None for what is counted at none of the parts.
    """

    key: Key | None
    before: Pair
    now: Pair
    pull: float


def split(
    before: Pair, now: Pair, parts: Mapping[Key, tuple[Pair, Pair]], scale: float = 1
) -> list[Part[Key]]:
    """By how much each part moved ``scale * numerator / denominator`` of the whole, in the unit of the value.

    A part pulls by what it has beyond the old value, as a share of the whole, now less before; so the pulls
    sum up to the change of the value. ``parts`` gives for each what it had and has. What the whole has beside
    them is a part of its own. Nothing where the whole has no value in one of the two.
    """
    if not before[1] or not now[1]:
        return []
    value = before[0] / before[1]

    def pull(was: Pair, has: Pair) -> float:
        ahead = (has[0] - value * has[1]) / now[1]
        return scale * (ahead - (was[0] - value * was[1]) / before[1])

    found = [Part[Key](key, was, has, pull(was, has)) for key, (was, has) in parts.items()]
    was, has = _beside(before, [each.before for each in found]), _beside(now, [each.now for each in found])
    return found if NOTHING == was == has else [*found, Part(None, was, has, pull(was, has))]


def strongest(parts: Sequence[Part[Key]], each_way: int) -> tuple[list[Part[Key]], list[Part[Key]]]:
    """Those that pulled most, up and down, the strongest first; what pulled nothing is not among them."""
    order = sorted(parts, key=lambda part: -abs(part.pull))
    up = [part for part in order if part.pull > FINE]
    down = [part for part in order if part.pull < -FINE]
    return up[:each_way], down[:each_way]


def adds_up(expression: Expression | None) -> bool:
    """Whether its value for a place is the sum of those of what lies in it: sums, and these times numbers."""
    if isinstance(expression, Term):
        return True
    if isinstance(expression, Passing) or not isinstance(expression, Operation):
        return False
    left, right = expression.left, expression.right
    if expression.operator in "+-":
        return adds_up(left) and adds_up(right)
    if expression.operator == "/" or isinstance(right, float | int):
        return isinstance(right, float | int) and adds_up(left)
    return isinstance(left, float | int) and adds_up(right)


def _beside(whole: Pair, parts: Sequence[Pair]) -> Pair:
    """What the whole has that none of its parts has; what only rounding leaves is nothing."""
    left = (whole[at] - sum(each[at] for each in parts) for at in (0, 1))
    num, den = (value if abs(value) > FINE * max(1.0, *map(abs, whole)) else 0.0 for value in left)
    return num, den
