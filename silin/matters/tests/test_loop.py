"""The loop at the engine's own door: raised, routed, taken, answered, looked at, closed, reviewed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from silin.accounts import tokens
from silin.accounts.models import User
from silin.facts.models import Fact
from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import Changed, NotAllowed, NotFound, Refused
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, give_back, pause, resume
from silin.matters.jobs import turn
from silin.matters.models import Category, Colour, Matter, Outcome, Review, State
from silin.matters.raising import Report, raise_matter, settle_at_once, title_of
from silin.matters.review import review, review_by_token
from silin.matters.table import allowed
from silin.matters.triage import comment, dispatch, release, triage
from silin.matters.verifying import close, reject, reopen, verify, withdraw
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint, end
from silin.people.models import Holding, Post
from silin.places.locating import locate
from tests.town import MONDAY, SOUTH, WEST, Town, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def report(town: Town, words: str = "5 号楼门口的路灯不亮，晚上看不见台阶。") -> Report:
    return Report(words=words, category=town.lamp, located=locate(WEST + 0.005, SOUTH + 0.005))


def raised(town: Town, *, by: User | None = None, kind: str = "tiny", now: datetime = MONDAY) -> Matter:
    return raise_matter(kind, By(by or town.chen, now), report(town))


def in_hand(town: Town) -> Matter:
    return accept(raised(town), By(town.wang, MONDAY + HOUR))


def answered(town: Town) -> Matter:
    return answer(in_hand(town), By(town.wang, MONDAY + 2 * HOUR, words="换了灯泡，亮了。"))


def raised_and_returned(town: Town) -> Matter:
    """A matter that came into the hands of the grid's leader by way of the desk."""
    back = give_back(raised(town), By(town.wang, MONDAY + HOUR, words="不归我"))
    sent = dispatch(back, By(town.li, MONDAY + HOUR), to=Post.objects.get(kind="grid_leader"))
    return accept(sent, By(town.leader, MONDAY + HOUR))


def closed(town: Town) -> Matter:
    return verify(answered(town), By(town.chen, MONDAY + 3 * HOUR))


def facts(matter: Matter) -> list[str]:
    """The names of its facts, each as often as it was left."""
    return sorted(Fact.objects.filter(subject=matter.subject).values_list("name", flat=True))


def told(user: User) -> list[str]:
    """The names of the notices in the person's inbox, the oldest first."""
    rows = Notice.objects.filter(recipient=user, channel="inbox").order_by("id")
    return list(rows.values_list("name", flat=True))


def test_a_report_is_located_routed_and_given_a_deadline_in_the_same_answer(town: Town) -> None:
    matter = raised(town)
    assert matter.place == town.grid
    assert matter.building == town.building
    assert matter.holder == town.worker_post
    assert matter.state == State.ASSIGNED
    assert matter.title == "5 号楼门口的路灯不亮"
    assert matter.handle_due == datetime(2026, 10, 22, 9, 0, tzinfo=MONDAY.tzinfo)
    assert matter.respond_due == datetime(2026, 10, 19, 15, 0, tzinfo=MONDAY.tzinfo)
    assert facts(matter) == ["matter.raised"]
    assert told(town.wang) == ["matter_assigned"]
    assert told(town.stranger) == told(town.chen) == []


def test_the_whole_turn_of_the_loop(town: Town) -> None:
    matter = closed(town)
    review(matter, By(town.chen, MONDAY + 4 * HOUR, words="很快"), grade=5)
    matter.refresh_from_db()
    assert (matter.state, matter.outcome, matter.on_time) == (State.CLOSED, Outcome.FIXED, True)
    names = ["matter.answered", "matter.closed", "matter.raised", "matter.reviewed", "matter.verified"]
    assert facts(matter) == names
    last = Fact.objects.get(subject=matter.subject, name="matter.closed")
    assert (last.on_time, last.hours, last.level, last.unit) == (True, 2.0, "grid", town.community.code)
    told_of = [entry.action for entry in Entry.objects.filter(subject=matter.subject).order_by("seq")]
    assert told_of == ["raise", "accept", "answer", "verify", "review"]
    assert check(matter.subject) == []


def test_raising_costs_at_most_twelve_statements_and_six_rows(town: Town) -> None:
    raised(town)
    said = report(town)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        raise_matter("tiny", By(town.chen, MONDAY, client_id=uuid4()), said)
    statements = [each["sql"] for each in seen if "SAVEPOINT" not in each["sql"]]
    assert len(statements) + 3 <= 12, "\n".join(statements)  # three more locate the point
    assert sum(sql.startswith("INSERT") for sql in statements) <= 6


