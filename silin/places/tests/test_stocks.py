"""The nightly count: whatever happened by day, the book's sums are what a look at the tables finds."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silin.facts.models import Fact
from silin.facts.stocks import Stock, book
from silin.places.actions import add_place
from silin.places.estate_actions import Said, add_building, add_estate, add_figure, edit_estate
from silin.places.facility_actions import add_facility, close_facility, reopen_facility
from silin.places.models import Estate, EstateFigure, Facility, FacilityKind
from silin.places.net_actions import end_party, set_party
from silin.places.stocks import NAMES, count_territory
from silin.places.tests.tiny import DAY, NOW, Tiny

ELM = "990102001001"
ONE_DAY = timedelta(days=1)


def sums() -> dict[tuple[str, str, str], int]:
    return {(key.name, key.unit, key.kind): n for key, n in book(NAMES).items() if n}


def test_the_first_night_counts_what_is_there(town: Tiny) -> None:
    count_territory(NOW)
    assert sums() == {
        ("stock.communities", ELM, ""): 1,
        ("stock.communities", town.oak.code, ""): 1,
        ("stock.communities", town.village.code, ""): 1,
        ("stock.grids", ELM, ""): 4,
        ("stock.micro_grids", ELM, ""): 1,
        ("stock.estates", ELM, ""): 2,
        ("stock.estates_old", ELM, ""): 1,
        ("stock.buildings", ELM, ""): 3,
    }
    written = Fact.objects.count()
    assert count_territory(NOW) == 0
    assert Fact.objects.count() == written


def test_an_old_estate_is_renewed_and_gets_lifts(town: Tiny) -> None:
    count_territory(NOW)
    edit_estate(town.estate, {"renewal": "done"}, actor=None, now=NOW)
    for name, value in (("lifts", 2), ("lifts_wanted", 5), ("car_chargers", 4), ("camera_cover", 1)):
        add_figure(town.estate, Said(name, value, DAY, "物业"), actor=None, now=NOW)
    set_party(town.grids[0], "branch", "第一党支部", DAY, actor=None, now=NOW)
    count_territory(NOW + ONE_DAY)
    found = sums()
    assert found["stock.estates_renewed", ELM, ""] == 1
    assert found["stock.lifts", ELM, ""] == 2
    assert found["stock.lifts_wanted", ELM, ""] == 5
    assert found["stock.chargers", ELM, "car"] == 4
    assert found["stock.estates_covered", ELM, "camera"] == 1
    assert found["stock.grids_led", ELM, ""] == 1
    later = NOW + 2 * ONE_DAY
    add_figure(town.estate, Said("lifts_wanted", 3, DAY + ONE_DAY, "楼长"), actor=None, now=later)
    add_figure(town.estate, Said("lifts", 9, DAY - ONE_DAY, "说早了"), actor=None, now=later)
    end_party(town.grids[0], DAY + ONE_DAY, actor=None, now=later)
    count_territory(later)
    assert sums()["stock.lifts_wanted", ELM, ""] == 3
    assert sums()["stock.lifts", ELM, ""] == 2, "a figure of an earlier day does not overtake"
    assert ("stock.grids_led", ELM, "") not in sums()


deeds = st.lists(
    st.tuples(st.sampled_from(["estate", "building", "figure", "open", "close", "undo", "grid", "night"]),
              st.integers(0, 5)),
    min_size=4,
    max_size=14,
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(deeds)
def test_whatever_happens_the_sums_are_the_snapshot(town: Tiny, history: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        for day, (deed, n) in enumerate([*history, ("night", 0)]):
            now = NOW + day * ONE_DAY
            _do(town, deed, n, now)
            if deed == "night":
                count_territory(now)
                assert {key: n for key, n in sums().items() if key[0] in COUNTED} == _snapshot(town)
        transaction.set_rollback(True)


SUPERMARKET = FacilityKind(pk="supermarket")
COUNTED = {"stock.estates", "stock.buildings", "stock.grids", "stock.parking", "stock.facilities"}


def _do(town: Tiny, deed: str, n: int, now: datetime) -> None:
    day = now.date()
    facility = Facility.objects.order_by("pk").last()
    if deed == "estate":
        add_estate(town.oak, {"name": f"小区{Estate.objects.count()}"}, actor=None, now=now)
    elif deed == "building":
        number = f"{100 + town.estate.buildings.count()}"
        add_building(town.estate, {"number": number, "grid": town.grids[n % 4]}, actor=None, now=now)
    elif deed == "figure":
        said = Said("parking", n, day - timedelta(days=n), "物业")
        add_figure(town.estate, said, actor=None, now=now)
    elif deed == "grid":
        add_place(name="", level="grid", parent=town.oak, actor=None, now=now)
    elif deed == "open":
        name = f"超市{Facility.objects.count()}"
        add_facility(town.grids[n % 4], {"kind": SUPERMARKET, "name": name}, actor=None, now=now)
    elif deed == "close" and facility:
        close_facility(facility, day, actor=None, now=now)
    elif deed == "undo" and facility:
        reopen_facility(facility, actor=None, now=now)


def _snapshot(town: Tiny) -> dict[tuple[str, str, str], int]:
    held: Counter[tuple[str, str, str]] = Counter()
    for estate in Estate.objects.select_related("place"):
        held["stock.estates", estate.place.code, ""] += 1
        held["stock.buildings", estate.place.code, ""] += estate.buildings.count()
    for place in (town.elm, town.oak):
        held["stock.grids", place.code, ""] += place.children.count()
    for figure in EstateFigure.objects.filter(name="parking").order_by("as_of", "pk"):
        held["stock.parking", ELM, ""] = figure.value
    held["stock.facilities", ELM, "supermarket"] += Facility.objects.filter(active_until=None).count()
    return {key: n for key, n in held.items() if n}


def test_a_stock_is_one_community_s(town: Tiny) -> None:
    count_territory(NOW)
    assert book(["stock.grids"]) == {Stock("stock.grids", ELM): 4}
