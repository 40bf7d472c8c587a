"""Days off are announced, a limit changes: what is open is counted anew, once, and whoever waits is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from silin.history.models import Entry
from silin.history.queries import check
from silin.matters import clock
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, pause, resume
from silin.matters.jobs import run_due
from silin.matters.models import Colour, Matter
from silin.matters.oversight import extend
from silin.matters.raising import Report, raise_matter
from silin.matters.recounting import recount_due
from silin.matters.terms import set_category
from silin.matters.tests.pages import signed_in
from silin.matters.timeline import steps
from silin.matters.verifying import reject
from silin.notices.models import Notice
from silin.places.actions import set_day_off
from silin.places.numbers import set_number
from tests.town import MONDAY, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DECEMBER = datetime(2026, 12, 30, 10, 0, tzinfo=MONDAY.tzinfo)  # a Wednesday; 2027 is not announced


def raised(town: Town, now: datetime = DECEMBER) -> Matter:
    return raise_matter("tiny", By(town.chen, now), Report("灯不亮", town.lamp, place=town.grid))


def announce(*days: date) -> None:
    for day in days:
        set_day_off(day, "day_off", name="元旦", actor=None, now=DECEMBER + HOUR)


def lines(matter: Matter) -> list[dict[str, object]]:
    rows = Entry.objects.filter(subject=matter.subject, action="recount").order_by("seq")
    return [entry.fields for entry in rows]


def told(name: str) -> int:
    return Notice.objects.filter(name=name, channel="inbox").count()


def test_a_year_is_announced_and_the_day_moves(town: Town) -> None:
    matter = raised(town)
    assert (matter.provisional, matter.handle_due) == (True, DECEMBER + 6 * DAY)
    page = signed_in(town.chen).get(f"/m/{matter.number}/").content.decode()
    assert "那一年的放假安排还没有公布" in page
    assert recount_due(DECEMBER + HOUR) == 0
    announce(date(2027, 1, 1), date(2027, 1, 4))
    assert recount_due(DECEMBER + 2 * HOUR) == 1
    matter.refresh_from_db()
    assert (matter.provisional, matter.handle_due) == (False, DECEMBER + 7 * DAY)
    assert [line["why"] for line in lines(matter)] == [{"rule": "announced", "year": 2027}]
    sentence = steps(matter, town.chen, for_resident=True)[0].sentence
    assert sentence == "2027 年的放假安排公布了，现在要在 2027年1月6日 10:00 前办好"
    assert (told("matter_recounted"), told("matter_counted_anew")) == (1, 1)
    assert recount_due(DECEMBER + 3 * HOUR) == 0
    assert check(matter.subject) == []
    assert "还没有公布" not in signed_in(town.chen).get(f"/m/{matter.number}/").content.decode()


def test_a_year_that_is_announced_as_expected_moves_nothing_and_tells_nobody(town: Town) -> None:
    matter = raised(town)
    announce(date(2027, 1, 1))
    assert recount_due(DECEMBER + 2 * HOUR) == 1
    matter.refresh_from_db()
    assert (matter.provisional, matter.version, lines(matter)) == (False, 1, [])
    assert told("matter_recounted") == 0


def test_a_longer_limit_gives_open_matters_more_time(town: Town) -> None:
    matter = accept(raised(town, MONDAY), By(town.wang, MONDAY))
    run_due(MONDAY + 2 * DAY + 6 * HOUR)
    matter.refresh_from_db()
    assert matter.colour == Colour.WARN
    town.lamp.handle_days = 5
    set_category(town.lamp, actor=None, now=MONDAY + 2 * DAY)
    recount_due(MONDAY + 2 * DAY + 7 * HOUR)
    matter.refresh_from_db()
    assert (matter.handle_due, matter.colour) == (MONDAY + 7 * DAY, Colour.OK)
    assert lines(matter)[0]["why"] == {"rule": "limit"}


def test_nobody_is_late_by_a_shorter_limit_and_late_stays_late(town: Town) -> None:
    matter, late = raised(town, MONDAY), raised(town, MONDAY - 14 * DAY)
    run_due(MONDAY)
    town.lamp.handle_days = 1
    set_category(town.lamp, actor=None, now=MONDAY)
    recount_due(MONDAY + 2 * DAY)
    matter.refresh_from_db()
    assert matter.handle_due == MONDAY + 3 * DAY
    town.lamp.handle_days = 30
    set_category(town.lamp, actor=None, now=MONDAY)
    due = late.handle_due
    recount_due(MONDAY + 2 * DAY)
    late.refresh_from_db()
    assert (late.handle_due, late.colour) == (due, Colour.LATE)


def test_pauses_and_given_time_are_kept(town: Town) -> None:
    matter = accept(raised(town, MONDAY), By(town.wang, MONDAY))
    matter = extend(matter, By(town.li, MONDAY + HOUR, words="等料"), until=date(2026, 10, 26))
    matter = pause(matter, By(town.wang, MONDAY + 2 * HOUR, words="等"), reason="date")
    matter = resume(matter, By(town.wang, MONDAY + 2 * HOUR + DAY))
    due = matter.handle_due
    announce(date(2026, 10, 28))
    Matter.objects.update(counted=0)
    assert recount_due(MONDAY + 2 * DAY) == 1
    matter.refresh_from_db()
    assert (matter.handle_due, lines(matter)) == (due, [])
    announce(date(2026, 10, 27))
    recount_due(MONDAY + 2 * DAY)
    matter.refresh_from_db()
    assert due is not None
    assert matter.handle_due == due + 2 * DAY  # a day off more, and the 28th behind it


def test_numbers_move_the_inner_times_without_a_word_to_residents(town: Town) -> None:
    matter = accept(raised(town, MONDAY), By(town.wang, MONDAY))
    done = answer(accept(raised(town, MONDAY), By(town.wang, MONDAY)), By(town.wang, MONDAY, words="好了"))
    for name, value in (("matters.warn_share", 0.5), ("matters.verify_days", 10)):
        set_number(name, value, valid_from=MONDAY.date(), actor=None, now=MONDAY)
    assert recount_due(MONDAY + DAY) == 2
    assert [lines(each)[0]["times"] for each in (matter, done)] == [["warn_due"], ["verify_due"]]
    assert "recount" not in [step.action for step in steps(matter, town.chen, for_resident=True)]
    assert told("matter_recounted") == told("matter_counted_anew") == 0


def test_a_number_of_a_later_day_sets_the_loop_to_work_on_that_day(db: None) -> None:
    day = date(2035, 1, 1)
    set_number("matters.warn_share", 0.5, valid_from=day, actor=None, now=MONDAY)
    eve, morning = (clock.end_of(date(2034, 12, 29)), clock.last_moment(day))
    assert clock.revision(MONDAY) == clock.revision(eve) < clock.revision(morning)


@pytest.mark.parametrize("late", [False, True])
def test_the_ladder_goes_on_after_not_yet(late: bool, town: Town) -> None:
    """Answered late, faster than the loop, and sent back: it climbs all the same."""
    when = MONDAY + (5 * DAY if late else DAY)
    done = answer(accept(raised(town, MONDAY), By(town.wang, MONDAY)), By(town.wang, when, words="好了"))
    back = reject(done, By(town.chen, when + HOUR, words="没好"))
    assert (back.escalate_due is not None) == late