def test_the_same_id_again_is_the_same_matter(town: Town) -> None:
    by = By(town.chen, MONDAY, client_id=uuid4())
    first, again = raise_matter("tiny", by, report(town)), raise_matter("tiny", by, report(town))
    assert first.number == again.number
    assert Matter.objects.count() == 1
    with pytest.raises(Refused, match="id_reused"):
        raise_matter("tiny", by, report(town, "另外一件事"))


def test_an_action_sent_twice_is_done_once(town: Town) -> None:
    by = By(town.wang, MONDAY + HOUR, client_id=uuid4(), version=1)
    matter = raised(town)
    assert accept(matter, by).version == accept(matter, by).version == 2


def test_whoever_comes_second_is_told_who_was_first(town: Town) -> None:
    matter = raised(town)
    accept(matter, By(town.wang, MONDAY + HOUR, version=1))
    with pytest.raises(Changed, match="王淑琴"):
        withdraw(matter, By(town.chen, MONDAY + 2 * HOUR, version=1))


def test_a_stranger_finds_nothing_and_a_neighbour_desk_may_not(town: Town) -> None:
    matter = raised(town)
    assert not Matter.objects.seen_by(town.stranger).exists()
    assert allowed(matter, town.stranger, MONDAY) == []
    with pytest.raises(NotFound):
        accept(matter, By(town.stranger, MONDAY))
    with pytest.raises(NotAllowed):
        accept(matter, By(town.chen, MONDAY))
    with pytest.raises(NotAllowed):
        accept(matter, By(None, MONDAY))


def test_the_handler_cannot_confirm_own_work(town: Town) -> None:
    matter = answered(town)
    assert "verify" not in allowed(matter, town.wang, MONDAY)
    with pytest.raises(NotAllowed):
        verify(matter, By(town.wang, MONDAY + 3 * HOUR))
    assert "verify" in allowed(matter, town.leader, MONDAY)
    assert told(town.chen) == ["matter_accepted", "matter_answered"]


def test_not_yet_sends_it_back_with_a_short_time(town: Town) -> None:
    matter = reject(answered(town), By(town.chen, MONDAY + 3 * HOUR, words="还是不亮"))
    assert (matter.state, matter.answered_at, matter.outcome) == (State.IN_HAND, None, "")
    assert "matter_rejected" in told(town.wang)
    with pytest.raises(Refused, match="missing"):
        reject(answered(town), By(town.chen, MONDAY + 3 * HOUR))


def test_given_back_it_lies_with_the_desk_which_sends_it_on(town: Town) -> None:
    matter = give_back(raised(town), By(town.wang, MONDAY + HOUR, words="灯杆归城管"))
    assert (matter.state, matter.holder and matter.holder.kind_id) == (State.RAISED, "community_desk")
    sent = dispatch(matter, By(town.li, MONDAY + 2 * HOUR), to=town.worker_post)
    assert (sent.state, sent.holder) == (State.ASSIGNED, town.worker_post)
    assert facts(sent) == ["matter.dispatched", "matter.raised", "matter.returned"]


def test_a_pause_moves_the_deadline_by_the_working_time_it_took(town: Town) -> None:
    matter = in_hand(town)
    due = matter.handle_due
    stopped = pause(matter, By(town.wang, MONDAY + 2 * HOUR, words="等配件"), reason="third_party")
    assert stopped.next_due == stopped.waiting_until
    on = resume(stopped, By(town.wang, MONDAY + 2 * HOUR + DAY))
    assert due is not None
    assert on.handle_due == due + DAY
    done = answer(on, By(town.wang, MONDAY + 3 * HOUR + DAY, words="换好了"))
    assert Fact.objects.get(subject=done.subject, name="matter.answered").hours == 3.0


def test_settled_on_the_spot_counts_apart(town: Town) -> None:
    by = By(town.wang, MONDAY, words="当场把电动车挪开了")
    matter = settle_at_once("tiny", by, report(town))
    assert (matter.state, matter.outcome, matter.on_time) == (State.ANSWERED, Outcome.ON_THE_SPOT, None)
    assert allowed(matter, town.wang, MONDAY) == ["comment"]
    with pytest.raises(NotAllowed):
        settle_at_once("tiny", By(town.chen, MONDAY, words="我挪了"), report(town))
    done = verify(matter, By(town.li, MONDAY + HOUR))
    assert Fact.objects.get(subject=done.subject, name="matter.closed").on_time is None


def test_proof_is_asked_for_by_the_kind(town: Town) -> None:
    matter = accept(raised(town, kind="report"), By(town.wang, MONDAY + HOUR))
    with pytest.raises(Refused, match="needs_photo"):
        answer(matter, By(town.wang, MONDAY + 2 * HOUR, words="好了"))
    matter.refresh_from_db()
    assert matter.state == State.IN_HAND


