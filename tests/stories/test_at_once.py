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

from silin.accounts import tokens
from silin.accounts.actions import take_over
from silin.accounts.models import User
from silin.facts.models import Fact
from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import Changed, Refused
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.jobs import turn
from silin.matters.joining import follow, join
from silin.matters.merging import merge, relate, unmerge
from silin.matters.models import Assignment, Link, Matter, Review, State, WatchEntry
from silin.matters.raising import Report, raise_matter
from silin.matters.recounting import recount_due
from silin.matters.review import review_by_token
from silin.matters.taking_back import take_back
from silin.matters.triage import comment, dispatch, release
from silin.matters.verifying import close, reopen, verify, withdraw
from silin.matters.watching import put_on
from silin.matters.whistling import finish, whistle
from silin.notices.models import Notice
from silin.people import queries as people
from silin.people.actions import add_post, appoint
from silin.people.models import Post
from silin.people.organisations import About, add_organisation
from silin.places.actions import set_day_off
from tests.town import MONDAY, Town, build, person

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


def test_two_put_it_on_the_watch_list_at_once_and_it_is_on_it_once(live_db: str) -> None:
    town = build()
    for _ in range(5):
        matter = raised(town)
        calls = [
            partial(put_on, matter, By(who, MONDAY, words="老摔人"), reason="danger")
            for who in (town.guo, town.li)
        ]
        same = By(town.guo, MONDAY, words="老摔人", client_id=uuid4())
        done = at_once([*calls, *(partial(put_on, matter, same, reason="danger") for _ in range(2))])
        assert [each.code for each in done if isinstance(each, Refused)].count("watched") >= 2
        assert WatchEntry.objects.filter(matter=matter).count() == 1
        assert Entry.objects.filter(subject=matter.subject, action="put_on").count() == 1
        assert Notice.objects.filter(name="matter_watched", link__contains=matter.number).count() == 1
        assert check(matter.subject) == []


def test_opened_again_and_parted_at_once_it_goes_on_by_itself_once(live_db: str) -> None:
    town = build()
    for _ in range(6):
        first, second = raised(town), raised(town)
        merge(second, By(town.li, MONDAY), into=first)
        done = at_once(
            [
                partial(reopen, second, By(town.chen, MONDAY + HOUR, words="不是一回事")),
                partial(unmerge, second, By(town.li, MONDAY + HOUR)),
                partial(comment, first, By(town.li, MONDAY + HOUR, words="看过了")),
            ]
        )
        assert sum(isinstance(each, Refused) for each in done[:2]) == 1, done
        first.refresh_from_db()
        assert (first.follows, first.me_toos) == (0, 0)
        assert not Link.objects.filter(matter=second, ended_at=None).exists()
        assert check(first.subject) == check(second.subject) == []


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


def test_four_loops_count_anew_at_once_and_each_matter_once(live_db: str) -> None:
    town = build()
    for _ in range(10):
        raised(town)
    set_day_off((MONDAY + timedelta(days=1)).date(), "day_off", actor=None, now=MONDAY)
    at_once([partial(recount_due, MONDAY + HOUR) for _ in range(4)])
    recount_due(MONDAY + HOUR)
    assert Entry.objects.filter(action="recount").count() == 10
    assert Notice.objects.filter(name="matter_recounted", channel="inbox").count() == 10
    assert set(Matter.objects.values_list("version", "handle_due")) == {(2, MONDAY + timedelta(days=4))}
    assert recount_due(MONDAY + HOUR) == 0


def test_a_review_link_used_twice_at_once_counts_once(live_db: str) -> None:
    town = build()
    matter = raised(town)
    matter = accept(matter, By(town.wang, MONDAY + HOUR))
    matter = answer(matter, By(town.wang, MONDAY + 2 * HOUR, words="是误报"), outcome="not_found")
    matter = verify(matter, By(town.li, MONDAY + 3 * HOUR))
    assert matter.state == State.CLOSED
    now = MONDAY + 4 * HOUR
    link = Notice.objects.get(recipient=town.chen, name="matter_closed", channel="sms").link
    secret = tokens.filled(link, now).split("/")[2]
    done = at_once([partial(review_by_token, secret, grade=g, words="", now=now) for g in (5, 4, 3)])
    assert sum(isinstance(each, Refused) for each in done) == 2
    assert Review.objects.filter(matter=matter).count() == 1


