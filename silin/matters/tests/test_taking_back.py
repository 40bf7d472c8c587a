"""Ten seconds after a dispatch or a whistle whoever sent it takes it back, and nobody has heard of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.history.queries import check
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.matters.deeds import By
from silin.matters.handling import accept, ask, pause
from silin.matters.models import Assignment, Matter, TimeRequest
from silin.matters.raising import Report, raise_matter
from silin.matters.taking_back import NOT_UNDONE, take_back
from silin.matters.tests.pages import make_town, sent, signed_in
from silin.matters.tests.pages import raised as reported
from silin.matters.triage import comment, dispatch
from silin.matters.whistling import take_part, whistle
from silin.notices import queries as notices
from silin.notices.sending import send_due
from silin.people.models import Post
from tests.stories.test_at_once import centre_of
from tests.town import MONDAY, Town

OFFER = 'value="take_back"'
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def raised(town: Town) -> Matter:
    return raise_matter("tiny", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))


def row_of(matter: Matter) -> dict[str, Any]:
    """What the row says beside what every deed changes."""
    row = Matter.objects.filter(pk=matter.pk).values().get()
    return {name: value for name, value in row.items() if name not in NOT_UNDONE}


def inbox(user: User, now: Any) -> list[str]:
    return [each.name for each in notices.inbox_of(user, now)]


def dispatches(matter: Matter) -> int:
    rows = Fact.objects.filter(subject=matter.subject, name="matter.dispatched")
    return rows.aggregate(n=Sum("n"))["n"] or 0


def test_sent_to_the_wrong_post_and_taken_back(town: Town) -> None:
    leader = Post.objects.get(kind="grid_leader")
    matter = raised(town)
    before = row_of(matter)
    gone = dispatch(matter, By(town.li, MONDAY + HOUR), to=leader)
    assert inbox(town.leader, MONDAY + HOUR + 9 * SECOND) == []
    back = take_back(gone, By(town.li, MONDAY + HOUR + 9 * SECOND, version=gone.version))
    assert row_of(back) == before
    assert (back.holder, back.version, back.undo) == (town.worker_post, 3, None)
    send_due(MONDAY + 2 * HOUR)
    assert inbox(town.leader, MONDAY + 2 * HOUR) == []
    assert dispatches(matter) == 0
    assert check(matter.subject) == []
    again = dispatch(back, By(town.li, MONDAY + 2 * HOUR), to=leader)
    assert inbox(town.leader, MONDAY + 2 * HOUR + 10 * SECOND) == ["matter_assigned"]
    assert (dispatches(again), again.holder) == (1, leader)


def test_the_clock_that_stood_and_the_question_that_waited_come_back(town: Town) -> None:
    leader = Post.objects.get(kind="grid_leader")
    asked = ask(
        accept(raised(town), By(town.wang, MONDAY)),
        By(town.wang, MONDAY, words="等灯泡"),
        what="extend",
        until=(MONDAY + timedelta(days=4)).date(),
    )
    before = row_of(asked)
    back = take_back(dispatch(asked, By(town.li, MONDAY + HOUR), to=leader), By(town.li, MONDAY + HOUR))
    assert row_of(back) == before
    assert TimeRequest.objects.get(matter=back).decided_at is None
    waits = pause(
        accept(raised(town), By(town.wang, MONDAY)), By(town.wang, MONDAY, words="等"), reason="date"
    )
    before = row_of(waits)
    back = take_back(dispatch(waits, By(town.li, MONDAY + HOUR), to=leader), By(town.li, MONDAY + HOUR))
    assert row_of(back) == before
    assert back.pauses.get().ended_at is None


def test_a_whistle_taken_back_leaves_the_earlier_one_as_it_was(town: Town) -> None:
    street, (one, other) = Post.objects.get(kind="street_duty"), centre_of(town)
    called = whistle(raised(town), By(town.li, MONDAY, words="请街道来"), lead=street)
    first = whistle(called, By(town.guo, MONDAY, words="来"), lead=one[0], others=[other[0]])
    first = take_part(first, By(other[1], MONDAY + HOUR))
    before, calls = row_of(first), list(Assignment.objects.order_by("pk").values())
    by = By(town.guo, MONDAY + 2 * HOUR, words="错了")
    back = take_back(whistle(first, by, lead=other[0]), By(town.guo, MONDAY + 2 * HOUR + SECOND))
    assert row_of(back) == before
    assert list(Assignment.objects.order_by("pk").values()) == calls
    assert {call.post for call in back.running_calls} == {one[0], other[0]}


def test_after_ten_seconds_or_another_deed_it_is_too_late(town: Town) -> None:
    leader = Post.objects.get(kind="grid_leader")
    gone = dispatch(raised(town), By(town.li, MONDAY), to=town.worker_post)
    with pytest.raises(NotAllowed):
        take_back(gone, By(town.guo, MONDAY + SECOND))
    with pytest.raises(Refused, match="told"):
        take_back(gone, By(town.li, MONDAY + 10 * SECOND))
    send_due(MONDAY + 20 * SECOND)
    with pytest.raises(Refused, match="told"):
        take_back(gone, By(town.li, MONDAY + 5 * SECOND))
    assert dispatches(gone) == 1
    other = dispatch(raised(town), By(town.li, MONDAY), to=leader)
    comment(other, By(town.chen, MONDAY + SECOND, words="快点"))
    with pytest.raises(Changed):
        take_back(other, By(town.li, MONDAY + 2 * SECOND, version=other.version))
    with pytest.raises(NotAllowed):
        take_back(other, By(town.li, MONDAY + 2 * SECOND))


def test_the_desk_sees_the_offer_where_it_is_after_sending(db: None) -> None:
    town = make_town()
    matter, desk = reported(town), signed_in(town.li)
    leader = Post.objects.get(kind="grid_leader")
    there = f"/desk/m/{matter.number}/"
    answer = desk.post(there, sent(matter, "send", to=str(leader.pk), next="/desk/?tab=going"))
    assert answer["Location"] == f"/desk/?tab=going&sent={matter.number}"
    listed = desk.get(answer["Location"]).content.decode()
    assert OFFER in listed
    assert OFFER in desk.get(there).content.decode()
    assert OFFER not in signed_in(town.guo).get(there).content.decode()
    assert signed_in(town.stranger).post(there, sent(matter, "take_back")).status_code == 404
    matter.refresh_from_db()
    back = desk.post(there, sent(matter, "take_back", next="/desk/?tab=going"), follow=True)
    assert "撤回了" in back.content.decode()
    matter.refresh_from_db()
    assert matter.holder == town.worker_post
    late = timezone.now() - timedelta(minutes=1)
    dispatch(matter, By(town.li, late), to=leader)
    matter.refresh_from_db()
    assert OFFER not in desk.get(f"/desk/?sent={matter.number}").content.decode()
    told = desk.post(there, sent(matter, "take_back"))
    assert (told.status_code, "10 秒" in told.content.decode()) == (409, True)
