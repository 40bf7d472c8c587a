"""Disputes of these days: raised at home, graded, mediated, and how they stand now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import yaml

from silin.demo import grumbles, moment
from silin.demo.moment import Telling
from silin.demo.plane import DATA
from silin.demo.stage import Life, Stage
from silin.kinds.dispute import actions, settling
from silin.matters.deeds import By
from silin.matters.handling import accept
from silin.matters.models import Matter
from silin.matters.raising import Report
from silin.people import queries as people
from silin.places.queries import calendar


@cache
def told() -> list[dict[str, Any]]:
    """What the file tells, in its order."""
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / "disputes.yaml").read_text(encoding="utf-8"))
    return rows


def tellings(stage: Stage) -> Iterator[Telling]:
    """The disputes with the people in them."""
    return moment.tellings(stage, told())


def counts() -> Counter[str]:
    """How many matters of each community are told one by one, these among them."""
    return grumbles.counts() + moment.counts(told())


def lived(stage: Stage, telling: Telling, now: datetime) -> Life:
    """One of them, from what was said first to where it stands."""
    row, house = telling.told, telling.house
    assert house is not None
    report = Report(
        words=row["words"],
        title=row["title"],
        category=stage.categories[row["leaf"]],
        building=stage.ground.building(telling.area, house),
    )
    by = By(telling.raiser, moment.begins(telling, now))
    matter = actions.raise_dispute(by, report, parties=row["parties"])
    for action, hours, *said in row["then"]:
        yield (at := calendar().subtract_hours(now, hours).at)
        matter.refresh_from_db()
        _act(matter, action, at, *said)


def _act(matter: Matter, action: str, at: datetime, words: str = "", what: str = "") -> None:
    assert matter.holder is not None
    by = By(people.holders(matter.holder, at)[0], at, words=words)
    if action == "accept":
        accept(matter, by)
    elif action == "risk":
        actions.grade(matter, by, risk=what)
    elif action == "arrange":
        actions.arrange(matter, by, at=at + timedelta(hours=3), where=words, mediators=[matter.holder])
    elif action == "mediate":
        actions.mediate(matter, by, outcome=what)
    elif action == "settle":
        settling.settle(matter, by, way=what)
    else:
        desk = people.desk_above(matter.holder, at)
        assert desk is not None
        by = By(people.holders(desk, at)[0], at, words=words)
        settling.visit(matter, by, held=action == "visit")
