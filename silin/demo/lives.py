"""The life of each matter: the engine's own verbs, called by the right person at the right moment.

A life is a generator: it acts, then yields the moment at which it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from silin.accounts.models import User
from silin.demo.fates import Fate
from silin.demo.stage import Life, Stage, Steps, at_work, awake
from silin.demo.whistles import whistled
from silin.demo.words import reasons, talk
from silin.matters import handling, raising, review, triage, verifying
from silin.matters.deeds import By
from silin.matters.models import FollowUp, Matter, Outcome, State
from silin.matters.noting import kind_raised_by
from silin.matters.raising import Report
from silin.people.models import Post
from silin.places.numbers import number
from silin.places.queries import calendar

CLOSED_BY_DESK = {"duplicate": Outcome.DUPLICATE, "passed_on": Outcome.PASSED_ON}
A_DAY = 8.0  # working hours

REPLIES = {
    "accept_outside": ("manhole", "road", "flood", "wires", "wall"),
    "accept_spares": ("lamp", "leak", "lift", "radiator", "bench"),
}


def life(stage: Stage, fate: Fate) -> Life:
    """A matter from its first word to its end, or to wherever it has come by now."""
    now = fate.at
    if fate.saying.settled:
        matter = _settle(stage, fate)
        yield from _looked_at(stage, fate, matter, now)
        return
    matter = raising.raise_matter(kind_of(fate.channel), By(_raiser(stage, fate), now), _report(stage, fate))
    if fate.end != "answer":
        yield (now := _soon(fate, now))
        _end_early(stage, fate, matter, now)
        return
    now = yield from _released(stage, fate, matter, now)
    if fate.hands == "community":
        now = yield from _taken(stage, fate, matter, now)
    else:
        now = yield from whistled(stage, fate, matter, now)
    now = yield from _worked_on(stage, fate, matter, now)
    now = yield from _looked_at(stage, fate, matter, now)
    if fate.again and fate.neighbour is not None and _state(matter) == State.CLOSED:
        yield (now := awake(now + timedelta(days=fate.pick.uniform(1, 9)), fate.pick))
        words = stage.said(fate, talk()["again"], also="also_resident")
        verifying.reopen(matter, By(_raiser(stage, fate), now, words=words))
        yield from _redone(stage, fate, matter, now)


def kind_of(channel: str) -> str:
    """What comes in that way: a worker's finding, or what anybody may report."""
    return kind_raised_by("worker" if channel == "worker" else "anyone")


def _raiser(stage: Stage, fate: Fate) -> User | None:
    """Who says it: nobody where a device does."""
    if fate.channel == "device":
        return None
    if fate.neighbour is not None:
        return stage.user(fate.neighbour.person)
    if fate.channel == "worker":
        return stage.worker(fate.area, fate.house.grid)
    return stage.street(fate.area)[1] if fate.channel == "hotline" else stage.desk(fate.area)


def _report(stage: Stage, fate: Fate) -> Report:
    saying, area, house = fate.saying, fate.area, fate.house
    seen = fate.channel == "worker" or fate.pick.random() < 0.55
    return Report(
        words=saying.words,
        title=saying.title,
        category=stage.categories[saying.category],
        building=stage.ground.building(area, house) if saying.indoors else None,
        located=None if saying.indoors else stage.on_the_road(area, house),
        spot=saying.spot,
        channel=fate.channel,
        photos=stage.photos(saying.scene, fate.pick, done=False) if seen else (),
    )


def _settle(stage: Stage, fate: Fate) -> Matter:
    """Seen and put right on the spot by a grid worker."""
    by = By(stage.worker(fate.area, fate.house.grid), fate.at, words=fate.saying.settled)
    after = stage.photos(fate.saying.scene, fate.pick, done=True)
    return raising.settle_at_once(kind_of(fate.channel), by, _report(stage, fate), after=after)


