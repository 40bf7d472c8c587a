"""Made-up people: the posts' counts, numbers nobody has, no name twice and none of the bulletins'."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from silin.demo.blocks import quarters
from silin.demo.people import NAMED_POSTS, NAMED_RESIDENTS, Names, Neighbour, Seat, neighbours, seats
from silin.demo.plane import DATA
from silin.lib.personal import read_phone

OFFICE = {"community_desk", "community_secretary"}


@pytest.fixture(scope="module")
def everybody() -> dict[str, tuple[list[Seat], list[Neighbour]]]:
    names = Names("test")
    return {quarter.code: (seats(quarter, names), neighbours(quarter, names)) for quarter in quarters()}


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("610304003002", {"grid_leader": 14, "grid_worker": 14, "micro_grid_head": 42, "building_head": 87}),
        ("610305100002", {"grid_leader": 15, "grid_worker": 30, "micro_grid_head": 60, "building_head": 274}),
        ("610303006003", {"grid_leader": 10, "grid_worker": 10, "grid_extender": 35, "building_head": 41}),
        ("610302005003", {"grid_leader": 10, "grid_worker": 10}),
    ],
)
def test_posts_as_the_bulletins_count_them(
    everybody: dict[str, tuple[list[Seat], list[Neighbour]]], code: str, kinds: dict[str, int]
) -> None:
    found = Counter(seat.kind for seat in everybody[code][0] if seat.kind not in OFFICE)
    assert found == kinds


def test_totals_of_the_bulletins(everybody: dict[str, tuple[list[Seat], list[Neighbour]]]) -> None:
    totals = {code: sum(seat.kind not in OFFICE for seat in rows) for code, (rows, _) in everybody.items()}
    assert (totals["610304003002"], totals["610305100002"]) == (157, 379)


def test_nobody_twice_and_nobody_real(everybody: dict[str, tuple[list[Seat], list[Neighbour]]]) -> None:
    people = [seat.person for rows, _ in everybody.values() for seat in rows]
    people += [neighbour.person for _, rows in everybody.values() for neighbour in rows]
    assert len({person.phone for person in people}) == len(people)
    assert max(Counter(person.name for person in people).values()) == 1
    told = yaml.safe_load((DATA / "names.yaml").read_text(encoding="utf-8"))
    assert not set(told["never"]) & {person.name for person in people if not person.key}


def test_numbers_look_right_and_reach_nobody(
    everybody: dict[str, tuple[list[Seat], list[Neighbour]]],
) -> None:
    for rows, _neighbours in everybody.values():
        for seat in rows:
            assert read_phone(seat.person.phone) == seat.person.phone
            assert seat.person.phone.startswith("154")


def test_the_people_of_the_stories_are_there(
    everybody: dict[str, tuple[list[Seat], list[Neighbour]]],
) -> None:
    for code, kind, grid, name, _key in NAMED_POSTS:
        assert any(
            (seat.kind, seat.grid, seat.person.name) == (kind, grid, name) for seat in everybody[code][0]
        )
    for code, estate, number, name, _key in NAMED_RESIDENTS:
        homes = {row.person.name: (row.house.estate, row.house.number) for row in everybody[code][1]}
        assert homes[name] == (estate, number)
