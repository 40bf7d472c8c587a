"""Random stories of a finding, told to the engine and to the model: it starts with the leader."""

from __future__ import annotations

import pytest

from silin.matters.tests.fuzzing import Fuzz, prepare
from tests.town import Town, build

ABOUT = {"raiser": "wang", "nearest": "leader", "proof": True, "graded": False}
SEEDS, MANY = range(4), range(2000, 2200)


@pytest.fixture
def town(db: None) -> Town:
    return prepare(build())


def test_short_random_stories(town: Town) -> None:
    for seed in SEEDS:
        Fuzz(town, seed, "finding", ABOUT).run()


@pytest.mark.slow
def test_long_random_stories(town: Town) -> None:
    for seed in MANY:
        Fuzz(town, seed, "finding", ABOUT).run(50)
