"""Is every home in a grid: gaps, overlaps, what sticks out, buildings in the wrong place."""

from __future__ import annotations

import pytest
import shapely

from silin.lib.refusal import Refused
from silin.places.actions import set_boundary
from silin.places.coverage import check, give_buildings
from silin.places.models import Building, Place
from silin.places.tests.tiny import DAY, NOW, Tiny, at, square


def test_all_is_well(town: Tiny) -> None:
    found = check(town.elm)
    assert found.is_whole
    assert str(found) == "每户都在网格里，没有重叠，没有空白。"


def test_gaps_overlaps_and_what_sticks_out(town: Tiny) -> None:
    set_boundary(town.grids[0], square(-0.5, 1, 1, 1), DAY, actor=None, now=NOW)
    set_boundary(town.grids[2], square(0, 0, 1.2, 1), DAY, actor=None, now=NOW)
    found = check(town.elm)
    faults = {each.fault: each for each in found.findings}
    assert set(faults) == {"gap", "overlap", "outside"}
    assert faults["gap"].metres == pytest.approx(21_400, rel=0.02)
    assert faults["overlap"].metres == pytest.approx(8_600, rel=0.02)
    assert {grid.pk for grid in faults["overlap"].grids} == {town.grids[2].pk, town.grids[3].pk}
    assert faults["outside"].grids == [town.grids[0]]
    assert faults["gap"].at is not None


def test_slips_of_the_pen_are_no_findings(town: Tiny) -> None:
    set_boundary(town.grids[0], square(0, 1, 1.0004, 1), DAY, actor=None, now=NOW)
    assert check(town.elm).findings == []


def test_without_an_outline_of_the_community_holes_are_gaps(town: Tiny) -> None:
    town.elm.boundaries.all().delete()
    set_boundary(town.grids[3], square(1, 0, 1, 0.5), DAY, actor=None, now=NOW)
    assert check(town.elm).findings == []
    ring = shapely.Polygon(square(0, 0, 3, 3).exterior, [square(1, 1).exterior])
    set_boundary(town.grids[0], ring, DAY, actor=None, now=NOW)
    set_boundary(town.grids[1], square(4, 4), DAY, actor=None, now=NOW)
    assert [each.fault for each in check(town.elm).findings].count("gap") == 1


def test_a_building_in_another_grid_is_given_to_it(town: Tiny) -> None:
    Building.objects.filter(number="2").update(lon=at(0.5, 0.5)[0], lat=at(0.5, 0.5)[1])
    Building.objects.filter(number="5").update(lon=at(5, 5)[0], lat=at(5, 5)[1])
    Building.objects.filter(number="10").update(lon=None, lat=None)
    found = check(town.elm)
    assert [home.building.number for home in found.mendable] == ["2"]
    assert [home.building.number for home in found.without_grid] == ["5"]
    assert found.unplaced == 1
    [home] = give_buildings(town.elm, actor=None, now=NOW)
    assert home.there == town.grids[2] == Building.objects.get(number="2").grid
    with pytest.raises(Refused, match="nothing_to_mend"):
        give_buildings(town.elm, actor=None, now=NOW)


def test_a_home_whose_grid_is_closed_has_none(town: Tiny) -> None:
    Place.objects.filter(pk=town.grids[1].pk).update(active_until=DAY)
    found = check(town.elm)
    assert len(found.without_grid) == 3
    assert not found.mendable
    assert not found.is_whole
    assert "已经停用" in str(found.homes[0])
