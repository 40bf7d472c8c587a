"""Bad reviews of these days: what somebody was not content with, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

import yaml

from silin.accounts.models import User
from silin.demo import moment
from silin.demo.moment import Telling
from silin.demo.plane import DATA
from silin.demo.stage import Life, Stage
from silin.kinds.bad_review import actions
from silin.matters import handling, verifying
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.review import review
from silin.people import queries as people
from silin.places.queries import calendar


@cache
def told() -> list[dict[str, Any]]:
    """What the file tells, in its order."""
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / "reviews.yaml").read_text(encoding="utf-8"))
    return rows


def tellings(stage: Stage) -> Iterator[Telling]:
    """The matters that somebody was not content with, with the people in them."""
    return moment.tellings(stage, told())


def counts() -> Counter[str]:
    """How many matters of each community are told one by one: these with what follows, and those of now."""
    return moment.counts() + moment.counts(told() * 2)


def lived(stage: Stage, telling: Telling, now: datetime) -> Life:
    """One of them, from what was reported to where the review has come."""
    row = telling.told
    yield from moment.lived(stage, telling, now)
    about = Matter.objects.get(title=row["title"], raised_at=moment.begins(telling, now))
    grade, ago, tags, words = row["review"]
    yield (at := calendar().subtract_hours(now, ago).at)
    review(about, By(telling.raiser, at, words=words), grade=grade, tags=tags)
    matter = Matter.objects.get(about=about)
    for action, hours, *said in row.get("then", ()):
        yield (at := calendar().subtract_hours(now, hours).at)
        matter.refresh_from_db()
        _act(matter, action, at, *said)


def _act(matter: Matter, action: str, at: datetime, words: str = "") -> None:
    assert matter.holder is not None
    holder = _first(matter.holder, at)
    graded = _first(matter.bad_review.graded, at)
    above = _first(people.desk_above(matter.holder, at), at)
    acts: dict[str, tuple[Callable[..., Matter], User, dict[str, Any]]] = {
        "accept": (handling.accept, holder, {}),
        "contact": (handling.contact, holder, {"how": "phone", "reached": True}),
        "order": (actions.order, holder, {"names_case": True}),
        "put_right": (actions.put_right, graded, {}),
        "appeal": (actions.appeal, graded, {}),
        "answer": (handling.answer, holder, {"outcome": "fixed"}),
        "verify": (verifying.verify, above, {}),
    }
    verb, who, more = acts[action]
    verb(matter, By(who, at, words=words), **more)


def _first(post: Any, at: datetime) -> User:
    return people.holders(post, at)[0]
