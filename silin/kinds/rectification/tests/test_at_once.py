"""Two loops and two people at one rectification at the same moment: real threads, both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from silin.kinds.rectification.actions import apply, look_back, plan, strike_off, turn_down
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.raising import Problem, raise_rectification
from silin.lib.refusal import Changed
from silin.matters.deeds import By
from silin.matters.models import Matter, State
from silin.people.actions import appoint
from tests.stories.test_at_once import at_once
from tests.stories.test_kinds_at_once import assert_the_books_agree, facts
from tests.town import MONDAY, Town, build, person

DAY = MONDAY.date() + timedelta(days=40)


def shortfall(town: Town, period: str) -> Problem:
    return Problem("楼道堆物", "两个单元堆满纸箱", town.community, "S1.2.3", period=period, deadline=DAY)


def test_two_loops_that_find_the_same_set_one_task(live_db: str) -> None:
    town = build()
    for n, by in enumerate((By(None, MONDAY), By(town.guo, MONDAY), By(None, MONDAY)), 1):
        said = shortfall(town, f"2026-0{n}")
        everybody = (by, By(None, MONDAY)) * 3
        found = at_once([partial(raise_rectification, each, said) for each in everybody])
        assert len({matter.pk for matter in found}) == 1
        assert Matter.objects.count() == Rectification.objects.count() == n
        assert facts(found[0])["problem.opened"] == 1
        assert_the_books_agree(found[0])


def test_two_of_one_office_apply_and_two_above_decide(live_db: str) -> None:
    town = build()
    other, above = person("代班的小周"), person("街道的老冯")
    appoint(town.desk_post, other, stand_in=True, actor=None, now=MONDAY)
    matter = raise_rectification(By(town.guo, MONDAY), shortfall(town, "2026-Q1"))
    setter = Rectification.objects.get().setter
    assert setter is not None
    appoint(setter, above, stand_in=True, actor=None, now=MONDAY)
    both = [By(each, MONDAY, words="清干净了") for each in (town.li, other)]
    matter = plan(matter, both[0], in_charge="李建民", done_by=MONDAY.date())
    done = at_once([partial(apply, matter, by) for by in both])
    assert sum(isinstance(each, Changed) for each in done) == 1
    guo, feng = (By(each, MONDAY, words="看过了") for each in (town.guo, above))
    done = at_once([partial(strike_off, matter, guo, how="spot"), partial(turn_down, matter, feng)])
    assert sum(isinstance(each, Changed) for each in done) == 1
    matter.refresh_from_db()
    closed = matter.state == State.CLOSED
    assert facts(matter)["problem.struck_off"] == facts(matter)["matter.closed"] == int(closed)
    if not closed:
        strike_off(apply(matter, both[1]), guo, how="spot")
    by = By(None, MONDAY + timedelta(days=90), version=Matter.objects.get().version)
    done = at_once([partial(look_back, matter, by, outcome="fell_back")] * 2)
    assert sum(isinstance(each, Changed) for each in done) == 1
    assert Rectification.objects.get().fell == facts(matter)["problem.fell_back"] == 1
    assert_the_books_agree(matter)