def test_hooks_refuse_and_run_inside_the_deed(town: Town) -> None:
    matter = in_hand(town)
    with pytest.raises(Refused, match="too_loud"):
        answer(matter, By(town.wang, MONDAY + 2 * HOUR, words="好了!"))
    answer(matter, By(town.wang, MONDAY + 2 * HOUR, words="好了"))
    entry = Entry.objects.get(subject=matter.subject, action="answer")
    assert entry.fields["noted"] == "answered"


def test_a_kind_that_nobody_verifies_is_closed_by_its_answer(town: Town) -> None:
    matter = accept(raised(town, kind="unverified"), By(town.wang, MONDAY + HOUR))
    assert answer(matter, By(town.wang, MONDAY + 2 * HOUR, words="好了")).state == State.CLOSED


def test_the_desk_refuses_closes_and_releases(town: Town) -> None:
    refused = triage(raised(town), By(town.li, MONDAY, words="这是邻里家事，请找调解室"), not_accepted=True)
    assert (refused.state, refused.outcome) == (State.CLOSED, Outcome.NOT_ACCEPTED)
    passed = close(raised(town), By(town.li, MONDAY, words="归自来水公司管，已转"), outcome="passed_on")
    assert (passed.state, passed.on_time) == (State.CLOSED, None)
    with pytest.raises(Refused, match="missing"):
        close(raised(town), By(town.li, MONDAY), outcome="passed_on")
    shown = triage(raised(town), By(town.li, MONDAY), public=True)
    assert (shown.public, shown.state) == (True, State.ASSIGNED)


def test_withdraw_comment_and_reopen(town: Town) -> None:
    assert withdraw(raised(town), By(town.chen, MONDAY)).outcome == Outcome.CANCELLED
    comment(in_hand(town), By(town.chen, MONDAY + HOUR, words="门口也黑"))
    assert "matter_commented" in told(town.wang)
    matter = reopen(closed(town), By(town.chen, MONDAY + DAY, words="又不亮了"))
    assert (matter.state, matter.reopens, matter.holder) == (State.IN_HAND, 1, town.worker_post)
    with pytest.raises(Refused, match="too_late"):
        reopen(closed(town), By(town.chen, MONDAY + 40 * DAY, words="又不亮了"))


def test_a_review_comes_once_and_only_from_the_raiser(town: Town) -> None:
    matter = verify(answered(town), By(town.li, MONDAY + 3 * HOUR))
    link = Notice.objects.get(recipient=town.chen, name="matter_closed", channel="sms").link
    secret = tokens.filled(link, MONDAY + 3 * HOUR).split("/")[2]
    with pytest.raises(NotAllowed):
        review(matter, By(town.wang, MONDAY + DAY), grade=5)
    with pytest.raises(Refused, match="bad_grade"):
        review_by_token(secret, grade=6, words="", now=MONDAY + DAY)
    review_by_token(secret, grade=2, words="拖得久", now=MONDAY + DAY)
    assert Review.objects.get(matter=matter).grade == 2
    with pytest.raises(Refused, match="reviewed"):
        review_by_token(secret, grade=5, words="", now=MONDAY + DAY)
    with pytest.raises(Refused, match="reviewed"):
        review(matter, By(town.chen, MONDAY + DAY), grade=5)


def test_the_clock_warns_turns_red_climbs_and_closes(town: Town) -> None:
    matter = in_hand(town)
    for hours in range(0, 24 * 12):
        turn(MONDAY + timedelta(hours=hours))
    matter.refresh_from_db()
    assert matter.colour == Colour.LATE
    assert Counter(facts(matter)) == {
        "matter.raised": 1,
        "matter.warned": 2,
        "matter.overdue": 1,
        "matter.escalated": 3,
    }
    assert matter.joined is not None
    assert matter.joined.kind_id == "city_admin"
    assert matter.holder == town.worker_post
    done = answer(matter, By(town.wang, MONDAY + 13 * DAY, words="好了"))
    turn(MONDAY + 21 * DAY)
    done.refresh_from_db()
    assert (done.state, done.on_time) == (State.CLOSED, False)


def test_late_is_noted_even_when_the_answer_is_faster_than_the_loop(town: Town) -> None:
    done = answer(in_hand(town), By(town.wang, MONDAY + 5 * DAY, words="好了"))
    assert facts(done) == ["matter.answered", "matter.overdue", "matter.raised", "matter.warned"]
    assert done.on_time is False


def test_what_lies_in_empty_hands_can_be_sent_on(town: Town) -> None:
    matter = pause(in_hand(town), By(town.wang, MONDAY + 2 * HOUR, words="等配件"), reason="third_party")
    end(Holding.objects.get(user=town.wang), actor=None, now=MONDAY + 3 * HOUR)
    leader = Post.objects.get(kind="grid_leader")
    sent = dispatch(matter, By(town.li, MONDAY + 4 * HOUR), to=leader)
    assert (sent.state, sent.holder, sent.waiting_until) == (State.ASSIGNED, leader, None)