def test_two_desks_whistle_at_once_and_the_second_is_told(live_db: str) -> None:
    town = build()
    for _ in range(3):
        matter = raised(town)
        street = Post.objects.get(kind="street_duty")
        done = at_once(
            [
                partial(whistle, matter, By(who, MONDAY, version=1, words="请街道来"), lead=street)
                for who in (town.li, secretary_of(town))
            ]
        )
        assert sum(isinstance(each, Changed) for each in done) == 1
        matter.refresh_from_db()
        running = matter.assignments.filter(state__in=Assignment.RUNNING).count()
        assert (matter.calls, matter.whistled, running) == (1, 1, 1)
        assert Fact.objects.filter(subject=matter.subject, name="matter.dispatched").count() == 1
        assert Notice.objects.filter(recipient=town.guo, name="matter_whistled").count() >= 1


def test_the_last_helper_ends_while_the_lead_answers(live_db: str) -> None:
    town = build()
    street, centre = Post.objects.get(kind="street_duty"), centre_of(town)
    for _ in range(3):
        called = dispatch_up(town, street)
        by = By(town.guo, MONDAY + HOUR, words="两家一起看")
        matter = whistle(called, by, lead=centre[0][0], others=[centre[1][0]])
        matter = accept(matter, By(centre[0][1], MONDAY + HOUR))
        at_once(
            [
                partial(finish, matter, By(centre[1][1], MONDAY + HOUR, words="我们办完了")),
                partial(answer, matter, By(centre[0][1], MONDAY + HOUR, words="看过了"), outcome="advised"),
            ]
        )
        matter.refresh_from_db()
        running = matter.assignments.filter(state__in=Assignment.RUNNING)
        assert matter.calls == running.count()
        assert matter.state == State.ANSWERED or not running.filter(lead=False).exists()
        assert not (matter.state == State.ANSWERED and running.exists())


def test_sixteen_who_stand_in_take_one_matter_at_once(live_db: str) -> None:
    town = build()
    seats = [town.wang]
    for n in range(15):
        seats.append(person(f"代班{n}"))
        appoint(town.worker_post, seats[-1], stand_in=True, actor=None, now=MONDAY)
    matter = raised(town)
    done = at_once(
        [partial(accept, matter, By(each, MONDAY, version=1, client_id=uuid4())) for each in seats]
    )
    assert sum(isinstance(each, Changed) for each in done) == 15
    matter.refresh_from_db()
    assert (matter.state, matter.version) == (State.IN_HAND, 2)
    assert Notice.objects.filter(name="matter_accepted", channel="inbox").count() == 1
    assert check(matter.subject) == []


def test_two_desks_send_one_matter_at_once_and_the_second_is_told(live_db: str) -> None:
    town = build()
    leader, desk = Post.objects.get(kind="grid_leader"), town.desk_post
    for _ in range(3):
        matter = raised(town)
        done = at_once(
            [
                partial(dispatch, matter, By(who, MONDAY, version=1), to=to)
                for who, to in ((town.li, leader), (secretary_of(town), desk))
            ]
        )
        assert sum(isinstance(each, Changed) for each in done) == 1
        matter.refresh_from_db()
        assert matter.version == 2
        assert Fact.objects.filter(subject=matter.subject, name="matter.dispatched").count() == 1


def test_closed_as_a_duplicate_while_its_answer_arrives(live_db: str) -> None:
    """The desk closes what it saw unanswered, or is told: nothing that was answered is closed unseen."""
    town = build()
    for _ in range(4):
        matter = raised(town)

        def work(matter: Matter = matter) -> Matter:
            taken = accept(matter, By(town.wang, MONDAY))
            return answer(taken, By(town.wang, MONDAY, words="看过了"), outcome="advised")

        by = By(town.li, MONDAY, version=1, words="前面报过了")
        worked, ended = at_once([work, partial(close, matter, by, outcome="duplicate")])
        matter.refresh_from_db()
        assert isinstance(worked, Changed) != isinstance(ended, Changed)
        assert (matter.state, matter.outcome) in {("closed", "duplicate"), ("answered", "advised")}
        closed = Fact.objects.filter(subject=matter.subject, name="matter.closed").count()
        assert closed == (matter.state == State.CLOSED)


