"""The national list in the package: every city can be found and brought in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from silin.lib.refusal import Refused
from silin.places import national
from silin.places.imports import import_divisions
from silin.places.models import Place

NOW = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("6202", "620200000000"),
        ("620200", "620200000000"),
        ("620200000000", "620200000000"),
        ("嘉峪关市", "620200000000"),
        ("嘉峪关", "620200000000"),
        ("北京市", "110100000000"),
        ("吉林市", "220200000000"),
        ("大兴安岭", "232700000000"),
    ],
)
def test_a_city_is_found_by_code_and_by_name(said: str, code: str) -> None:
    assert national.find_city(said).code == code


@pytest.mark.parametrize(
    ("said", "why"), [("临川", "no_city"), ("", "no_city"), ("62", "no_city"), ("州", "which_city")]
)
def test_a_city_that_is_not_there_or_not_one(said: str, why: str) -> None:
    with pytest.raises(Refused) as refusal:
        national.find_city(said)
    assert refusal.value.code == why


@pytest.mark.django_db
def test_a_city_without_counties_holds_its_streets_itself() -> None:
    result = import_divisions(national.branch(national.find_city("儋州")), actor=None, now=NOW)
    assert result.problems == []
    city = Place.objects.get(level="city")
    streets = Place.objects.filter(level="street")
    assert not Place.objects.filter(level="county").exists()
    assert {street.parent for street in streets} == {city}
    assert Place.objects.under(city).count() == result.added == Place.objects.count()
    assert Place.objects.filter(level="community").first().unit  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_municipality_bears_its_name() -> None:
    import_divisions(national.branch(national.find_city("上海市")), actor=None, now=NOW)
    assert Place.objects.get(parent=None).name == "上海市"


def test_no_city_of_the_list_is_refused() -> None:
    """Codes, levels and parents of the whole country fit the rules that an import asks for."""
    from silin.places.divisions import read

    lines = read(national.whole())
    assert lines.n == 665_271
    assert lines.problems == []
    assert [fault for province in lines.packed for fault in lines.faults(province, {})] == []
