"""Made-up people: names by decade of birth, telephone numbers that nobody has, and who sits on which post.

As far as we know 154 was never given out as the start of a mobile number: a message sent to one of
these by mistake should reach nobody.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from silin.demo.blocks import House, Quarter
from silin.demo.plane import DATA

PHONE = "154{:08d}"
RESIDENTS = 70  # people of a full community who have told the platform where they live


# (community, kind of post, grid, name, key): the people of the stories. Grid 0 is the community itself.
NAMED_POSTS = [
    ("610303006003", "grid_worker", 5, "王淑琴", "wang"),
    ("610303006003", "grid_leader", 5, "赵宏涛", "zhao"),
    ("610303006003", "community_desk", 0, "李建民", "li"),
    ("610302005003", "grid_worker", 3, "何晶晶", "he"),
    ("610302005003", "community_desk", 0, "梁亚宁", "liang"),
    ("610304003002", "grid_worker", 7, "马拴虎", "ma"),
    ("610304003002", "community_desk", 0, "孙会琴", "sun"),
    ("610305100002", "grid_worker", 6, "雷粉玲", "lei"),
    ("610305100002", "community_desk", 0, "权林科", "quan"),
]
# (community, estate, building, name, key)
NAMED_RESIDENTS = [
    ("610303006003", "宝石家园", 5, "陈桂兰", "chen"),
    ("610302005003", "高新花园", 2, "冯佳伟", "feng"),
    ("610304003002", "棉织厂南院", 1, "田玉林", "tian"),
    ("610305100002", "秦凤花园", 3, "唐小娥", "tang"),
]
# (place, kind of post, name, key): those whose post stands for more than a community
NAMED_ABOVE = [
    ("610303006000", "street_duty", "郭晓峰", "guo"),
    ("610302005000", "street_duty", "苏丽娟", "su"),
    ("610304003000", "street_duty", "丁录平", "ding"),
    ("610305100000", "street_duty", "程秋霞", "cheng"),
    ("610303000000", "county_duty", "周敏", "zhou"),
    ("610300000000", "city_admin", "高雅琳", "gao"),
    ("610300000000", "auditor", "沈克俭", "shen"),
]
# (county, bureau, name, key): a clerk whom the streets whistle
NAMED_CLERKS = [("610303000000", "住房和城乡建设局", "罗建军", "luo")]
# (place, kind of post, name, key): who looks after the machine and lets other systems in
ADMINISTRATOR = ("610300000000", "system_admin", "苗启明", "miao")
# (place, kind of post, name, key): who keeps the catalogue and opens the league, and has no matters
ASSESSOR = ("610300000000", "city_assessment", "任静怡", "ren")
NO_PAGE_YET = frozenset({"shen"})  # an auditor reads the book of deeds; there is no page for it so far
STRANGER = ("金小倩", "jin")  # a resident of the city who has nothing to do with any of them
FIRST_OF_THE_NAMED = 90_000_000


@dataclass(frozen=True)
class Person:
    """Somebody before there is an account: a name and a number."""

    name: str
    phone: str
    key: str = ""  # how the chooser and the tests call the few named people


@dataclass(frozen=True)
class Seat:
    """One post of a full community with whoever holds it. Grid 0 is the community itself."""

    kind: str
    person: Person
    grid: int = 0
    micro: int = 0
    house: House | None = None
    serial: int = 1


@dataclass(frozen=True)
class Neighbour:
    """A resident who has an account, and the building they live in."""

    person: Person
    house: House


def keys() -> dict[str, str]:
    """The named people: key → name, in an order that never changes."""
    rows = (*NAMED_POSTS, *NAMED_RESIDENTS, *NAMED_ABOVE, STRANGER, *NAMED_CLERKS, ADMINISTRATOR, ASSESSOR)
    return {str(row[-1]): str(row[-2]) for row in rows}


def phone_of(key: str) -> str:
    """The telephone number of a named person. Raises ``ValueError`` for an unknown key."""
    return PHONE.format(FIRST_OF_THE_NAMED + list(keys()).index(key))


class Names:
    """Names and telephone numbers, none of them twice, the same ones in the same order each time."""

    def __init__(self, seed: str) -> None:
        told = yaml.safe_load((DATA / "names.yaml").read_text(encoding="utf-8"))
        self._told: dict[str, Any] = told
        self._rng = random.Random(f"people {seed}")
        self._given: set[str] = {*told["never"], *keys().values()}
        self._count = 0

    def new(self, born: tuple[int, int], *, woman: bool | None = None) -> Person:
        """Somebody born between two years."""
        year = self._rng.randint(*born)
        pool = "women" if (self._rng.random() < 0.5 if woman is None else woman) else "men"
        given = next(names for first, last, names in self._told[pool] if first <= year <= last)
        for _try in range(50):
            name = self._rng.choice(self._told["surnames"]) + self._rng.choice(given)
            if name not in self._given:
                break
        self._given.add(name)
        return self.named(name)

    def named(self, name: str, key: str = "") -> Person:
        """Somebody whose name is known; a named person of the stories has a number of their own."""
        if key:
            return Person(name, phone_of(key), key)
        self._count += 1
        return Person(name, PHONE.format(self._count))


def cast(areas: Iterable[Quarter], names: Names) -> Iterator[tuple[Quarter, list[Seat], list[Neighbour]]]:
    """Who sits and who lives in each community, the same people each time."""
    for area in areas:
        yield area, seats(area, names), neighbours(area, names)


def seats(quarter: Quarter, names: Names) -> list[Seat]:
    """Every post of a full community with its holder: the counts are those of the bulletins."""
    filled = [_seat(quarter, names, seat) for seat in _empty(quarter)]
    return [*filled, *_office(quarter, names)]


def neighbours(quarter: Quarter, names: Names) -> list[Neighbour]:
    """The residents with an account, the named ones first, spread over all buildings."""
    fixed = [row for row in NAMED_RESIDENTS if row[0] == quarter.code]
    houses = quarter.houses
    found = []
    for _code, estate, number, name, key in fixed:
        house = next(each for each in houses if (each.estate, each.number) == (estate, number))
        found.append(Neighbour(names.named(name, key), house))
    rng = random.Random(f"homes {quarter.code}")
    while len(found) < quarter.told.get("residents", RESIDENTS):
        found.append(Neighbour(names.new((1945, 1999)), rng.choice(houses)))
    return found


@dataclass(frozen=True)
class _Empty:
    kind: str
    grid: int
    micro: int = 0
    house: House | None = None
    serial: int = 1


def _empty(quarter: Quarter) -> Iterator[_Empty]:
    """The posts of grids, micro-grids, buildings and entrances, before anybody sits on them."""
    for kind, (of, count) in quarter.told["posts"].items():
        if of == "grid":
            for grid in range(1, quarter.grids + 1):
                yield from (_Empty(kind, grid, serial=serial) for serial in range(1, count + 1))
        elif of == "micro_grid":
            for grid in range(1, quarter.grids + 1):
                yield from (_Empty(kind, grid, micro) for micro in range(1, quarter.micros(grid) + 1))
        else:
            for house in quarter.houses:
                doors = house.entrances if of == "entrance" else 1
                for serial in range(1, doors + 1):
                    yield _Empty(kind, house.grid, house.micro, house, serial)


def _seat(quarter: Quarter, names: Names, empty: _Empty) -> Seat:
    fixed = {(code, kind, grid): (name, key) for code, kind, grid, name, key in NAMED_POSTS}
    story = fixed.get((quarter.code, empty.kind, empty.grid)) if empty.serial == 1 else None
    born = (1948, 1985) if empty.house or empty.micro else (1966, 1998)
    person = names.named(*story) if story else names.new(born)
    return Seat(empty.kind, person, empty.grid, empty.micro, empty.house, empty.serial)


def _office(quarter: Quarter, names: Names) -> Iterator[Seat]:
    """The people of the community's own office: two at the desk, the secretary."""
    known = [row for row in NAMED_POSTS if row[:2] == (quarter.code, "community_desk")]
    first = names.named(known[0][3], known[0][4]) if known else names.new((1975, 1998))
    yield Seat("community_desk", first)
    yield Seat("community_desk", names.new((1980, 1998)), serial=2)
    yield Seat("community_secretary", names.new((1968, 1985)))
