"""Rectifications of the last months: what somebody found short, and what came of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

import yaml
from django.utils.timezone import localdate

from silin.accounts.models import User
from silin.demo import moment, quarrels
from silin.demo.blocks import Quarter
from silin.demo.moment import Telling
from silin.demo.plane import DATA
from silin.demo.stage import Life, Stage
from silin.demo.words import leaves
from silin.files.models import File
from silin.kinds.rectification import actions, raising
from silin.kinds.rectification.table import of
from silin.matters import handling, oversight, triage
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.people import queries as people
from silin.people.models import Organisation, Post
from silin.places.queries import calendar

BY_OWNER = ("plan", "apply", "ask", "comment")


@cache
def told() -> list[dict[str, Any]]:
    """What the file tells, in its order."""
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / "rectifications.yaml").read_text(encoding="utf-8"))
    return rows


def tellings(stage: Stage) -> Iterator[Telling]:
    """The rectifications with the community that each is about and who set it."""
    areas = {area.code: area for area in stage.ground.quarters}
    for row in told():
        area = areas[row["in"]]
        yield Telling(row, area, None, _setter(stage, area, row["by"]))


def counts() -> Counter[str]:
    """How many matters of each community are told one by one, these among them."""
    return quarrels.counts() + moment.counts(told())


def lived(stage: Stage, telling: Telling, now: datetime) -> Life:
    """One of them, from what was found to where it stands."""
    row, begun = telling.told, moment.begins(telling, now)
    problem = raising.Problem(
        heading=row["title"],
        words=row["words"],
        unit=stage.ground.places[telling.area.code],
        deadline=localdate(begun) + timedelta(days=row["within"]),
        owner=_bureau(stage, telling.area, row["to"], begun) if "to" in row else None,
    )
    matter = raising.raise_rectification(By(telling.raiser, begun), problem)
    for action, ago, *said in row.get("then", ()):
        yield (at := calendar().subtract_hours(now, ago).at)
        matter.refresh_from_db()
        _act(stage, telling, matter, action, at, *said)


def _setter(stage: Stage, area: Quarter, by: str) -> User:
    if by == "desk":
        return stage.desk(area)
    if by == "street":
        return stage.street(area)[1]
    if by == "county":
        return stage.county(area)
    return next(
        user
        for post, user in stage.crew.holding(stage.ground.county(area), "county_clerk")
        if post.organisation is not None and post.organisation.name.endswith(by)
    )


def _bureau(stage: Stage, area: Quarter, name: str, at: datetime) -> Post | None:
    county = stage.ground.county(area)
    return raising.seat_of(Organisation.objects.get(place=county, name=f"{county.name}{name}"), at)


def _act(
    stage: Stage,
    telling: Telling,
    matter: Matter,
    action: str,
    at: datetime,
    words: str = "",
    what: Any = "",
    days: int = 0,
) -> None:
    post = matter.holder if action in BY_OWNER else of(matter).setter
    assert post is not None
    day = localdate(at)
    by = By(people.holders(post, at)[0], at, words=words)
    acts: dict[str, Callable[[], Matter]] = {
        "plan": partial(actions.plan, matter, by, in_charge=what, done_by=day + timedelta(days=days)),
        "apply": lambda: actions.apply(matter, by, evidence=_photos(stage, telling, what)),
        "turn_down": partial(actions.turn_down, matter, by),
        "strike_off": partial(actions.strike_off, matter, by, how=what),
        "held": partial(actions.look_back, matter, by, outcome="held"),
        "fell_back": partial(actions.look_back, matter, by, outcome="fell_back"),
        "ask": lambda: handling.ask(matter, by, what="extend", until=_later(matter, what)),
        "extend": lambda: oversight.extend(matter, by, until=_later(matter, what)),
        "comment": partial(triage.comment, matter, by),
    }
    acts[action]()


def _photos(stage: Stage, telling: Telling, leaf: str) -> list[File]:
    """A picture of how it looks afterwards; none where the file names no scene."""
    if not leaf:
        return []
    return stage.photos(leaves()[leaf]["scene"], random.Random(str(telling.told["title"])), done=True)


def _later(matter: Matter, days: int) -> Any:
    """The first working day so many days after the present deadline."""
    day = of(matter).deadline + timedelta(days=days)
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day
