"""The whole table of actions: who may do what in which state, and that every state is reached and left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from silin.accounts.models import User
from silin.lib.refusal import Changed, NotAllowed, NotFound, Refused
from silin.matters.by_link import open_link
from silin.matters.covering import cover_words
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, ask, contact, give_back, pause, reply, resume
from silin.matters.jobs import escalate, run_out, warn
from silin.matters.joining import join
from silin.matters.merging import _let_out, _take_in, merge, relate, split, unmerge
from silin.matters.models import Assignment, Category, Matter, OutsideSystem, State, Ticket
from silin.matters.outside import give_ticket, hear_more, recall
from silin.matters.oversight import (
    decline,
    defer,
    extend,
    lift,
    look_back,
    reply_overdue,
    supervise,
    urge,
)
from silin.matters.raising import Report, raise_matter
from silin.matters.recounting import recount
from silin.matters.review import call_back, review, slip
from silin.matters.signing import send_back, sign, submit
from silin.matters.table import ACTIONS, allowed
from silin.matters.taking_back import take_back
from silin.matters.triage import comment, dispatch, release, triage
from silin.matters.verifying import close, reject, reopen, verify, withdraw
from silin.matters.watching import put_on, take_off
from silin.matters.whistling import (
    finish,
    hand_on,
    rate,
    report_in,
    report_overdue,
    step_back,
    take_part,
    waive,
    whistle,
)
from silin.people.actions import add_post, appoint
from silin.people.models import Post, Team
from tests.again import once
from tests.town import MONDAY, Town, person

HOUR = timedelta(hours=1)
FRIDAY = date(2026, 10, 23)
Verb = Callable[[Matter, By], Matter]
VERBS: dict[str, Verb] = {
    "triage": lambda matter, by: triage(matter, by, public=True),
    "dispatch": lambda matter, by: dispatch(matter, by, to=Post.objects.get(kind="grid_leader")),
    "take_back": take_back,
    "recount": lambda matter, by: recount(matter, by, 1),
    "release": release,
    "join": join,
    "cover": lambda matter, by: cover_words(matter, by, also="灯"),
    "merge": lambda matter, by: merge(matter, by, into=matter),
    "take_in": lambda matter, by: _take_in(matter, by, other=matter),
    "unmerge": unmerge,
    "let_out": lambda matter, by: _let_out(matter, by, other=matter),
    "split": lambda matter, by: split(matter, by, part="灯罩也碎了", category=Category.objects.all()[0]),
    "relate": lambda matter, by: relate(matter, by, other=Matter()),
    "ticket": lambda matter, by: give_ticket(matter, by, system=OutsideSystem(), number="1"),
    "hear_more": lambda matter, by: hear_more(matter, by, ticket=Ticket()),
    "recall": recall,
    "accept": accept,
    "return": give_back,
    "pause": lambda matter, by: pause(matter, by, reason="date"),
    "resume": resume,
    "answer": answer,
    "submit": submit,
    "sign": sign,
    "send_back": send_back,
    "verify": verify,
    "reject": reject,
    "close": lambda matter, by: close(matter, by, outcome="advised"),
    "review": lambda matter, by: review(matter, by, grade=4),
    "call_back": lambda matter, by: call_back(matter, by, grade=4),
    "slip": slip,
    "reopen": reopen,
    "withdraw": withdraw,
    "comment": comment,
    "contact": lambda matter, by: contact(matter, by, how="phone", reached=True),
    "ask": lambda matter, by: ask(matter, by, what="extend", until=FRIDAY),
    "extend": lambda matter, by: extend(matter, by, until=FRIDAY),
    "defer": lambda matter, by: defer(matter, by, reason="money", until=FRIDAY),
    "decline": decline,
    "urge": urge,
    "supervise": lambda matter, by: supervise(matter, by, until=FRIDAY),
    "reply": reply,
    "reply_overdue": reply_overdue,
    "lift": lift,
    "put_on": lambda matter, by: put_on(matter, by, reason="many"),
    "take_off": take_off,
    "look_back": lambda matter, by: look_back(matter, by, held=True),
    "whistle": lambda matter, by: whistle(matter, by, lead=Post.objects.get(kind="street_duty")),
    "report_in": report_in,
    "open_link": lambda matter, by: open_link(matter, by, post=Post.objects.filter(kind="grid_worker")[0]),
    "report_overdue": report_overdue,
    "take_part": take_part,
    "finish": finish,
    "step_back": step_back,
    "waive": lambda matter, by: waive(matter, by, call=Assignment()),
    "hand_on": lambda matter, by: hand_on(matter, by, team=Team()),
    "rate": lambda matter, by: rate(matter, by, call=Assignment(), grade=5, came=True, solved=True),
    "warn": warn,
    "overdue": run_out,
    "escalate": escalate,
}
EVERYBODY = ("wang", "leader", "neighbour_worker", "li", "guo", "zhou", "auditor", "chen", "stranger")
HANDS = {"return", "pause", "answer", "contact", "ask", "escalate", "open_link"}
ABOVE = {"urge", "supervise"}
DESKS = ("li", "guo", "zhou")
# Who may do what in which state, written out by hand: the table in the code must come to the same.
MAY: dict[str, dict[str, set[str]]] = {
    "raised": {},
    "assigned": {"wang": {"accept", "return", "contact", "escalate", "open_link"}},
    "in_hand": {"wang": HANDS},
    "waiting": {"wang": {"resume", "open_link"}},
    "answered": {"leader": {"verify", "reject"}, "chen": {"verify", "reject"}},
    "closed": {"chen": {"review", "reopen"}, "leader": {"call_back"}},
    "withdrawn": {},
}
for _desk in DESKS:
    MAY["raised"][_desk] = {"triage", "dispatch", "release", "close"} | ABOVE
    MAY["assigned"][_desk] = {"triage", "dispatch", "release", "close"} | ABOVE
    MAY["in_hand"][_desk] = {"dispatch", "release", "extend", "defer"} | ABOVE
    MAY["waiting"][_desk] = {"dispatch", "release"} | ABOVE
    MAY["answered"][_desk] = {"release", "verify", "reject", "close", "supervise"}
    MAY["closed"][_desk] = {"release", "reopen", "look_back", "call_back", "slip"}
    for _state in ("raised", "assigned", "in_hand", "waiting"):
        MAY[_state][_desk] |= {"merge", "split"}
    for _state in ("raised", "assigned", "in_hand", "waiting", "answered"):
        MAY[_state][_desk] |= {"put_on"}
    for _state in ("raised", "assigned", "in_hand", "waiting", "answered", "closed"):
        MAY[_state][_desk] |= {"take_in", "let_out", "relate", "cover", "ticket", "hear_more"}
# What was given back lies in the hands of Li's desk: nobody is above themselves.
MAY["raised"]["li"] = (MAY["raised"]["li"] - ABOVE) | {"escalate", "open_link"}
for _state in ("raised", "assigned", "in_hand", "waiting"):
    for _desk in ("li", "guo"):  # rules let their kinds of post whistle; the city's administrator is none
        MAY[_state][_desk] = MAY[_state][_desk] | {"whistle"}
MAY["raised"]["chen"] = MAY["assigned"]["chen"] = {"withdraw", "urge"}
MAY["in_hand"]["chen"] = MAY["waiting"]["chen"] = {"urge"}
SEES = {"wang", "leader", "li", "guo", "zhou", "chen"}


@pytest.fixture
def people(town: Town) -> dict[str, User]:
    """Everybody of the story, and two more: the worker of the grid next door and an auditor."""
    return once("people of the table", lambda: _people(town))


@dataclass(frozen=True)
class Reached:
    """A matter of Chen's in some state, and what each of the people may do with it an hour later."""

    matter: Matter
    may: dict[str, set[str]]


