"""Random stories, told to the engine and to a model in plain Python: both say the same after each step."""

from __future__ import annotations

import os

import pytest

from silin.matters.tests.fuzzing import STEPS, Fuzz, prepare, strange_actions
from silin.matters.tests.model import Model
from tests.town import Town

SEEDS, MANY = range(10), range(1000, 1400)


def told_again(seeds: range) -> list[int]:
    """The seeds of the test, or the one that somebody wants to hear again."""
    wanted = os.environ.get("SILIN_FUZZ_SEED")
    return [int(wanted)] if wanted else list(seeds)


def test_the_model_knows_every_action() -> None:
    strange = sorted(strange_actions())
    assert not strange, f"teach the model in silin/matters/tests/model.py and model_deeds.py: {strange}"


def test_short_random_stories(town: Town) -> None:
    prepare(town)
    for seed in told_again(SEEDS):
        Fuzz(town, seed).run()


@pytest.mark.slow
def test_long_random_stories(town: Town) -> None:
    prepare(town)
    for seed in told_again(MANY):
        Fuzz(town, seed).run(2 * STEPS)


def test_a_model_that_is_wrong_is_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison compares: a model that forgets to count is told with its seed and story."""
    monkeypatch.setattr(Model, "respond", lambda self: None)
    prepare(town)
    with pytest.raises((AssertionError, KeyError)):
        Fuzz(town, 0).run()
