"""The national list in the package: every city can be found and brought in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from silin.lib.refusal import Refused
from silin.places import imports, national
from silin.places.imports import import_divisions
from silin.places.models import Place, PlaceKey

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
    assert Place.objects.filter(level="community")[0].unit


@pytest.mark.django_db
def test_a_municipality_bears_its_name() -> None:
    import_divisions(national.branch(national.find_city("上海市")), actor=None, now=NOW)
    assert Place.objects.get(parent=None).name == "上海市"


@pytest.mark.django_db
def test_a_large_city_comes_in_by_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written a hundred at a time, told after each, and found by name and initials; again, nothing."""
    monkeypatch.setattr(imports, "AT_ONCE", 100)
    steps: list[int] = []
    data = national.branch(national.find_city("银川"))
    result = import_divisions(data, actor=None, now=NOW, progress=lambda n, *_said: steps.append(n))
    assert result.added == steps[-1] == Place.objects.count()
    assert steps == sorted(steps)
    assert len(steps) > result.added / 100
    community = Place.objects.filter(level="community").select_related("parent").latest("pk")
    assert community.parent
    assert community.path == f"{community.parent.path}{community.pk:08d}"
    keys = {
        key for place in Place.objects.all() for key in ((word, place.pk) for word in place.search_words())
    }
    assert set(PlaceKey.objects.values_list("key", "row")) == keys
    assert PlaceKey.objects.count() == len(keys)
    assert import_divisions(data, actor=None, now=NOW).unchanged == result.added


@pytest.mark.django_db
def test_what_breaks_off_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 100)
    data = national.branch(national.find_city("嘉峪关"))

    def breaks_off(n: int, total: int, _what: str) -> None:
        if n > total / 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        import_divisions(data, actor=None, now=NOW, progress=breaks_off)
    assert not Place.objects.exists()
    assert not PlaceKey.objects.exists()
    assert import_divisions(data, actor=None, now=NOW).added == Place.objects.count() > 0


@pytest.mark.slow
def test_no_city_of_the_list_is_refused() -> None:
    """Codes, levels and parents of the whole country fit the rules that an import asks for."""
    from silin.places.divisions import read

    lines = read(national.whole())
    assert lines.n == 665_271
    assert lines.problems == []
    assert [fault for province in lines.packed for fault in lines.faults(province, {})] == []