@pytest.fixture
def reached(town: Town, people: dict[str, User]) -> dict[str, Reached]:
    """One in every state."""
    return once(
        "matters of the table", lambda: {state: _reached(state, town, people) for state in State.values}
    )


def _reached(state: str, town: Town, people: dict[str, User]) -> Reached:
    matter = reach(state, town)
    return Reached(matter, {name: set(allowed(matter, user, MONDAY + HOUR)) for name, user in people.items()})


def _people(town: Town) -> dict[str, User]:
    neighbour, auditor = person("隔壁网格员"), person("审计员老魏")
    seats = ((neighbour, "grid_worker", town.other_grid), (auditor, "auditor", town.city))
    for user, kind, place in seats:
        appoint(add_post(kind, place, actor=None, now=MONDAY), user, actor=None, now=MONDAY)
    named = {name: getattr(town, name) for name in EVERYBODY if hasattr(town, name)}
    return named | {"neighbour_worker": neighbour, "auditor": auditor}


def reach(state: str, town: Town) -> Matter:
    """A matter of Chen's in ``state``, brought there by the engine's own verbs."""
    matter = raise_matter("tiny", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))
    wang = By(town.wang, MONDAY + HOUR, words="说一句")
    ways: dict[str, list[Verb]] = {
        "assigned": [],
        "raised": [VERBS["return"]],
        "in_hand": [accept],
        "waiting": [accept, VERBS["pause"]],
        "answered": [accept, answer],
    }
    if state == "withdrawn":
        return withdraw(matter, By(town.chen, MONDAY + HOUR))
    if state == "closed":
        return verify(reach("answered", town), By(town.li, MONDAY + 2 * HOUR))
    for step in ways[state]:
        matter = step(matter, wang)
    assert matter.state == state
    return matter