def test_a_stopped_clock_goes_on_by_itself(town: Town) -> None:
    matter = pause(in_hand(town), By(town.wang, MONDAY + 2 * HOUR, words="等天气"), reason="date")
    turn(MONDAY + 15 * DAY)
    matter.refresh_from_db()
    assert matter.state == State.IN_HAND
    assert "matter_resumed" in told(town.wang)


def test_whoever_has_it_in_hand_sees_it_wherever_it_lies(town: Town) -> None:
    neighbour = person("隔壁的网格员")
    post = add_post("grid_worker", town.other_grid, actor=None, now=MONDAY)
    appoint(post, neighbour, actor=None, now=MONDAY)
    with pytest.raises(NotFound):
        dispatch(raised(town), By(town.li, MONDAY), to=post)
    matter = dispatch(raised(town), By(town.guo, MONDAY), to=post)
    assert Matter.objects.seen_by(neighbour).get() == matter
    assert accept(matter, By(neighbour, MONDAY + HOUR)).state == State.IN_HAND


def test_nobody_reviews_their_own_work(town: Town) -> None:
    matter = settle_at_once("tiny", By(town.wang, MONDAY, words="扶好了"), report(town))
    turn(MONDAY + 9 * DAY)
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    with pytest.raises(NotAllowed):
        review(matter, By(town.wang, MONDAY + 10 * DAY), grade=5)


def test_one_matter_that_cannot_be_worked_on_does_not_stop_the_clock(town: Town) -> None:
    strange, other = raised(town), raised(town)
    Matter.objects.filter(pk=strange.pk).update(kind="gone", next_due=MONDAY)
    turn(MONDAY + 10 * HOUR)
    other.refresh_from_db()
    assert other.colour == Colour.WARN


def test_another_category_keeps_the_pauses(town: Town) -> None:
    matter = pause(raised_and_returned(town), By(town.leader, MONDAY + 2 * HOUR, words="等"), reason="date")
    matter = resume(matter, By(town.leader, MONDAY + 2 * HOUR + DAY))
    matter = give_back(matter, By(town.leader, MONDAY + 3 * HOUR + DAY, words="不归我"))
    due = matter.handle_due
    assert due is not None
    again = triage(matter, By(town.li, MONDAY + 4 * HOUR + DAY), category=Category.objects.get(pk="trees"))
    assert again.handle_due == due + 6 * DAY  # three working days become seven; a weekend lies between


def test_a_matter_closed_thrice_counts_once(town: Town) -> None:
    matter = closed(town)
    for day in (1, 2):
        matter = reopen(matter, By(town.chen, MONDAY + day * DAY, words="又不亮"))
        by = By(town.wang, MONDAY + day * DAY + HOUR, words="又修了")
        matter = verify(answer(matter, by), By(town.chen, MONDAY + day * DAY + 2 * HOUR))
    rows = Fact.objects.filter(subject=matter.subject, name="matter.closed")
    assert sum(row.n for row in rows) == 1
    last = rows.order_by("id").last()
    assert last is not None
    assert last.hours == 1.0


def test_a_late_matter_in_nobodys_hands_reaches_the_nearest_desk(town: Town) -> None:
    matter = raised(town, kind="tiny")
    Matter.objects.filter(pk=matter.pk).update(holder=None, state="raised")
    turn(MONDAY + 6 * DAY)
    turn(MONDAY + 6 * DAY + HOUR)
    matter.refresh_from_db()
    assert matter.joined == town.desk_post
    assert "matter_joined" in told(town.li)


def test_a_desk_releases_what_it_has_seen(town: Town) -> None:
    matter = release(answered(town), By(town.li, MONDAY + 3 * HOUR))
    assert matter.released_at == MONDAY + 3 * HOUR
    assert release(matter, By(town.li, MONDAY + 4 * HOUR), public=False).released_at is None


def test_a_phone_number_does_not_stand_in_the_title(town: Town) -> None:
    matter = raise_matter("tiny", By(town.chen, MONDAY), report(town, "请打13812345678找我，路灯坏了"))
    assert "1381234" not in matter.title


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("路灯坏了", "路灯坏了"),
        ("？路灯坏了", "路灯坏了"),
        ("路灯坏了。晚上黑", "路灯坏了"),
        ("小区南门进来右手边第三个路灯连着三天都不亮", "小区南门进来右手边第三个路灯连着三…"),
    ],
)
def test_the_title_is_the_first_clause(words: str, title: str) -> None:
    assert title_of(words) == title