def test_two_matters_are_related_from_both_sides_at_once_and_a_merge_comes_between(live_db: str) -> None:
    town = build()
    for _ in range(4):
        one, other, by = raised(town), raised(town), By(town.li, MONDAY)
        calls = [partial(relate, one, by, other=other), partial(relate, other, by, other=one)]
        done = at_once([*calls, partial(merge, one, by, into=other)])
        assert [each for each in done if isinstance(each, Refused)] == []
        links = Link.objects.filter(matter__in=(one, other))
        assert Counter(links.values_list("what", flat=True)) == {"related": 1, "duplicate": 1}


def test_a_guest_signs_in_while_neighbours_meet_it_too(live_db: str) -> None:
    """Nobody is counted twice or not at all."""
    town = build()
    for n in range(4):
        matters = [release(raised(town), By(town.li, MONDAY)) for _ in range(2)]
        guest, ma = User.objects.guest(), person(f"马兰{n}")
        for matter in matters:
            join(matter, By(guest, MONDAY))
        others = [partial(join, matter, By(person("邻居"), MONDAY)) for matter in matters]
        at_once(
            [
                partial(take_over, guest, ma, MONDAY),
                *others,
                *[partial(follow, m, ma, MONDAY) for m in matters],
            ]
        )
        for matter in matters:
            matter.refresh_from_db()
            assert (matter.follows, matter.me_toos) == (2, 2)
            assert matter.followers.who_met_it().count() == 2


def test_taken_back_while_somebody_takes_it(live_db: str) -> None:
    """Taken back twice is once; and whoever opened it in those seconds and took it keeps it."""
    town, leader = build(), Post.objects.get(kind="grid_leader")
    for n in range(4):
        gone = dispatch(raised(town), By(town.li, MONDAY), to=leader)
        back = partial(take_back, gone, By(town.li, MONDAY + HOUR / 3600, version=2))
        taken = partial(accept, gone, By(town.leader, MONDAY, version=2))
        done = at_once([back, back] if n % 2 else [back, taken])
        assert sum(isinstance(each, Refused) for each in done) == 1
        gone.refresh_from_db()
        rows = Fact.objects.filter(subject=gone.subject, name="matter.dispatched")
        sent = sum(row.n for row in rows)
        assert (sent == 0) == (gone.holder_id == town.worker_post.pk)
        told = Notice.objects.filter(name="matter_assigned", recipient=town.leader)
        assert told.count() == Matter.objects.filter(holder=leader).count()
        assert check(gone.subject) == []


def secretary_of(town: Town) -> User:
    """The community's secretary; made at the first call."""
    post = Post.objects.filter(kind="community_secretary").first()
    if post is None:
        post = add_post("community_secretary", town.community, actor=None, now=MONDAY)
        appoint(post, person("苏书记"), actor=None, now=MONDAY)
    return people.holders(post, MONDAY)[0]


def centre_of(town: Town) -> list[tuple[Post, User]]:
    """Two clerks of the street."""
    bureau = About("柳巷街道城管所", "bureau")
    body = add_organisation(town.street, bureau, actor=None, now=MONDAY)
    clerks = []
    for serial, name in ((1, "赵宏涛"), (2, "马建国")):
        post = add_post("street_clerk", town.street, serial=serial, organisation=body, actor=None, now=MONDAY)
        user = person(name)
        appoint(post, user, actor=None, now=MONDAY)
        clerks.append((post, user))
    return clerks


def dispatch_up(town: Town, street: Post) -> Matter:
    """A matter that Li's desk whistled the street to."""
    return whistle(raised(town), By(town.li, MONDAY, words="请街道来"), lead=street)