@pytest.mark.parametrize("state", State.values)
def test_who_may_do_what(state: str, town: Town, people: dict[str, User]) -> None:
    matter = reach(state, town)
    for name, user in people.items():
        expected = set(MAY[state].get(name, set()))
        if name in SEES and matter.is_open:
            expected.add("comment")
        assert set(allowed(matter, user, MONDAY + HOUR)) == expected, (state, name)


@pytest.mark.parametrize("action", VERBS)
def test_everybody_else_is_refused_and_nothing_changes(
    action: str, reached: dict[str, Reached], people: dict[str, User]
) -> None:
    for one in reached.values():
        matter = one.matter
        for name, user in people.items():
            if action in one.may[name]:
                continue
            with pytest.raises((NotAllowed, NotFound, Changed)) as refusal:
                VERBS[action](matter, By(user, MONDAY + 3 * HOUR, words="试一试"))
            if name not in SEES:
                assert isinstance(refusal.value, NotFound)
        matter_now = Matter.objects.get(pk=matter.pk)
        assert (matter_now.state, matter_now.version) == (matter.state, matter.version)


@pytest.mark.parametrize("action", [name for name, row in ACTIONS.items() if row.words])
def test_words_are_asked_for(action: str, reached: dict[str, Reached], people: dict[str, User]) -> None:
    for state in ACTIONS[action].before:
        one = reached[state]
        for name, user in people.items():
            if action in one.may[name]:
                with pytest.raises(Refused, match="missing"):
                    VERBS[action](one.matter, By(user, MONDAY + 3 * HOUR))


def test_every_state_is_reached_and_left() -> None:
    reached = {state for row in ACTIONS.values() for state in row.after if state not in row.before}
    assert reached == set(State.values)
    left = {state for row in ACTIONS.values() for state in row.before if set(row.after) - {state}}
    assert set(State.values) - left == {State.WITHDRAWN}
    assert set(VERBS) | {"raise", "settle_at_once"} == set(ACTIONS)
