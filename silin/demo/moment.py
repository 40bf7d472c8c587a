"""What is going on at this moment: matters told one by one, timed backwards from now in working hours."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import yaml

from silin.accounts.models import User
from silin.demo.blocks import House, Quarter
from silin.demo.lives import kind_of
from silin.demo.people import Neighbour
from silin.demo.plane import DATA
from silin.demo.stage import Life, Stage
from silin.demo.words import leaves
from silin.matters import handling, raising, triage, verifying, watching, whistling
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report
from silin.places.queries import calendar

CHANNELS = {"neighbour": "web", "worker": "worker", "desk": "phone"}
WATCHERS: dict[str, Callable[[Stage, Quarter], User]] = {
    "desk_watches": lambda stage, area: stage.desk(area),
    "street_watches": lambda stage, area: stage.street(area)[1],
    "county_watches": lambda stage, area: stage.county(area),
}
"""Whose watch list something is put on."""


@dataclass(frozen=True)
class Telling:
    """One matter of this moment, at its building or (without one) in the community as a whole."""

    told: Mapping[str, Any]
    area: Quarter
    house: House | None
    raiser: User


@cache
def told() -> list[dict[str, Any]]:
    """What the file tells, in its order."""
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / "now.yaml").read_text(encoding="utf-8"))
    return rows


def tellings(stage: Stage, rows: Sequence[Mapping[str, Any]] | None = None) -> Iterator[Telling]:
    """The matters of this moment, or those in ``rows``, with the people in them."""
    areas = {area.code: area for area in stage.ground.quarters}
    area = stage.ground.quarters[0]
    for row in told() if rows is None else rows:
        area = areas[row.get("in", area.code)]
        house = _house(area, row["at"]) if "at" in row else None
        yield Telling(row, area, house, _raiser(stage, area, house, row["by"]))


def counts(rows: Sequence[Mapping[str, Any]] | None = None) -> Counter[str]:
    """How many matters of this moment, or of ``rows``, each community has."""
    found: Counter[str] = Counter()
    code = ""
    for row in told() if rows is None else rows:
        code = row.get("in", code)
        found[code] += 1
    return found


def begins(telling: Telling, now: datetime) -> datetime:
    """When it was raised."""
    return calendar().subtract_hours(now, telling.told["ago"]).at


def lived(stage: Stage, telling: Telling, now: datetime) -> Life:
    """The story of one of them, as the file tells it."""
    told = telling.told
    report, by = _report(stage, telling), By(telling.raiser, begins(telling, now))
    matter = raising.raise_matter(kind_of(report.channel), by, report)
    for action, ago, *words in told.get("steps", ()):
        at = calendar().subtract_hours(now, ago).at
        yield at
        matter.refresh_from_db()
        _act(stage, telling, matter, action, at, *words)


def _house(area: Quarter, at: tuple[str, int]) -> House:
    estate, number = at
    return next(house for house in area.houses if (house.estate, house.number) == (estate, number))


def _raiser(stage: Stage, area: Quarter, house: House | None, by: str) -> User:
    homes: list[Neighbour] = stage.crew.neighbours[area.code]
    if by == "desk" or house is None:
        return stage.desk(area, 2)
    if by == "worker":
        return stage.worker(area, house.grid)
    if by == "neighbour":
        near = [each for each in homes if not each.person.key and each.house == house]
        return stage.user(random.Random(f"neighbour {house}").choice(near or homes[1:]).person)
    return stage.user(next(each.person for each in homes if each.person.key == by))


def _report(stage: Stage, telling: Telling) -> Report:
    told, area, house = telling.told, telling.area, telling.house
    photos = stage.photos(leaves()[told["leaf"]]["scene"], _pick(told), done=False)
    nearby = house is not None and "place" in told
    return Report(
        words=told["words"],
        title=told["title"],
        category=stage.categories[told["leaf"]],
        building=stage.ground.building(area, house) if house and not nearby else None,
        located=stage.on_the_road(area, house) if house and nearby else None,
        place=None if house else stage.ground.places[area.code],
        spot=told.get("place") or told.get("spot", ""),
        channel=told.get("channel") or CHANNELS.get(told["by"], "web"),
        photos=photos if house else (),
    )


def _act(
    stage: Stage,
    telling: Telling,
    matter: Matter,
    action: str,
    at: datetime,
    words: str = "",
    reason: str = "",
) -> None:
    holder = By(stage.holder(matter)[1], at, words=words)
    if action == "release":
        triage.triage(matter, By(stage.desk(telling.area), at), public=True)
    elif action == "accept":
        handling.accept(matter, holder)
    elif action == "return":
        handling.give_back(matter, holder)
    elif action == "pause":
        handling.pause(matter, holder, reason="third_party")
    elif action == "answer":
        scene, pick = leaves()[telling.told["leaf"]]["scene"], _pick(telling.told)
        handling.answer(matter, holder, after=stage.photos(scene, pick, done=True))
    elif action == "reject":
        verifying.reject(matter, By(telling.raiser, at, words=words))
    elif action == "withdraw":
        verifying.withdraw(matter, By(telling.raiser, at))
    elif action in ("whistle", "call", "come"):
        _whistled(stage, telling, matter, action, at, words)
    elif action in WATCHERS:
        watching.put_on(matter, By(WATCHERS[action](stage, telling.area), at, words=words), reason=reason)
    else:
        verifying.verify(matter, By(telling.raiser, at))


def _whistled(stage: Stage, telling: Telling, matter: Matter, action: str, at: datetime, words: str) -> None:
    """The desk asks the street, the street calls the bureau, the bureau comes."""
    area = telling.area
    street, duty = stage.street(area)
    if action == "whistle":
        whistling.whistle(matter, By(stage.desk(area), at, words=words), lead=street)
    elif action == "call":
        bureau = stage.departments(area, telling.told["leaf"])[0]
        whistling.whistle(matter, By(duty, at, words=words), lead=bureau)
    else:
        whistling.report_in(matter, By(stage.holder(matter)[1], at))


def _pick(told: Mapping[str, Any]) -> random.Random:
    return random.Random(str(told["title"]))
