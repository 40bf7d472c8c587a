"""The recount in towns where everybody does at random whatever the table of actions lets them do."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from silin.assessment.publishing import measure_due
from silin.assessment.sample import load_sample
from silin.demo.stage import let_pass
from silin.demo.tests.recounting import count
from silin.demo.tests.test_recount import differing
from silin.facts.folding import fold
from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, give_back
from silin.matters.models import Category, Matter, Outcome, State
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review
from silin.matters.triage import dispatch
from silin.matters.verifying import close, reject, reopen, verify
from silin.people.models import Post
from silin.people.stocks import count_people
from silin.places.stocks import count_territory
from tests.town import Town, build

pytestmark = pytest.mark.django_db
SEPTEMBER, NOVEMBER = (datetime(2026, month, 1, 8, tzinfo=SHANGHAI) for month in (9, 11))
ENDINGS = (Outcome.ADVISED, Outcome.PASSED_ON, Outcome.NOT_FEASIBLE)
Deeds = list[tuple[str, Callable[[Matter, By], object]]]


def deeds_of(pick: random.Random, posts: list[Post]) -> dict[str, Deeds]:
    """What somebody may try on a matter in each state."""
    sent = ("dispatch", lambda matter, by: dispatch(matter, by, to=pick.choice(posts)))
    done = ("answer", lambda matter, by: answer(matter, by, outcome=pick.choice(ENDINGS)))
    ended = ("close", lambda matter, by: close(matter, by, outcome=pick.choice(ENDINGS)))
    graded = ("review", lambda matter, by: review(matter, by, grade=pick.randrange(1, 6)))
    return {
        State.RAISED: [sent, ended],
        State.ASSIGNED: [("accept", accept), ("accept", accept), sent, ("give_back", give_back)],
        State.IN_HAND: [done, done, ("give_back", give_back)],
        State.ANSWERED: [("verify", verify), ("reject", reject), ended],
        State.CLOSED: [graded, ("reopen", reopen)],
    }


def lived(town: Town, pick: random.Random) -> Counter[str]:
    """Two months of it, an hour or a day at a time; gives how often each deed was done."""
    people = [getattr(town, name) for name in ("chen", "wang", "leader", "li", "guo", "zhou")]
    posts = sorted(Post.objects.select_related("place"), key=lambda each: (each.kind_id, each.place.code))
    categories = Category.objects.filter(parent__isnull=False, active=True, private=False)
    leaves = sorted(categories, key=lambda each: each.pk)
    deeds = deeds_of(pick, posts)
    done: Counter[str] = Counter()
    now = SEPTEMBER + timedelta(hours=1)
    while now < NOVEMBER:
        let_pass(now)
        if pick.random() < 0.6:
            who, kind = pick.choice([(town.chen, "report"), (town.wang, "finding"), (town.li, "report")])
            channel = pick.choice(["web", "wechat", "phone"])
            said = Report(
                "楼道里的灯又不亮了。", pick.choice(leaves), building=town.building, channel=channel
            )
            attempt(done, kind, raise_matter, kind, By(who, now), said)
        matters = list(Matter.objects.order_by("-raised_at")[:25])
        for matter in pick.sample(matters, min(3, len(matters))):
            name, deed = pick.choice(deeds.get(matter.state, [("accept", accept)]))
            by = (
                By(who, now, words="去看过了，跟住户说清楚了。") for who in pick.sample(people, len(people))
            )
            any(attempt(done, name, deed, matter, each) for each in by)
        now += timedelta(hours=pick.choice((1, 2, 5, 9, 30)))
    let_pass(NOVEMBER)
    return done


def attempt(done: Counter[str], name: str, deed: Callable[..., object], *about: Any) -> bool:
    """Do it if it may be done; gives whether it was."""
    try:
        deed(*about)
    except Refused:
        return False
    done[name] += 1
    return True


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 6))])
def test_every_card_of_a_random_town_says_what_its_rows_say(seed: int) -> None:
    town = build(SEPTEMBER)
    load_sample()
    for count_register in (count_territory, count_people):
        count_register(SEPTEMBER + timedelta(hours=15))
    done = lived(town, random.Random(seed))
    while fold():
        pass
    measure_due(NOVEMBER - timedelta(minutes=1))
    differs, counted = differing(count(NOVEMBER.date()))
    assert not differs, (seed, done, "\n".join(map(str, differs[:20])))
    assert len({code for code, _level in counted}) >= 4, (seed, done, sorted(counted))
    tried = ("report", "finding", "answer", "verify", "reject", "reopen", "review")
    assert min(done[name] for name in tried) > 3, (seed, done)
