"""Drawing grids anew: nobody's home is lost, nothing lies in two grids, codes keep their meaning."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from silin.history.models import Entry
from silin.lib.refusal import Changed, Refused
from silin.places.actions import number_grids
from silin.places.fitting import overlapping
from silin.places.ground import Ground, version
from silin.places.locating import locate
from silin.places.models import BOUNDARIES, Boundary, Building, Number, Place, Revision
from silin.places.regridding import (
    Wish,
    draw_grid,
    merge_grids,
    redraw_grid,
    split_by_line,
    split_in_parts,
)
from silin.places.reparenting import move_place
from silin.places.shapes import square_metres
from silin.places.tests.tiny import DAY, NOW, SIDE, SOUTH, WEST, Tiny, at, square

WISH = Wish(None, NOW)


def down(column: float) -> LineString:
    """A line from north to south through the whole of the first community."""
    return LineString([at(column, 2.1), at(column, -0.1)])


def shape_of(place: Place) -> shapely.Polygon:
    shape = Boundary.objects.get(place=place, valid_until=None).shape
    assert isinstance(shape, shapely.Polygon)
    return shape


def area(town: Tiny) -> float:
    """Square metres of all grids of the first community."""
    return sum(map(square_metres, Ground(town.elm).others().values()))


def grid_of(number: str) -> Place:
    return Building.objects.select_related("grid").get(number=number).grid


def test_a_split_parts_outline_and_buildings(town: Tiny) -> None:
    before, lines = area(town), Entry.objects.count()
    bumped = Revision.objects.number(BOUNDARIES)
    outcome = split_by_line(town.grids[1], down(1.4), WISH)
    [new] = outcome.began
    assert new.code == "99010200100101005"
    assert outcome.closed == []
    assert [each.building.number for each in outcome.moved] == ["2"]
    assert (grid_of("2"), grid_of("5"), grid_of("10")) == (new, town.grids[1], town.grids[1])
    assert locate(*at(1.2, 1.2)).place == new
    assert area(town) == pytest.approx(before, abs=1)
    assert Revision.objects.number(BOUNDARIES) > bumped
    line = Entry.objects.latest("id")
    assert (Entry.objects.count(), line.action, line.subject) == (lines + 1, "split_grid", town.elm.subject)
    assert line.fields["began"] == [new.code]
    assert line.fields["buildings"] == 1


@pytest.mark.parametrize(("keeps", "stays"), [("first", "5"), ("second", "2"), ("neither", "")])
def test_who_keeps_the_number(town: Tiny, keeps: str, stays: str) -> None:
    old = town.grids[1]
    outcome = split_by_line(old, down(1.4), WISH, keeps=keeps, name="新网格")  # type: ignore[arg-type]
    if stays:
        assert grid_of(stays) == old
        assert outcome.began[0].name == "新网格"
    else:
        assert outcome.closed == [old]
        assert [each.serial for each in outcome.began] == [5, 6]
        assert Place.objects.get(pk=old.pk).active_until == DAY
        assert not Building.objects.filter(grid=old).exists()


def test_a_split_by_two_outlines(town: Tiny) -> None:
    old = town.grids[1]
    outcome = split_in_parts(old, square(1, 1, 0.4, 1), square(1.4, 1, 0.6, 1), WISH)
    assert [each.building.number for each in outcome.moved] == ["5", "10"] or len(outcome.moved) == 2
    with pytest.raises(Refused, match="parts_do_not_fit"):
        split_in_parts(old, square(1, 1, 0.2, 0.5), square(1.2, 1, 0.2, 0.5), WISH)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LineString([at(3, 3), at(4, 4)]), "line_misses"),
        (LineString([at(1.5, 2.1), at(1.5, 1.5)]), "line_misses"),
        (LineString([at(0.9, 1.2), at(2.1, 1.2), at(2.1, 1.6), at(0.9, 1.6)]), "too_many_parts"),
    ],
)
def test_a_line_that_does_not_split(town: Tiny, line: LineString, code: str) -> None:
    with pytest.raises(Refused, match=code):
        split_by_line(town.grids[1], line, WISH)


def test_merged_grids_hand_their_buildings_to_the_one_that_goes_on(town: Tiny) -> None:
    whole = shape_of(town.grids[0]).union(shape_of(town.grids[1]))
    outcome = merge_grids(town.grids[:2], WISH, survivor=town.grids[0])
    assert outcome.closed == [town.grids[1]]
    assert {grid_of(number) for number in ("2", "5", "10")} == {town.grids[0]}
    assert shape_of(town.grids[0]).symmetric_difference(whole).area == pytest.approx(0, abs=1e-15)
    assert locate(*at(1.5, 1.5)).place == town.grids[0]


def test_merged_into_a_new_one_the_micro_grid_goes_along_with_its_code(town: Tiny) -> None:
    micro = Place.objects.get(level="micro_grid")
    Number.objects.create(name="x", place_path=micro.path, value=1, valid_from=DAY)
    outcome = merge_grids(town.grids[:2], WISH)
    [new] = outcome.began
    code, path = micro.code, micro.path
    micro.refresh_from_db()
    assert (micro.code, micro.parent) == (code, new)
    assert micro.path == new.path + f"{micro.pk:08d}" != path
    assert Number.objects.get(name="x").place_path == micro.path
    assert new.code == "99010200100101005"
    assert [place.code for place in outcome.closed] == [grid.code for grid in town.grids[:2]]


def test_only_neighbours_become_one(town: Tiny) -> None:
    with pytest.raises(Refused, match="not_neighbours"):
        merge_grids([town.grids[0], town.grids[3]], WISH)
    with pytest.raises(Refused, match="too_few"):
        merge_grids([town.grids[0], town.grids[0]], WISH)


def test_what_a_grid_gains_its_neighbour_loses_and_the_other_way_round(town: Tiny) -> None:
    before = area(town)
    outcome = redraw_grid(town.grids[0], square(0, 1, 1.4, 1), WISH)
    assert {place.pk for place in outcome.redrawn} == {town.grids[0].pk, town.grids[1].pk}
    assert grid_of("2") == town.grids[0]
    redraw_grid(town.grids[0], square(0, 1, 0.5, 1), WISH)
    assert grid_of("2") == town.grids[1]
    assert area(town) == pytest.approx(before, abs=2)
    assert overlapping(Ground(town.elm).others().values()) < 1


def test_corners_close_to_a_neighbour_are_brought_onto_it(town: Tiny) -> None:
    nearly = shapely.Polygon([at(2.005, 0), at(3, 0), at(3, 1), at(2.004, 1.006)])
    draw_grid(town.elm, nearly, WISH)
    drawn = Boundary.objects.latest("pk").shape
    assert drawn.bounds[0] == pytest.approx(WEST + 2 * SIDE, abs=1e-9)
    assert drawn.bounds[3] == pytest.approx(SOUTH + SIDE, abs=1e-9)


def test_a_grid_is_not_swallowed(town: Tiny) -> None:
    with pytest.raises(Refused, match="swallowed"):
        draw_grid(town.elm, square(0.9, 0.9, 1.2, 1.2), WISH)


def test_a_number_once_given_is_not_given_again(town: Tiny) -> None:
    merge_grids([town.grids[2], town.grids[3]], WISH, survivor=town.grids[2])
    [new] = draw_grid(town.elm, square(3, 0), WISH).began
    assert new.serial == 5
    merge_grids([new, draw_grid(town.elm, square(3, 1), WISH).began[0]], WISH)
    assert number_grids(town.elm, actor=None, now=NOW) == []
    codes = list(Place.objects.filter(level="grid").values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == 7


def test_somebody_was_faster(town: Tiny) -> None:
    seen = version(town.elm)
    split_by_line(town.grids[1], down(1.4), Wish(None, NOW, seen))
    with pytest.raises(Changed):
        split_by_line(town.grids[2], down(0.4), Wish(None, NOW, seen))


def test_a_community_moves_with_all_that_lies_in_it(town: Tiny) -> None:
    street = Place.objects.create(
        code="990102002000", name="槐荫街道", level="street", parent=town.county, active_from=DAY
    )
    outcome = move_place(town.elm, street, WISH)
    old, new = next(iter(outcome.paths.items()))
    assert (old, new) == (town.elm.path, street.path + town.elm.path[-8:])
    grid = Place.objects.get(pk=town.grids[0].pk)
    assert grid.path == new + f"{grid.pk:08d}"
    assert Place.objects.under(street).count() == 7
    assert (grid.code, grid.unit) == (town.grids[0].code, town.elm.code)
    with pytest.raises(Refused, match="same_parent"):
        move_place(town.elm, street, WISH)
    with pytest.raises(Refused, match="wrong_level"):
        move_place(street, town.elm, WISH)


def test_a_grid_that_goes_to_another_community_begins_anew_there(town: Tiny) -> None:
    outcome = move_place(town.grids[1], town.oak, WISH)
    [new] = outcome.began
    assert (new.code, new.parent) == ("99010200100201001", town.oak)
    assert outcome.closed == [town.grids[1]]
    assert grid_of("2") == new
    assert Building.objects.get(number="2").estate.place == town.oak
    assert shape_of(new).equals(square(1, 1))
    assert locate(*at(1.5, 1.5)).place == new


def test_an_estate_is_not_torn_apart(town: Tiny) -> None:
    split_by_line(town.grids[1], down(1.4), WISH)
    with pytest.raises(Refused, match="estate_parted"):
        move_place(town.grids[1], town.oak, WISH)


steps = st.lists(
    st.tuples(st.sampled_from(["split", "merge", "redraw", "draw"]), *[st.floats(0.05, 0.95)] * 4), max_size=5
)


@pytest.mark.django_db
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(steps=steps)
def test_after_any_sequence_nothing_overlaps_and_nobody_is_lost(
    town: Tiny, steps: list[tuple[str, float, float, float, float]]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        homes = set(Building.objects.values_list("pk", flat=True))
        for step in steps:
            _try(town, *step)
            rows = Ground(town.elm)
            assert overlapping(rows.others().values()) < 2
            assert {row.pk for row in rows.buildings} == homes
            assert all(row.grid_id in rows.places for row in rows.buildings)
        transaction.set_rollback(True)


def _try(town: Tiny, verb: str, a: float, b: float, c: float, d: float) -> None:
    grids = Ground(town.elm).grids
    grid, other = grids[int(a * len(grids))], grids[int(b * len(grids))]
    before = area(town)
    box = shapely.box(*at(2 * a, 2 * b), *at(2 * a + c, 2 * b + d))
    try:
        if verb == "split":
            outcome = split_by_line(grid, LineString([at(2 * c, -0.1), at(2 * d, 2.1)]), WISH)
            assert area(town) == pytest.approx(before, abs=2)
            merge_grids([grid, *outcome.began], WISH, survivor=grid)
            split_by_line(grid, LineString([at(-0.1, 2 * c), at(2.1, 2 * d)]), WISH)
        elif verb == "merge":
            merge_grids([grid, other], WISH, survivor=None if c > 0.5 else other)
        elif verb == "redraw":
            redraw_grid(grid, box, WISH)
            return
        else:
            draw_grid(town.elm, box, WISH)
            return
        assert area(town) == pytest.approx(before, abs=2)
    except Refused:
        pass
