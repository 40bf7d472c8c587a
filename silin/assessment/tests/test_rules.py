"""How values earn points: examples worked out on paper, and what holds for every value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.assessment.rules import Rule, shrunk

VALUES = st.floats(min_value=-1000, max_value=1000)
SCORES: list[tuple[dict[str, Any], str]] = [
    ({"points": 3, "threshold": 60}, "up"),
    ({"points": 3, "threshold": 60}, "down"),
    ({"points": 2, "banded": [[0, 600, 2], [600, 900, 1], [900, None, 0]]}, "down"),
    ({"points": 2, "banded": [[0, 60, 0], [60, 90, 1], [90, None, 2]]}, "up"),
    ({"points": 4, "linear": {"floor": 70, "target": 95}}, "up"),
    ({"points": 4, "linear": {"floor": 96, "target": 24}}, "down"),
    ({"points": 3, "deduct_step": {"target": 98, "step": 2, "lose": 0.5}}, "up"),
    ({"points": 2, "deduct_event": {"lose": 0.5}}, "down"),
    ({"points": 2, "bonus_event": {"win": 0.5}}, "up"),
    ({"points": 5, "checklist": ["plan", "room", "rota"]}, "up"),
    ({"points": 4, "survey": {"floor": 75, "target": 92, "min_n": 50}}, "up"),
]
ON_PAPER = [
    ({"points": 3, "threshold": 60}, "up", 60, 3),
    ({"points": 3, "threshold": 60}, "up", 59.9, 0),
    ({"points": 2, "banded": [[0, 600, 2], [600, 900, 1], [900, None, 0]]}, "down", 600, 1),
    ({"points": 2, "banded": [[0, 600, 2], [600, 900, 1], [900, None, 0]]}, "down", 599, 2),
    ({"points": 4, "linear": {"floor": 70, "target": 95}}, "up", 82.5, 2),
    ({"points": 4, "linear": {"floor": 96, "target": 24}}, "down", 60, 2),
    ({"points": 25, "deduct_step": {"target": 90, "step": 1, "lose": 1}}, "up", 88.5, 23),
    ({"points": 25, "deduct_step": {"target": 90, "step": 1, "lose": 1}}, "up", 95, 25),
    ({"points": 3, "deduct_step": {"target": 98, "step": 0.1, "lose": 0.5}}, "up", 97.7, 1.5),
    ({"points": 2, "deduct_event": {"lose": 0.5}}, "down", 3, 0.5),
    ({"points": 2, "deduct_event": {"lose": 0.5}}, "down", 9, 0),
    ({"points": 2, "bonus_event": {"win": 0.5}}, "up", 3, 1.5),
    ({"points": 2, "bonus_event": {"win": 0.5}}, "up", 9, 2),
    ({"points": 6, "checklist": ["plan", "room", "rota"]}, "up", 200 / 3, 4),
]


@pytest.mark.parametrize(("score", "better", "value", "points"), ON_PAPER)
def test_points_are_what_comes_out_on_paper(
    score: dict[str, Any], better: str, value: float, points: float
) -> None:
    scored = Rule.of(score, better).score(value)
    assert scored.points == pytest.approx(points)
    assert scored.out_of == score["points"]
    assert scored.why


@given(st.sampled_from(SCORES), VALUES, VALUES)
def test_better_values_never_earn_less(rule: tuple[dict[str, Any], str], one: float, other: float) -> None:
    score, better = rule
    worse, good = sorted((one, other), reverse=better == "down")
    earned = Rule.of(score, better).earned(np.array([worse, good]))
    if "banded" not in score or min(one, other) >= 0:
        assert earned[0] <= earned[1]
    assert (earned >= 0).all()
    assert (earned <= score["points"]).all()


@given(st.sampled_from(SCORES), st.lists(st.one_of(VALUES, st.just(float("nan"))), min_size=1, max_size=9))
def test_many_values_earn_what_each_earns_alone(
    rule: tuple[dict[str, Any], str], values: list[float]
) -> None:
    read = Rule.of(*rule)
    earned = read.earned(np.array(values))
    for value, points in zip(values, earned, strict=True):
        alone = read.earned(np.array([value]))[0]
        assert np.isnan(points) == np.isnan(value)
        assert np.isnan(value) or points == alone


@given(st.floats(0, 100), st.integers(1, 500), st.floats(0, 100), st.floats(0, 100))
def test_few_answers_are_drawn_towards_the_level_above(
    share: float, answers: int, above: float, weight: float
) -> None:
    drawn = shrunk(np.array([share]), np.array([float(answers)]), np.array([above]), weight)[0]
    low, high = sorted((share, above))
    assert low - 1e-9 <= drawn <= high + 1e-9
