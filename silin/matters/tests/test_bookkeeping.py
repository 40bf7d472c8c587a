"""Facts counted again from history: nothing differs after honest work, and a planted fact is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from silin.facts.actions import FactRow, write
from silin.facts.models import Fact
from silin.history.actions import record
from silin.matters.bookkeeping import LEAVES, differences
from silin.matters.deeds import By, lock
from silin.matters.handling import accept, answer, contact, give_back
from silin.matters.jobs import turn
from silin.matters.models import Matter, Outcome
from silin.matters.oversight import defer, look_back
from silin.matters.raising import Report, raise_matter, settle_at_once
from silin.matters.review import review
from silin.matters.table import ACTIONS
from silin.matters.taking_back import take_back
from silin.matters.triage import dispatch
from silin.matters.verifying import close, reject, reopen, verify
from silin.people.models import Post
from tests.town import MONDAY, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def report(town: Town) -> Report:
    return Report("灯不亮", town.lamp, place=town.grid)


def honest_work(town: Town) -> Matter:
    """Several matters on long ways; gives the first."""
    leader, chen = Post.objects.get(kind="grid_leader"), By(town.chen, MONDAY)
    first = raise_matter("tiny", chen, report(town))
    matter = give_back(first, By(town.wang, MONDAY, words="不归我"))
    matter = dispatch(matter, By(town.li, MONDAY + HOUR), to=leader)
    matter = take_back(matter, By(town.li, MONDAY + HOUR))
    matter = dispatch(matter, By(town.li, MONDAY + 2 * HOUR), to=leader)
    for _twice in range(2):
        matter = contact(
            matter, By(town.leader, MONDAY + 2 * HOUR, words="约好了"), how="phone", reached=True
        )
    matter = accept(matter, By(town.leader, MONDAY + 2 * HOUR))
    matter = answer(matter, By(town.leader, MONDAY + 8 * DAY, words="修了"))
    matter = reject(matter, By(town.chen, MONDAY + 8 * DAY, words="没亮"))
    matter = answer(matter, By(town.leader, MONDAY + 9 * DAY, words="又修了"))
    matter = verify(matter, By(town.chen, MONDAY + 9 * DAY))
    matter = reopen(matter, By(town.chen, MONDAY + 10 * DAY, words="又坏了"))
    matter = verify(
        answer(matter, By(town.leader, MONDAY + 10 * DAY, words="换了")), By(town.li, MONDAY + 10 * DAY)
    )
    review(matter, By(town.chen, MONDAY + 10 * DAY), grade=4)
    look_back(matter, By(town.zhou, MONDAY + 20 * DAY, words="又不亮"), held=False)
    put_off = accept(raise_matter("tiny", chen, report(town)), By(town.wang, MONDAY))
    defer(put_off, By(town.li, MONDAY, words="没钱"), reason="money", until=(MONDAY + 2 * DAY).date())
    raise_matter("tiny", chen, report(town))
    settle_at_once("tiny", By(town.wang, MONDAY, words="扶好了"), report(town))
    close(raise_matter("tiny", chen, report(town)), By(town.li, MONDAY, words="转了"), outcome="passed_on")
    for days in range(0, 30, 2):
        turn(MONDAY + days * DAY)
    return first


def found() -> list[tuple[str, str]]:
    return [(each.subject, each.why) for each in differences()]


def test_every_action_says_which_facts_it_leaves() -> None:
    unsaid = set(ACTIONS) - set(LEAVES)
    assert not unsaid, f"say in silin/matters/bookkeeping.py which facts these leave: {sorted(unsaid)}"
    assert set(LEAVES) == set(ACTIONS)


def test_after_honest_work_the_two_books_agree(town: Town) -> None:
    honest_work(town)
    assert Fact.objects.count() > 30
    assert found() == []


def test_a_planted_fact_is_found(town: Town) -> None:
    matter = honest_work(town)
    closed = Fact.objects.filter(subject=matter.subject, name="matter.closed").first()
    assert closed is not None
    write([FactRow.undoing(closed)])
    ((subject, why),) = found()
    assert subject == matter.subject
    assert "matter.closed" in why


def test_a_prettier_answer_is_found_and_so_is_a_fact_about_nothing(town: Town) -> None:
    matter = raise_matter("tiny", By(town.chen, MONDAY), report(town))
    columns: dict[str, Any] = {"kind": "tiny", "category": "street_light", "channel": "web"}
    columns["unit"] = matter.unit
    nobody = f"matter:{UUID(int=7)}"
    for subject in (matter.subject, nobody):
        more: dict[str, Any] = {"outcome": Outcome.FIXED.value, "on_time": True, "subject": subject}
        write([FactRow.of("matter.closed", now=MONDAY, **columns, **more)])
    assert [subject for subject, _why in found()] == [matter.subject, nobody]


def test_a_line_that_nobody_knows_is_said_clearly(town: Town) -> None:
    matter = raise_matter("tiny", By(town.chen, MONDAY), report(town))
    lock(matter)
    record(subject=matter.subject, action="teleport", actor=None, now=MONDAY)
    assert "teleport" in found()[0][1]
