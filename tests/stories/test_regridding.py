"""Grids drawn anew while the neighbourhood lives in them: matters, residents, rights; two clerks at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import shapely
from django.apps import apps
from django.test import Client
from django.utils import timezone
from shapely.geometry import LineString

from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import Changed, Refused
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.people.models import Resident, Team
from silin.people.queries import on_duty
from silin.people.vacancies import gaps
from silin.places.actions import add_place, set_boundary
from silin.places.coverage import check as check_coverage
from silin.places.ground import Ground, version
from silin.places.models import Facility, FacilityKind, GridParty, OldNet, Place
from silin.places.net_actions import merge_net, set_party
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


def test_when_a_grid_closes_nobody_s_duty_falls_into_a_hole(db: None, client: Client) -> None:
    town = build()
    matter, second = _raised(town), _second(town)
    set_party(town.grid, "branch", "第一网格党支部", MONDAY.date(), actor=None, now=MONDAY)
    merge_net(town.grid, "safety", "治安一格", "夜间巡逻", MONDAY.date(), actor=None, now=MONDAY)
    kind = FacilityKind.objects.get(pk="clinic")
    Facility.objects.create(kind=kind, name="柳巷卫生站", place=town.grid)
    Team.objects.create(name="巡逻队", kind="patrol", place=town.grid, active_from=MONDAY.date())
    said = {"verb": "merge", "grid": second.code, "other": town.grid.code}
    client.force_login(town.zhou)
    address = f"/desk/grids/{town.community.code}/change/"
    shown = client.post(address, {**said, "show": "1"}).content.decode()
    for words in ("网格员转到", "1 件没办完的事", "沿用", "1 张网的职责", "1 人换了网格"):
        assert words in shown
    assert client.post(address, said).status_code == 302
    _stands_for(town, second)
    net = OldNet.objects.get(grid=second)
    assert (net.duty, net.came_from, net.valid_until) == ("夜间巡逻", town.grid, None)
    carried = client.get(f"/desk/places/{second.code}/nets/").content.decode()
    assert "夜间巡逻" in carried
    assert f"从{town.grid.short_name}接过来" in carried
    assert GridParty.objects.get(grid=second, valid_until=None).name == "第一网格党支部"
    assert not GridParty.objects.filter(grid=town.grid, valid_until=None).exists()
    assert (
        Entry.objects.filter(action="merge_grids").get().fields[f"post:{town.worker_post.pk}"] == second.code
    )
    assert _left_behind(town.grid) == []
    matter.refresh_from_db()
    assert (matter.place, matter.placed_path) == (town.grid, second.path)
    client.force_login(town.leader)
    assert client.get(f"/w/tasks/{matter.number}/").status_code == 200


def _second(town: Town) -> Place:
    return Place.objects.exclude(pk=town.grid.pk).get(parent=town.community, level="grid")


def _stands_for(town: Town, grid: Place) -> None:
    """Wang has her post in the grid that came after hers, and what is raised there goes to her."""
    duty = on_duty(grid, ["grid_worker"], MONDAY)
    assert duty is not None
    assert (duty.post.pk, duty.users) == (town.worker_post.pk, [town.wang])
    missing = gaps(town.community, timezone.now())
    assert (missing.without_worker, missing.without_leader, missing.stranded) == ([], [], [])


KEPT = {"Boundary", "PlaceKey", "Matter", "OldNet", "GridParty"}
"""What goes on speaking of a closed grid: its outline and name, what was raised there, what it carried."""


def _left_behind(grid: Place) -> list[str]:
    """Rows of any room that still name a closed grid."""
    return [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.fields
        if field.related_model is Place and model.__name__ not in KEPT
        if model._default_manager.filter(**{field.name: grid}).exists()
    ]


def test_a_grid_that_goes_to_the_next_community_takes_its_people_along_and_leaves_its_matters(
    db: None, client: Client
) -> None:
    town = build()
    matter = _raised(town)
    [new] = move_place(town.grid, town.other, Wish(None, MONDAY)).began
    duty = on_duty(new, ["grid_worker"], MONDAY)
    assert duty is not None
    assert duty.users == [town.wang]
    assert Resident.objects.get(user=town.chen).place == new
    assert _left_behind(town.grid) == []
    client.force_login(town.li)
    assert matter.number in client.get("/desk/?tab=going").content.decode()


def test_both_halves_of_a_grid_keep_the_duties_and_the_one_without_a_worker_is_shown(db: None) -> None:
    town = build()
    merge_net(town.grid, "safety", "治安一格", "夜间巡逻", MONDAY.date(), actor=None, now=MONDAY)
    began = split_by_line(town.grid, _line(town), Wish(None, MONDAY), keeps="neither").began
    assert [OldNet.objects.get(grid=grid, valid_until=None).duty for grid in began] == ["夜间巡逻"] * 2
    assert OldNet.objects.get(grid=town.grid).valid_until == MONDAY.date()
    town.worker_post.refresh_from_db()
    assert town.worker_post.place == began[0]
    assert began[1] in gaps(town.community, MONDAY).without_worker


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
    second = _second(town)
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
