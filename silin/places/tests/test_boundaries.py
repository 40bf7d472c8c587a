"""Outlines by date, and what a map is sent of them."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
import shapely
from django.utils.translation import override

from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.places import queries
from silin.places.actions import Outline, add_buildings, set_boundaries, set_boundary
from silin.places.models import BOUNDARIES, Boundary, Building, Revision
from silin.places.shapes import light
from silin.places.tests.tiny import DAY, NOW, Tiny, square


def test_a_new_outline_ends_the_old_one(town: Tiny) -> None:
    day = DAY + timedelta(days=30)
    before, lines = Revision.objects.number(BOUNDARIES), Entry.objects.count()
    fresh = set_boundary(town.oak, square(2, 0, 2, 2), day, actor=None, now=NOW)
    old = Boundary.objects.get(place=town.oak, valid_from=DAY)
    assert (old.valid_until, fresh.valid_until) == (day, None)
    assert fresh.shape.equals(square(2, 0, 2, 2))
    assert (fresh.min_lon, fresh.max_lat) == (square(2, 0, 2, 2).bounds[0], square(2, 0, 2, 2).bounds[3])
    assert Revision.objects.number(BOUNDARIES) > before
    town.oak.refresh_from_db()
    assert town.oak.lon
    assert town.oak.lat
    assert shapely.contains_xy(fresh.shape, town.oak.lon, town.oak.lat)
    line = Entry.objects.latest("id")
    assert (Entry.objects.count(), line.subject, line.action) == (lines + 1, town.oak.subject, "set_boundary")


def test_a_second_outline_of_the_day_takes_the_place_of_the_first(town: Tiny) -> None:
    set_boundary(town.oak, square(2, 0, 2, 2), DAY, actor=None, now=NOW)
    assert Boundary.objects.filter(place=town.oak).count() == 1


def test_an_outline_cannot_begin_before_the_one_that_holds(town: Tiny) -> None:
    with pytest.raises(Refused, match="boundary_date"):
        set_boundary(town.oak, square(2, 0), date(2020, 1, 1), actor=None, now=NOW)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon(),
        shapely.Polygon([(110, 30), (110.1, 30.1), (110.1, 30), (110, 30.1)]),
        shapely.Polygon([(500_000, 3_300_000), (500_100, 3_300_000), (500_100, 3_300_100)]),
        shapely.LineString([(110, 30), (110.1, 30)]),
    ],
)
def test_what_is_no_outline(town: Tiny, shape: shapely.Polygon) -> None:
    count = Boundary.objects.count()
    with override("en"), pytest.raises(Refused) as error:
        set_boundaries([Outline(town.far, square(4, 0)), Outline(town.oak, shape)], DAY, actor=None, now=NOW)
    assert error.value.code == "bad_shape"
    assert town.oak.short_name in str(error.value.message)
    assert Boundary.objects.count() == count


def test_heights_are_dropped(town: Tiny) -> None:
    flat = set_boundary(town.oak, shapely.force_3d(square(2, 0), 5.0), DAY, actor=None, now=NOW)
    assert not flat.shape.has_z


def test_a_building_stands_in_a_grid_of_its_community(town: Tiny) -> None:
    row = Building(estate=town.estate, grid=town.oak, number="1")
    with pytest.raises(Refused, match="wrong_grid"):
        add_buildings([row], actor=None, now=NOW)


def test_a_map_draws_the_children_or_the_place_itself(town: Tiny) -> None:
    drawn = queries.outlines(town.elm, buildings=True)
    areas = [each for each in drawn["features"] if each["geometry"]["type"] != "Point"]
    assert [each["properties"]["code"] for each in areas] == [grid.code for grid in town.grids]
    assert drawn["features"][0]["properties"] == {
        "code": "99010200100101001",
        "name": town.grids[0].short_name,
        "label": town.grids[0].short_name,
        "level": "grid",
        "schematic": True,
    }
    numbers = [each["properties"]["label"] for each in drawn["features"] if each not in areas]
    assert numbers == [row.number for row in queries.buildings_of(town.elm)] != []
    alone = queries.outlines(town.oak)["features"]
    assert [each["properties"]["code"] for each in alone] == [town.oak.code]
    assert queries.outlines(town.village) == {"type": "FeatureCollection", "features": []}


def test_common_borders_stay_common_when_corners_are_dropped() -> None:
    wavy = [(110.5 + 0.00001 * (n % 2), 30 + n / 100) for n in range(101)]
    west = shapely.Polygon([(110, 30), *wavy, (110, 31)])
    east = shapely.Polygon([(111, 31), *reversed(wavy), (111, 30)])
    shapes = [shapely.geometry.shape(each) for each in light([west, east])]
    assert shapely.get_num_coordinates(shapes).sum() < 20
    assert shapes[0].intersection(shapes[1]).area < 1e-9
    assert shapes[0].union(shapes[1]).area == pytest.approx(1, abs=1e-6)


def test_five_decimals(town: Tiny) -> None:
    set_boundary(town.oak, square(2, 0, 1.23456789, 2), DAY, actor=None, now=NOW)
    text = json.dumps(queries.outlines(town.oak))
    assert re.search(r"110\.\d{3}", text)
    assert not re.search(r"\.\d{6}", text)


def test_outer_rings_run_against_the_clock() -> None:
    clockwise = shapely.Polygon([(110, 30), (110, 31), (111, 31), (111, 30)])
    [drawn] = light([clockwise])
    ring = shapely.LinearRing(drawn["coordinates"][0])
    assert ring.is_ccw
