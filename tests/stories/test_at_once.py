"""People, repeats and loops at the same moment: real threads, real commits, both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

from django.db import connections

from silin.facts.models import Fact
from silin.history.queries import check
from silin.lib.refusal import Changed, Refused
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.jobs import turn
from silin.matters.models import Matter, Review, State
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review_by_token
from silin.matters.triage import comment
from silin.matters.verifying import verify, withdraw
from silin.notices.models import Notice
from tests.town import MONDAY, Town, build

HOUR = timedelta(hours=1)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run ``calls`` in threads that all start together; what was refused comes back as the refusal."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(run, call) for call in calls]]


def raised(town: Town) -> Matter:
    return raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))


def test_one_report_sent_sixteen_times_at_once_is_one_matter(live_db: str) -> None:
    town = build()
    by, said = By(town.chen, MONDAY, client_id=uuid4()), Report("灯不亮", town.lamp, place=town.grid)
    answers = at_once([lambda: raise_matter("report", by, said) for _ in range(16)])
    assert len({matter.number for matter in answers}) == Matter.objects.count() == 1
    assert Counter(Fact.objects.values_list("name", flat=True)) == {"matter.raised": 1}
    assert Notice.objects.filter(recipient=town.wang).count() == 1


def test_taken_and_withdrawn_at_once_only_one_happens(live_db: str) -> None:
    town = build()
    for _ in range(5):
        matter = raised(town)
        done = at_once(
            [
                partial(accept, matter, By(town.wang, MONDAY, version=1)),
                partial(withdraw, matter, By(town.chen, MONDAY, version=1)),
            ]
        )
        assert sum(isinstance(each, Changed) for each in done) == 1
        matter.refresh_from_db()
        assert matter.version == 2
        assert check(matter.subject) == []


def test_one_action_sent_eight_times_at_once_is_done_once(live_db: str) -> None:
    town = build()
    matter = raised(town)
    by = By(town.li, MONDAY, client_id=uuid4(), words="已经联系物业")
    answers = at_once([lambda: comment(matter, by) for _ in range(8)])
    assert {each.version for each in answers} == {2}


def test_eight_people_write_at_once_and_every_word_stands_in_the_chain(live_db: str) -> None:
    town = build()
    matter = raised(town)
    at_once([partial(comment, matter, By(town.li, MONDAY, words=f"第 {n} 句")) for n in range(8)])
    matter.refresh_from_db()
    assert matter.version == 9
    assert check(matter.subject) == []


def test_four_clock_loops_at_once_do_nothing_twice(live_db: str) -> None:
    town = build()
    for _ in range(10):
        raised(town)
    for hours in (7, 60, 200):
        at_once([partial(turn, MONDAY + hours * HOUR) for _ in range(4)])
    names = Counter(Fact.objects.values_list("name", flat=True))
    assert (names["matter.warned"], names["matter.overdue"]) == (20, 10)


def test_a_review_link_used_twice_at_once_counts_once(live_db: str) -> None:
    town = build()
    matter = raised(town)
    matter = accept(matter, By(town.wang, MONDAY + HOUR))
    matter = answer(matter, By(town.wang, MONDAY + 2 * HOUR, words="是误报"), outcome="not_found")
    matter = verify(matter, By(town.li, MONDAY + 3 * HOUR))
    assert matter.state == State.CLOSED
    secret = Notice.objects.get(recipient=town.chen, name="matter_closed", channel="sms").link.split("/")[2]
    now = MONDAY + 4 * HOUR
    done = at_once([partial(review_by_token, secret, grade=g, words="", now=now) for g in (5, 4, 3)])
    assert sum(isinstance(each, Refused) for each in done) == 2
    assert Review.objects.filter(matter=matter).count() == 1
