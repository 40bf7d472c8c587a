"""Households: a home for each neighbour with an account, and all homes of the building of the stories."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

from silin.accounts.models import User
from silin.demo.blocks import House, Quarter
from silin.demo.ground import SINCE, Ground
from silin.demo.people import Names
from silin.demo.staff import Crew
from silin.history.actions import record
from silin.people.models import Household, Membership, Person

TOLD = ("610303006003", "宝石家园", 5)  # the building in which every home is known
REGISTER = "people:register"

Door = tuple[str, str]  # entrance, door
Member = tuple[Person, User | None]
Home = tuple[Household, list[Member]]


def register(ground: Ground, crew: Crew, now: datetime) -> None:
    """Write everybody's household in bulk. The caller holds the transaction."""
    names = Names("register")
    homes = [home for area in ground.quarters for home in _homes(ground, area, crew, names)]
    Household.objects.bulk_create([household for household, _members in homes], batch_size=500)
    members = [(household, person) for household, people in homes for person, _user in people]
    Person.objects.bulk_create([person for _household, person in members], batch_size=500)
    Membership.objects.bulk_create(
        [Membership(household=household, person=person, since=SINCE) for household, person in members],
        batch_size=500,
    )
    fields = {"households": len(homes), "people": len(members)}
    record(subject=REGISTER, action="add", actor=None, now=now, fields=fields)


def _homes(ground: Ground, area: Quarter, crew: Crew, names: Names) -> Iterator[Home]:
    rng = random.Random(f"register {area.code}")
    taken: set[tuple[str, int, Door]] = set()
    for each in crew.neighbours[area.code]:
        door = next(door for door in _doors(rng, each.house) if (*_of(each.house), door) not in taken)
        taken.add((*_of(each.house), door))
        household = _household(ground, area, each.house, door, Household.State.LIVED)
        person = Person(name=each.person.name, user=crew.of(each.person))
        person.set_phone(each.person.phone)
        yield household, [(person, person.user), *_family(rng, names)]
    for house in area.houses:
        if (area.code, *_of(house)) != TOLD:
            continue
        for door in _all_doors(house):
            if (*_of(house), door) not in taken:
                state = rng.choices(list(Household.State)[:3], (7, 2, 1))[0]
                people: list[Member] = (
                    [] if state == Household.State.EMPTY else [_person(names), *_family(rng, names)]
                )
                yield _household(ground, area, house, door, state), people


def _of(house: House) -> tuple[str, int]:
    return house.estate, house.number


def _all_doors(house: House) -> list[Door]:
    """Two homes on each floor of each entrance."""
    return [
        (str(entrance), f"{floor}{side:02d}")
        for entrance in range(1, house.entrances + 1)
        for floor in range(1, house.floors + 1)
        for side in (1, 2)
    ]


def _doors(rng: random.Random, house: House) -> list[Door]:
    doors = _all_doors(house)
    return rng.sample(doors, len(doors))


def _household(ground: Ground, area: Quarter, house: House, door: Door, state: str) -> Household:
    tenure = Household.Tenure.RENT if state == Household.State.LET else Household.Tenure.OWN
    household = Household(
        building=ground.building(area, house), state=state, state_since=SINCE, tenure=tenure
    )
    household.set_door(*door)
    return household


def _family(rng: random.Random, names: Names) -> list[Member]:
    """Nobody, one or two more, without an account."""
    return [_person(names) for _ in range(rng.choice((0, 1, 1, 2)))]


def _person(names: Names) -> Member:
    return Person(name=names.new((1945, 1999)).name), None
