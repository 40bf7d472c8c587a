"""The drawn territory: exact nesting, the real ones' places, the bulletins' counts."""

from __future__ import annotations

from collections import defaultdict

import pytest
import shapely
from shapely.geometry import Point, Polygon

from silin.demo import blocks
from silin.demo.geometry import Division, draw, read_divisions
from silin.demo.plane import read_points

CITY = "610300000000"
COUNTS = {  # grids, micro-grids, estates, buildings, entrances
    "610303006003": (10, 35, 8, 41, 123),
    "610302005003": (10, 0, 13, 50, 104),
    "610304003002": (14, 42, 28, 87, 236),
    "610305100002": (15, 60, 20, 90, 274),
    "610326001005": (6, 0, 6, 22, 60),
    "610328100003": (5, 0, 5, 17, 48),
}


@pytest.fixture(scope="module")
def quarters() -> list[blocks.Quarter]:
    return blocks.quarters()


@pytest.fixture(scope="module")
def shapes(quarters: list[blocks.Quarter]) -> dict[str, Polygon]:
    return draw([quarter.patch() for quarter in quarters])


@pytest.fixture(scope="module")
def divisions() -> list[Division]:
    return [division for division in read_divisions() if division.level != "province"]


def test_every_division_has_one_piece(shapes: dict[str, Polygon], divisions: list[Division]) -> None:
    assert {division.code for division in divisions} == {code for code in shapes if "-" not in code}
    assert all(shape.is_valid and not shape.interiors for shape in shapes.values() if shape.area < 1)


def test_children_fill_their_parent(shapes: dict[str, Polygon], divisions: list[Division]) -> None:
    children: dict[str, list[str]] = defaultdict(list)
    for division in divisions:
        children[division.parent].append(division.code)
    for code in shapes:
        if "-" in code:
            children[code.rpartition("-")[0]].append(code)
    children.pop(CITY[:2] + "0000000000")
    assert len(children) == 1 + 12 + 120 + len(COUNTS) + 10 + 14 + 15
    for parent, codes in children.items():
        whole = shapes[parent]
        assert sum(shapes[code].area for code in codes) == pytest.approx(whole.area, rel=1e-9)
        assert shapely.union_all([shapes[code] for code in codes]).equals(whole)


def test_no_point_lies_in_two_finest_places(shapes: dict[str, Polygon]) -> None:
    above = {code.rpartition("-")[0] for code in shapes if "-" in code}
    finest = [shape for code, shape in shapes.items() if code not in above and code[9:] > "000"]
    tree = shapely.STRtree(finest)
    left, right = tree.query(finest, predicate="overlaps")
    assert not len(left)
    assert not len(right)


def test_every_corner_lies_on_the_lattice(shapes: dict[str, Polygon]) -> None:
    corners = shapely.get_coordinates(list(shapes.values()))
    assert abs(corners * 1e7 - (corners * 1e7).round()).max() < 1e-2


def test_towns_hold_their_seats(shapes: dict[str, Polygon]) -> None:
    codes, seats = read_points("towns.csv")
    assert all(shapes[code].contains(Point(*seat)) for code, seat in zip(codes, seats, strict=True))


def test_counts_of_the_full_communities(quarters: list[blocks.Quarter]) -> None:
    for quarter in quarters:
        micros = sum(quarter.micros(grid) for grid in range(1, quarter.grids + 1))
        houses = quarter.houses
        entrances = sum(house.entrances for house in houses)
        assert (quarter.grids, micros, len(quarter.estates), len(houses), entrances) == COUNTS[quarter.code]


def test_buildings_stand_apart_in_their_own_part(
    quarters: list[blocks.Quarter], shapes: dict[str, Polygon]
) -> None:
    for quarter in quarters:
        walls = [quarter.outline(house) for house in quarter.houses]
        for house, wall in zip(quarter.houses, walls, strict=True):
            assert shapes[quarter.key(house.grid, house.micro)].contains(wall)
            assert wall.contains(Point(house.lon, house.lat))
        assert sum(len(shapely.STRtree(walls).query(wall)) for wall in walls) == len(walls)


def test_grids_run_west_to_east_and_north_to_south(quarters: list[blocks.Quarter]) -> None:
    for quarter in quarters:
        first = [
            next(box for at, box in quarter.boxes.items() if at[0] == 1 + grid)
            for grid in range(quarter.grids)
        ]
        row_of = [row for row, cells in enumerate(quarter.told["rows"]) for _cell in range(cells)]
        order = sorted(range(quarter.grids), key=lambda grid: (row_of[grid], first[grid][0]))
        assert order == list(range(quarter.grids))
        for row, (_west, _south, _east, north) in zip(row_of, first, strict=True):
            assert all(north > box[3] + 50 for other, box in zip(row_of, first, strict=True) if other > row)


def test_the_same_each_time(quarters: list[blocks.Quarter]) -> None:
    assert [quarter.houses for quarter in blocks.quarters()] == [quarter.houses for quarter in quarters]


def test_building_five_stands_in_grid_five(quarters: list[blocks.Quarter]) -> None:
    home = next(home for home in quarters[0].estates if home.name == "宝石家园")
    assert {house.grid for house in home.houses} == {5}
    assert [house.number for house in home.houses] == list(range(1, 10))
