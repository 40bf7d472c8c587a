"""Grids drawn anew while the neighbourhood lives in them: matters, residents, rights; two clerks at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import shapely
from django.test import Client
from shapely.geometry import LineString

from silin.history.queries import check
from silin.lib.refusal import Changed, Refused
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.people.models import Resident
from silin.places.actions import add_place, set_boundary
from silin.places.coverage import check as check_coverage
from silin.places.ground import Ground, version
from silin.places.models import Place
from silin.places.regridding import Wish, merge_grids, split_by_line
from silin.places.reparenting import move_place
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, SIDE, SOUTH, WEST, Town, build


def _line(town: Town) -> LineString:
    """From west to east through the first grid, south of building 5."""
    return LineString([(WEST - SIDE, SOUTH + SIDE * 0.3), (WEST + 2 * SIDE, SOUTH + SIDE * 0.3)])


def _raised(town: Town) -> Matter:
    return raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))


def test_chen_lives_in_the_new_grid_and_what_she_reported_stays_where_it_was(db: None) -> None:
    town = build()
    matter = _raised(town)
    [new] = split_by_line(town.grid, _line(town), Wish(None, MONDAY), keeps="second").began
    assert Resident.objects.get(user=town.chen).place == new
    matter.refresh_from_db()
    assert (matter.place, matter.unit) == (town.grid, town.community.code)


def test_a_community_that_moves_takes_its_rights_and_lists_along(db: None, client: Client) -> None:
    town = build()
    matter = _raised(town)
    street = add_place(
        name="槐荫街道", level="street", parent=town.county, actor=None, now=MONDAY, code="990102002000"
    )
    move_place(town.community, street, Wish(None, MONDAY))
    matter.refresh_from_db()
    grid = Place.objects.get(pk=town.grid.pk)
    assert matter.placed_path == grid.path
    assert matter.unit == town.community.code
    client.force_login(town.li)
    assert matter.number in client.get("/desk/?tab=going").content.decode()
    client.force_login(town.guo)
    assert client.get(f"/desk/m/{matter.number}/").status_code == 404
    assert check(f"places:{town.community.pk}") == []


def test_zhou_draws_and_li_may_not(db: None, client: Client) -> None:
    town = build()
    address = f"/desk/grids/{town.community.code}/"
    said = {"verb": "split", "grid": town.grid.code}
    said["corners"] = "\n".join(f"{lon}, {lat}" for lon, lat in _line(town).coords)
    for stranger in (town.li, town.wang, town.chen, town.stranger):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}change/", said).status_code == 404
    client.force_login(town.zhou)
    assert "柳巷社区的网格" in client.get(address).content.decode()
    assert client.post(f"{address}change/", said).status_code == 302
    assert len(Ground(town.community).grids) == 3


def test_two_clerks_split_the_same_grid_at_once(live_db: str) -> None:
    town = build()
    seen = version(town.community)
    calls: list[Callable[[], Any]] = [
        partial(split_by_line, town.grid, _line(town), Wish(None, MONDAY, seen), keeps=keeps)
        for keeps in ("first", "second", "neither", "first")
    ]
    done = at_once(calls)
    assert sum(isinstance(each, Changed) for each in done) == 3
    codes = [grid.code for grid in Ground(town.community).grids]
    assert len(codes) == len(set(codes)) == 3
    assert check(f"places:{town.community.pk}") == []


def test_a_split_and_a_merge_at_once_leave_no_home_behind(live_db: str) -> None:
    town = build()
    second = Place.objects.get(code=town.grid.code[:-1] + ("2" if town.grid.code.endswith("1") else "1"))
    edge = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + 2 * SIDE)
    set_boundary(town.community, edge, MONDAY.date(), actor=None, now=MONDAY)
    wish = Wish(None, MONDAY)
    done = at_once(
        [
            partial(split_by_line, town.grid, _line(town), wish),
            partial(merge_grids, [town.grid, second], wish),
        ]
    )
    assert any(not isinstance(each, Refused) for each in done)
    assert check_coverage(town.community).is_whole
