"""A town of two communities: what is in the book comes out as values, points, lights and a total."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from silin.assessment.assessing import assess, keep
from silin.assessment.models import AssessedPeriod, Catalogue, Scorecard
from silin.assessment.periods import Period
from silin.assessment.publishing import compare, final_on, measure_due, periods_to, publish, publish_due
from silin.assessment.sample import load_sample
from silin.facts.actions import FactRow, write
from silin.facts.folding import fold
from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI
from silin.places.stocks import count_territory
from tests.town import MONDAY, Town, build

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, tzinfo=SHANGHAI)
JUNE = Period.parse("2026-06")
ON_TIME = "S1.3.1"  # matters of the grid closed on time, of these and the overdue ones


@pytest.fixture
def town() -> Town:
    """The town with its catalogue and the count of its ground."""
    town = build()
    load_sample()
    count_territory(NOW, as_of=MONDAY.date())
    return town


def closed(unit: str, *, on_time: int, late: int, now: datetime = NOW, n: int = 1) -> None:
    """Facts of matters that were closed on time, and of others that ran out of time."""
    rows = [("matter.closed", True)] * on_time + [("matter.overdue", None)] * late
    write(
        [
            FactRow.of(name, now=now, unit=unit, subject=f"matter:{at}", kind="report", on_time=kept, n=n)
            for at, (name, kept) in enumerate(rows)
        ]
    )
    while fold():
        pass


def card(place: Any, period: str = "2026-06") -> Scorecard:
    return Scorecard.objects.get(place=place, period_id=period)


def test_a_ratio_of_sums_at_every_level(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    closed(town.other.code, on_time=10, late=20)
    assert measure_due(NOW) == 3
    expected = {
        town.community: [9, 10, 90, 3.2, "yellow", ""],
        town.other: [10, 30, 33.333333333, 0, "red", ""],
        town.street: [19, 40, 47.5, 0, "red", ""],
        town.city: [19, 40, 47.5, 0, "red", ""],
    }
    for place, figure in expected.items():
        assert card(place).figures[ON_TIME] == figure
    assert card(town.community).red < card(town.other).red


def test_few_cases_no_cases_and_no_facts_do_not_count(town: Town) -> None:
    unit = town.community.code
    write([FactRow.of("stock.buildings_headed", now=NOW, unit=unit, subject=f"unit:{unit}", amount=1)])
    closed(unit, on_time=3, late=0)
    measure_due(NOW)
    figures = card(town.community).figures
    assert figures[ON_TIME] == [3, 3, None, None, "", "few"]
    assert card(town.other).figures[ON_TIME] == [0, 0, None, None, "", "none"]
    assert figures["S1.2.1"] == [None, None, None, None, "", "no_facts"]
    assert figures["S1.1.3"] == [None, None, None, None, "", "no_facts"]  # grids there are, led ones nowhere
    assert figures["S1.1.4"] == [1, 1, 100, 2, "green", ""]
    assert card(town.other).figures["S1.1.4"] == [0, 0, None, 0, "red", "zero"]


def test_the_total_is_scaled_to_what_counts(town: Town) -> None:
    closed(town.community.code, on_time=95, late=5)
    measure_due(NOW)
    own = card(town.community)
    weights = {row.code: row.weight for row in Catalogue.objects.get().headings.filter(level="type")}
    earned = {
        code: sum(
            figure[3] for key, figure in own.figures.items() if key[0] == code and figure[3] is not None
        )
        for code in weights
    }
    assert {code: points for code, (points, _of) in own.types.items()} == pytest.approx(earned)
    shares = {code: points / of for code, (points, of) in own.types.items() if of}
    carried = sum(weights[code] for code in shares)
    assert own.total == pytest.approx(sum(weights[code] * shares[code] for code in shares) * 100 / carried)
    assert own.counted == pytest.approx(sum(weights[code] * of / 100 for code, (_p, of) in own.types.items()))
    assert 0 < own.counted < 60


def test_a_quarter_is_measured_so_far_and_over_all_of_it(town: Town) -> None:
    """B1.2.1 is an indicator of the quarter: in April the month, in June all three."""
    for month, n in ((4, 2), (5, 3), (6, 4)):
        at = datetime(2026, month, 15, 12, tzinfo=SHANGHAI)
        rows = [
            FactRow.of(
                "matter.closed",
                now=at,
                unit=town.community.code,
                subject="matter:1",
                kind="report",
                category="greening",
                on_time=True,
            )
            for _each in range(n)
        ]
        write(rows)
    while fold():
        pass
    measure_due(NOW)
    dens = {
        name: card(town.community, name).figures["B1.2.1"][1] for name in ("2026-04", "2026-05", "2026-Q2")
    }
    assert dens == {"2026-04": 2, "2026-05": 5, "2026-Q2": 9}
    assert card(town.community, "2026-06").figures["B1.2.1"][1] == 9


def test_a_place_without_grids_takes_no_part(town: Town) -> None:
    town.other_grid.active_until = MONDAY.date()
    town.other_grid.save()
    count_territory(NOW, as_of=MONDAY.date())
    closed(town.community.code, on_time=9, late=1)
    measure_due(NOW)
    left = card(town.other)
    assert (left.set_up, left.total, left.red) == (False, None, 0)
    assert card(town.city).set_up


def test_a_published_month_stays_and_what_came_late_is_named(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measure_due(NOW)
    july = datetime(2026, 7, 5, 7, tzinfo=SHANGHAI)
    assert [row.name for row in publish_due(july)] == ["2026-06", "2026-Q2"]
    assert publish_due(july) == []
    row = AssessedPeriod.objects.get(pk="2026-06")
    again = assess(JUNE)
    assert again is not None
    assert list(compare(row, again)) == []
    closed(town.community.code, on_time=0, late=10)
    measure_due(july)
    assert card(town.community).figures[ON_TIME][:2] == [9, 10]
    again = assess(JUNE)
    assert again is not None
    differing = {
        (differs.place_id, code): (kept[:2], now[:2]) for differs, code, kept, now in compare(row, again)
    }
    assert differing[town.community.pk, ON_TIME] == ([9, 10], [9, 20])
    assert keep(JUNE, again, now=july) is None
    assert card(town.community).figures[ON_TIME][:2] == [9, 10]


def test_what_is_taken_back_is_measured_as_if_it_had_never_been(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measure_due(NOW)
    before = card(town.community).figures
    closed(town.community.code, on_time=4, late=4)
    closed(town.community.code, on_time=4, late=4, n=-1)
    measure_due(NOW)
    assert card(town.community).figures == before


def test_the_past_that_was_just_brought_in_is_read_for_a_day(town: Town) -> None:
    may = datetime(2026, 5, 20, 12, tzinfo=SHANGHAI)
    closed(town.community.code, on_time=9, late=1, now=may)
    measure_due(NOW)
    assert publish_due(NOW) == []
    assert [row.name for row in publish_due(NOW + timedelta(days=1))] == ["2026-05"]


def test_nothing_is_measured_without_a_catalogue_or_facts() -> None:
    build()
    assert measure_due(NOW) == 0
    assert assess(JUNE) is None
    assert publish(JUNE, NOW) is None
    assert list(periods_to(NOW.date())) == []


@pytest.mark.parametrize(
    ("name", "months", "final"),
    [
        ("2026-06", 1, "2026-07-05"),
        ("2026-Q2", 3, "2026-07-05"),
        ("2026", 12, "2027-01-05"),
        ("2026-12", 1, "2027-01-05"),
    ],
)
def test_periods(name: str, months: int, final: str) -> None:
    period = Period.parse(name)
    assert period.name == name
    assert len(period.months()) == months
    assert final_on(period).isoformat() == final
    assert period.earlier().months("month")[-1] < period.months("month")[0]


@pytest.mark.parametrize("name", ["2026-13", "2026-Q5", "1999-01", "", "2026-06-01"])
def test_no_period(name: str) -> None:
    with pytest.raises(Refused):
        Period.parse(name)
