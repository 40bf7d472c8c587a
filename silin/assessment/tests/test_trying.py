"""What would follow from other rules: who moves, by how much, and which indicators move them."""

from __future__ import annotations

import pytest

from silin.assessment.models import AssessedPeriod, Catalogue, Scorecard
from silin.assessment.periods import Period
from silin.assessment.tests.test_desk import ON_TIME, closed, measured
from silin.assessment.trying import Trial, try_out
from tests.town import Town

pytestmark = pytest.mark.django_db


def tried(**other: object) -> Trial:
    """October tried with the indicator saying something else."""
    catalogue = Catalogue.objects.get(number=1)
    rows = list(catalogue.indicators.all())
    for name, value in other.items():
        setattr(next(row for row in rows if row.code == ON_TIME), name, value)
    return try_out(catalogue, list(catalogue.headings.all()), rows, Period.parse("2026-10"))


def test_the_same_rules_move_nobody(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    trial = tried()
    assert (trial.moves, trial.shifts) == ([], [])
    cards = Scorecard.objects.filter(period="2026-10", level="community")
    assert trial.same == trial.looked == cards.filter(set_up=True).count()


def test_a_light_that_turns_is_a_move_though_the_total_stays(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    trial = tried(red=91, yellow=95)
    [move] = trial.moves
    assert (move.place, move.before, move.by) == (town.community, move.after, 0)
    assert move.reds[1] == move.reds[0] + 1
    [shift] = trial.shifts
    assert (shift.code, shift.communities, shift.reds) == (ON_TIME, 1, (0, 1))


def test_who_moves_most_stands_first_and_nothing_is_written(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    closed(town.other.code, on_time=8, late=2)
    measured()
    before = list(Scorecard.objects.values_list("pk", "total", "figures").order_by("pk"))
    trial = tried(scoring={"points": 4, "linear": {"floor": 79, "target": 99}})
    assert trial.moves == sorted(trial.moves, key=lambda move: -abs(move.by))
    held = {move.place: move for move in trial.moves}
    assert held[town.community].by < 0
    assert before == list(Scorecard.objects.values_list("pk", "total", "figures").order_by("pk"))
    assert AssessedPeriod.objects.get(name="2026-10").catalogue.number == 1
