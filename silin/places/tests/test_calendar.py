"""Days off are rows; the calendar follows them in every process."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from silin.history.models import Entry
from silin.places import queries
from silin.places.actions import set_day_off
from silin.places.models import DayOff
from silin.places.tests.tiny import NOW


@pytest.mark.django_db
def test_the_official_days_are_there() -> None:
    assert DayOff.objects.count() == 108
    calendar = queries.calendar()
    assert calendar.announced == {2024, 2025, 2026}
    assert not calendar.is_workday(date(2024, 10, 1))
    assert calendar.is_workday(date(2024, 9, 29))  # a Sunday worked for the National Day
    assert not calendar.is_workday(date(2024, 9, 28))
    assert calendar.is_workday(date(2024, 9, 27))


@pytest.mark.django_db
def test_a_change_counts_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    day = date(2027, 2, 5)
    assert queries.calendar().is_workday(day)
    set_day_off(day, "day_off", name="Spring Festival", actor=None, now=NOW)
    assert not queries.calendar().is_workday(day)
    assert 2027 in queries.calendar().announced
    with django_assert_num_queries(1):
        queries.calendar()
    set_day_off(day, "", actor=None, now=NOW)
    assert queries.calendar().is_workday(day)
    assert [line.action for line in Entry.objects.filter(subject="places:days_off")] == ["set_day", "set_day"]


@pytest.mark.django_db
def test_an_unknown_kind_of_day_is_refused() -> None:
    with pytest.raises(ValueError, match="holiday"):
        set_day_off(date(2027, 2, 5), "holiday", actor=None, now=NOW)
    assert DayOff.objects.count() == 108