def _soon(fate: Fate, now: datetime) -> datetime:
    if fate.end == "withdraw":
        return awake(now + timedelta(minutes=fate.pick.uniform(4, 50)), fate.pick)
    return at_work(now, fate.pick)


def _end_early(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> None:
    """Taken back by whoever raised it, or closed by the desk because there is nothing to do."""
    if fate.end == "withdraw":
        verifying.withdraw(matter, By(_raiser(stage, fate), now))
        return
    by = By(stage.desk(fate.area, 2), now, words=stage.said(fate, talk()[fate.end]))
    if fate.end == "not_accepted":
        triage.triage(matter, by, not_accepted=True)
    else:
        verifying.close(matter, by, outcome=CLOSED_BY_DESK[fate.end])


def _released(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """The desk reads what has come in and lets everybody see it; a neighbour may ask how it stands."""
    if fate.release:
        yield (now := at_work(now, fate.pick))
        triage.triage(matter, By(stage.desk(fate.area), now), public=True)
    patient = matter.category.handle_days > 1
    if fate.comment and patient and fate.neighbour is not None:
        yield (now := awake(now + timedelta(hours=fate.pick.uniform(0.5, 5)), fate.pick))
        words = stage.said(fate, talk()["comment_resident"], also="also_resident")
        triage.comment(matter, By(_raiser(stage, fate), now, words=words))
    return now


def _taken(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """Somebody takes it; now and then a worker gives it back and the desk sends it to the leader."""
    before, hours = now, matter.category.respond_hours * fate.accept
    now = max(before, calendar().add_hours(fate.at, hours).at)
    if fate.channel == "worker":
        now = max(before, at_work(fate.at, fate.pick))
    yield (now := now + timedelta(minutes=fate.pick.uniform(3, 25)))
    if fate.back and fate.channel != "worker":
        matter = handling.give_back(
            matter, By(stage.holder(matter)[1], now, words=stage.said(fate, reasons(fate.saying.category)))
        )
        yield (now := at_work(now, fate.pick))
        by = By(stage.desk(fate.area), now, words=stage.said(fate, talk()["onward"], also="also_coming"))
        matter = triage.dispatch(matter, by, to=_leaders_post(stage, fate))
        yield (now := at_work(now, fate.pick))
    words = stage.said(fate, _reply(fate), also="also_coming") if fate.pick.random() < 0.2 else ""
    handling.accept(matter, By(stage.holder(matter)[1], now, words=words))
    return now


def _reply(fate: Fate) -> list[str]:
    """What one says on taking it: something about the thing itself where that is likely."""
    for lines, scenes in REPLIES.items():
        if fate.saying.scene in scenes and fate.pick.random() < 0.6:
            return list(talk()[lines])
    return list(talk()["accept"])


def _leaders_post(stage: Stage, fate: Fate) -> Post:
    place = stage.ground.places[fate.area.key(fate.house.grid)]
    return stage.crew.holding(place, "grid_leader")[0][0]


def _worked_on(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """In hand until it is done: on time or not, sometimes with the clock stopped for a while."""
    matter.refresh_from_db()
    assert matter.handle_due is not None
    allowed = calendar().hours_between(fate.at, matter.handle_due)
    due = calendar().add_hours(fate.at, allowed * fate.answer).at
    if fate.wait:
        yield (now := at_work(now, fate.pick))
        words = stage.said(fate, talk()["wait"][fate.wait])
        handling.pause(matter, By(stage.holder(matter)[1], now, words=words), reason=fate.wait)
        stopped = now
        yield (now := calendar().add_hours(now, fate.pick.uniform(6, 26)).at)
        handling.resume(
            matter, By(stage.holder(matter)[1], now, words=stage.said(fate, talk()["go_on"][fate.wait]))
        )
        due = calendar().add_hours(due, calendar().hours_between(stopped, now)).at
    yield (now := max(due, at_work(now, fate.pick)))
    _answer(stage, fate, matter, now)
    return now


def _answer(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> None:
    """Report it done, with pictures where there is something to see."""
    saying = fate.saying
    outcome = fate.outcome
    lines = talk()[outcome] if outcome in (Outcome.NOT_FEASIBLE, Outcome.NOT_FOUND) else saying.done
    by = By(stage.holder(matter)[1], now, words=stage.said(fate, lines))
    fixed = outcome == Outcome.FIXED
    handling.answer(
        matter,
        by,
        outcome=outcome,
        before=stage.photos(saying.scene, fate.pick, done=False) if fixed else (),
        after=stage.photos(saying.scene, fate.pick, done=True) if fixed else (),
    )


def _looked_at(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """Somebody else looks at the answer; a week without a word closes it."""
    if fate.look == "clock":
        yield (now := now + timedelta(days=8))
    else:
        now = yield from _looks(stage, fate, matter, now)
    if fate.grade and fate.neighbour is not None and _state(matter) == State.CLOSED:
        yield (now := awake(now + timedelta(hours=fate.pick.uniform(0.1, 40)), fate.pick))
        words = stage.said(fate, talk()["review"][fate.grade], also="also_resident")
        with _unfollowed():
            review.review(matter, By(_raiser(stage, fate), now, words=words), grade=fate.grade)
    return now


@contextmanager
def _unfollowed() -> Iterator[None]:
    """A low grade raises nothing: the demo city has looked into bad reviews for some days only."""
    with transaction.atomic():
        FollowUp.objects.update(active=False)
        yield
        FollowUp.objects.update(active=True)


def _looks(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """The raiser or another post goes and looks; what is not so goes back once."""
    by_raiser = fate.look == "raiser"
    yield (now := _when_looking(fate, now))
    if _state(matter) != State.ANSWERED:  # the week was over first
        return now
    if fate.redo and not fate.saying.settled:
        lines = fate.saying.not_yet if by_raiser else talk()["not_proven"]
        words = stage.said(fate, lines, also="also_resident" if by_raiser else "also")
        verifying.reject(matter, By(_looker(stage, fate, matter), now, words=words))
        now = yield from _redone(stage, fate, matter, now)
        return now
    verifying.verify(matter, By(_looker(stage, fate, matter), now))
    return now


def _redone(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """A second try with a short time, and another look."""
    hours = A_DAY * number("matters.redo_days", matter.placed_path)
    hours *= fate.pick.uniform(1.1, 1.8) if fate.answer > 1.3 else fate.pick.uniform(0.1, 0.9)
    yield (now := calendar().add_hours(now, hours).at)
    _answer(stage, fate, matter, now)
    yield (now := _when_looking(fate, now))
    if _state(matter) == State.ANSWERED:
        verifying.verify(matter, By(_looker(stage, fate, matter), now))
    return now


def _when_looking(fate: Fate, now: datetime) -> datetime:
    if fate.look == "raiser":
        return awake(now + timedelta(hours=min(120, fate.pick.expovariate(1 / 20))), fate.pick)
    return calendar().add_hours(now, fate.pick.uniform(0.5, 14)).at


def _looker(stage: Stage, fate: Fate, matter: Matter) -> User | None:
    """Who looks: whoever raised it, or a post that did not handle it."""
    if fate.look == "raiser":
        return _raiser(stage, fate)
    leader = stage.leader(fate.area, fate.house.grid)
    if fate.channel == "worker" and not fate.saying.settled and fate.pick.random() < 0.5:
        return _raiser(stage, fate)  # passes there again on the rounds
    kind = stage.holder(Matter.objects.get(pk=matter.pk))[0].kind_id
    return leader if kind == "grid_worker" and fate.pick.random() < 0.5 else stage.desk(fate.area, 2)


def _state(matter: Matter) -> str:
    matter.refresh_from_db(fields=["state"])
    return matter.state
