"""What a veto does to a grade, and what it never does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from silin.assessment.league import caps, grade, ranked, uncapped
from silin.assessment.models import Scorecard, Veto
from silin.assessment.periods import Period
from silin.assessment.tests.offices import fire, open_office, turn_vetoes
from silin.places.numbers import set_number
from tests.town import MONDAY, Town, build

pytestmark = pytest.mark.django_db
S = Veto.State
CARDS = st.builds(
    Scorecard,
    total=st.none() | st.floats(0, 100),
    counted=st.floats(0, 100),
    placed_path=st.text("0123456789", min_size=6, max_size=6),
)


@pytest.fixture
def town() -> Town:
    town = build()
    turn_vetoes(1)
    return town


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(card=CARDS, cap=st.sampled_from(Veto.Cap.values))
@example(card=Scorecard(total=92.0, counted=10.0), cap=2)
@example(card=Scorecard(total=84.9, counted=100.0), cap=2)
def test_a_grade_is_the_lesser_of_what_was_reached_and_the_cap(town: Town, card: Scorecard, cap: int) -> None:
    veto, total = Veto(cap=cap), card.total
    reached, capped, taken = grade(card, None), grade(card, veto), uncapped(card, veto)
    assert (capped is None) == (reached is None), "a veto says nothing where there is too little to go on"
    if reached is not None and capped is not None:
        assert capped == min(reached, cap)
        assert taken == (reached if reached > cap else None)
    assert card.total == total
    assert uncapped(card, None) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    first=st.integers(0, 23),
    n=st.integers(1, 24),
    asked=st.integers(-6, 60),
    sort=st.sampled_from(["month", "quarter", "year"]),
)
def test_it_counts_for_a_period_exactly_where_they_share_a_month(
    town: Town, first: int, n: int, asked: int, sort: str
) -> None:
    def month(at: int) -> int:
        return (2026 + at // 12) * 100 + at % 12 + 1

    period = Period.holding(date(2026 + asked // 12, asked % 12 + 1, 1), sort)
    Veto.objects.all().delete()
    row = Veto.objects.create(
        place=town.community,
        event="x",
        happened_on=date(2026, 1, 1),
        basis="x",
        cap=1,
        first_ym=month(first),
        last_ym=month(first + n - 1),
        declared_at=MONDAY,
    )
    shares = bool({month(first + each) for each in range(n)} & set(period.months()))
    assert caps(period, town.city) == ({town.community.pk: row} if shares else {})


def test_of_several_the_strictest_counts_and_of_these_the_longest(town: Town) -> None:
    gao = open_office(town).gao
    fire(town.community, gao, cap=2, last=202612)
    short = fire(town.community, gao, cap=1, last=202610)
    long = fire(town.community, gao, cap=1, last=202611)
    october = Period.parse("2026-10")
    assert caps(october, town.city)[town.community.pk] == long
    assert caps(october, town.community)[town.community.pk] == long
    assert caps(october, town.other) == {}
    assert caps(Period.parse("2026-12"), town.city)[town.community.pk].cap == 2
    assert caps(Period.parse("2027-01"), town.city) == {}
    assert short.last_ym == 202610


def test_one_part_of_the_city_may_turn_it_on_alone(town: Town) -> None:
    gao = open_office(town).gao
    fire(town.community, gao)
    fire(town.other, gao)
    turn_vetoes(0)
    day = date(2020, 1, 1)
    set_number("assessment.veto_on", 1, valid_from=day, path=town.other.path, actor=None, now=MONDAY)
    assert set(caps(Period.parse("2026-10"), town.city)) == {town.other.pk}


def test_ranks_go_by_totals_alone(town: Town) -> None:
    cards = [
        Scorecard(pk=n, total=total, counted=100, placed_path=str(n)) for n, total in enumerate((95, 90))
    ]
    assert [rank for _card, rank in ranked(cards)] == [1, 2]


@pytest.mark.parametrize(
    ("columns", "day", "state"),
    [
        ({}, date(2026, 9, 30), S.COMES),
        ({}, date(2026, 10, 1), S.IN_FORCE),
        ({}, date(2026, 12, 31), S.IN_FORCE),
        ({}, date(2027, 1, 1), S.OVER),
        ({"appealed_at": MONDAY}, date(2026, 9, 30), S.APPEALED),
        ({"appealed_at": MONDAY}, date(2026, 12, 31), S.APPEALED),
        ({"appealed_at": MONDAY, "ruling": "upheld"}, date(2026, 12, 31), S.UPHELD),
        ({"appealed_at": MONDAY, "ruling": "upheld"}, date(2027, 1, 1), S.OVER),
        ({"appealed_at": MONDAY, "ruling": "lifted"}, date(2027, 1, 1), S.LIFTED),
        ({"ruling": "withdrawn"}, date(2026, 10, 1), S.WITHDRAWN),
    ],
)
def test_how_it_stands_on_a_day(town: Town, columns: dict[str, object], day: date, state: Veto.State) -> None:
    row = Veto.objects.create(
        place=town.community,
        event="x",
        happened_on=date(2026, 10, 12),
        basis="x",
        cap=1,
        first_ym=202610,
        last_ym=202612,
        declared_at=MONDAY,
        **columns,
    )
    assert row.state(day) == state
    lists = {name: getattr(Veto.objects, name)(day).exists() for name in ("in_force", "past")}
    past = state in (S.OVER, S.LIFTED, S.WITHDRAWN)
    assert lists == {"in_force": not past, "past": past}
