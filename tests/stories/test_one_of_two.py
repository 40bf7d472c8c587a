"""A desk makes one of two while somebody answers: one of them is told, and nothing is left half done."""

from __future__ import annotations

from datetime import timedelta

from silin.history.queries import check
from silin.lib.refusal import Changed
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.merging import merge
from silin.matters.models import Follower, Link, Matter, State
from silin.matters.raising import Report, raise_matter
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, build, person

HOUR = timedelta(hours=1)


def test_merging_against_a_running_answer_and_each_other(live_db: str) -> None:
    town, ma = build(), person("马兰")
    said = Report("灯不亮", town.lamp, place=town.grid)
    one = accept(raise_matter("report", By(town.chen, MONDAY), said), By(town.wang, MONDAY + HOUR))
    other = accept(raise_matter("report", By(ma, MONDAY), said), By(town.wang, MONDAY + HOUR))
    wang = By(town.wang, MONDAY + 2 * HOUR, words="说清楚了")
    li = By(town.li, MONDAY + 2 * HOUR)
    done = at_once(
        [
            lambda: answer(other, wang, outcome="advised"),
            lambda: merge(other, li, into=one),
            lambda: merge(one, li, into=other),
        ]
    )
    refused = [each for each in done if not isinstance(each, Matter)]
    assert refused
    merged = Matter.objects.filter(state=State.CLOSED, outcome="duplicate")
    assert merged.count() == Link.objects.filter(ended_at=None).count() <= 1
    for matter in Matter.objects.all():
        assert matter.follows == Follower.objects.filter(matter=matter).count()
    assert any(isinstance(each, Changed) or each.code == "over" for each in refused)
    assert check() == []
