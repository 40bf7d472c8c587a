"""The engine once more, in plain Python without a database: what the fuzz test holds the real one against.

Written from the table of actions and the rules, not from the code: seconds instead of microseconds, names
instead of rows. An action that is not in ``Model.RIGHTS`` is unknown here, and the fuzz test says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

DAY, SPANS = timedelta(days=1), ((8, 12), (14, 18))
FEASTS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}  # days off each year, announced or not
CLERKS = {"north", "south"}  # of one office
RANK = {"north": 16, "south": 16, "wang": 20, "leader": 30, "li": 40, "guo": 60, "zhou": 80}
DESKS, VERIFIERS = ("li", "guo", "zhou"), ("wang", "leader", "li", "guo", "zhou")
EVERYBODY = (*RANK, "chen", "stranger")
CHIEF = {"north": "guo", "south": "guo", "wang": "li", "leader": "li", "li": "guo", "guo": "zhou"}
REACH = {"li": {"wang", "leader", "li"}, "guo": {"wang", "leader", "li", "guo", "north", "south"}}
CALLS = {"li": {"guo"}, "guo": {"north", "south"}}
RUNNING = ("raised", "assigned", "in_hand")
WAITED, HELD = (*RUNNING, "waiting"), ("assigned", "in_hand")
OPEN = (*WAITED, "answered")
KNOWN = (*OPEN, "closed")


class No(Exception):
    """The model refuses, with the code of the refusal."""


def works(day: datetime) -> bool:
    """Monday to Friday, but for the feasts: the town of the stories has no yearly notice."""
    return day.weekday() < 5 and (day.month, day.day) not in FEASTS


def spans_of(day: datetime) -> list[tuple[datetime, datetime]]:
    """When people work on that day: 8 to 12 and 14 to 18, or not at all."""
    midnight = day.replace(hour=0, minute=0, second=0)
    return [(midnight.replace(hour=a), midnight.replace(hour=b)) for a, b in SPANS if works(day)]


def opening(moment: datetime) -> datetime:
    """The moment itself in working time, else the next beginning."""
    later = [max(moment, begin) for begin, end in spans_of(moment) if moment <= end]
    return later[0] if later else opening(moment.replace(hour=0, minute=0, second=0) + DAY)


def worked(start: datetime, end: datetime) -> int:
    """Seconds of working time between two moments; none if the second one is earlier."""
    day, total = start, timedelta()
    while day.date() <= end.date():
        total += sum((max(min(b, end) - max(a, start), timedelta()) for a, b in spans_of(day)), timedelta())
        day += DAY
    return int(total.total_seconds())


def after_seconds(start: datetime, seconds: int) -> datetime:
    """The first moment by which so much working time has passed."""
    day, left = opening(start), timedelta(seconds=seconds)
    while True:
        for begin, end in spans_of(day):
            if day <= end and left <= end - max(begin, day):
                return max(begin, day) + left
            left -= max(end - max(begin, day), timedelta())
        day = opening(day.replace(hour=0, minute=0, second=0) + DAY)


def after_days(start: datetime, days: int) -> datetime:
    """The same time of day so many workdays later."""
    moment = opening(start)
    while days:
        moment += DAY
        days -= works(moment)
    return moment


@dataclass
class Call:
    """One who was whistled."""

    who: str
    by: str
    lead: bool
    due: datetime
    state: str = "offered"
    arrived: bool = False
    warned: bool = False
    rated: bool = False

    @property
    def runs(self) -> bool:
        return self.state in ("offered", "accepted")


Who = Callable[["Model", str], bool]


@dataclass
class Model:
    """One matter of Chen's, in a town with two clerks of the street (north and south).

    Or one of another kind: raised by ``raiser``, sent to ``nearest`` first, answered with a photo where it
    needs ``proof``, and ``graded`` by its raiser or not.
    """

    now: datetime
    limits: dict[str, tuple[int, int]]
    raiser: str = "chen"
    nearest: str = "wang"
    proof: bool = False
    graded: bool = True
    category: str = "street_light"
    state: str = "assigned"
    holder: str | None = None
    joined: str | None = None
    handler: str | None = None
    outcome: str = ""
    colour: str = "ok"
    rule: str = "ladder"
    asked: str = ""
    supervised_by: str | None = None
    deferred: bool = False
    stopped: tuple[datetime, bool] | None = None
    responded: datetime | None = None
    contacted: bool = False
    answered: datetime | None = None
    closed: datetime | None = None
    times: dict[str, datetime | None] = field(default_factory=dict)
    returns: int = 0
    reopens: int = 0
    whistled: int = 0
    calls: list[Call] = field(default_factory=list)
    reviewed: bool = False
    urged: dict[str, datetime] = field(default_factory=dict)
    facts: Counter[str] = field(default_factory=Counter)
    undo: tuple[str, datetime, Model] | None = None
    story: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holder = self.nearest
        self.raised = self.clock_from = self.held_since = self.now
        self.times = dict.fromkeys(("handle", "warn", "escalate", "waiting", "verify", "reply", "report"))
        self.facts["raised"] += 1
        self.handling(self.now, self.limits[self.category][1])
        self.respond()

    # What holds of it

    def above(self, who: str) -> bool:
        """Whether it is a desk above whoever has it."""
        if who not in DESKS:
            return False
        if self.holder is None:
            return True
        chain, at = [], self.holder
        while at in CHIEF:
            at = CHIEF[at]
            chain.append(at)
        return who in chain

    def reads(self, who: str) -> bool:
        """Whether somebody may see it at all: clerks only what their office has in hand, or came to."""
        if who not in CLERKS:
            return who in RANK or who == self.raiser
        came = {call.who for call in self.calls if call.state in ("offered", "accepted", "done")}
        return bool(CLERKS & {self.holder, self.joined, *came})

    def call_of(self, who: str) -> Call | None:
        return next((call for call in self.calls if call.runs and call.who == who), None)

    def beside(self, who: str) -> Call | None:
        call = self.call_of(who)
        return call if call and not call.lead else None

    def out_of_time(self) -> bool:
        due = self.times["handle"]
        return self.state in RUNNING and self.colour != "late" and due is not None and due < self.now

    def verifies(self, who: str) -> bool:
        return self.handler != who and (who == self.raiser or (who in VERIFIERS and who != self.holder))

    def looks_on(self, who: str, posts: tuple[str, ...]) -> bool:
        """Whether it may ask how others did, while nobody has said so."""
        own = (self.raiser, self.handler, self.holder)
        return self.graded and who in posts and who not in own and not self.reviewed

    def rates(self, who: str) -> bool:
        return any(call.by == who and not call.rated and call.state != "waived" for call in self.calls)

    def next_due(self) -> datetime | None:
        """When the clock has to look at it next."""
        at, wanted = self.times, []
        if self.state in RUNNING:
            by_colour = {"late": ["escalate"], "warn": ["handle"], "ok": ["warn", "handle"]}
            wanted = [at[name] for name in by_colour[self.colour]]
            if self.colour == "ok" and self.responded is None:
                wanted.append(at["respond"])
        wanted += [at["verify"]] if self.state == "answered" else []
        wanted += [at["waiting"]] if self.state == "waiting" else []
        wanted += [at["report"]] if self.state in WAITED else []
        wanted += [at["reply"]] if self.state in OPEN else []
        return min((due for due in wanted if due is not None), default=None)

    RIGHTS: ClassVar[dict[str, tuple[tuple[str, ...], Who]]] = {
        "accept": (("assigned",), lambda m, who: who == m.holder),
        "contact": (HELD, lambda m, who: who == m.holder and who != m.raiser),
        "return": (HELD, lambda m, who: who == m.holder),
        "pause": (("in_hand",), lambda m, who: who == m.holder),
        "resume": (("waiting",), lambda m, who: who == m.holder),
        "ask": (("in_hand",), lambda m, who: who == m.holder),
        "answer": (("in_hand",), lambda m, who: who == m.holder),
        **dict.fromkeys(
            ("submit", "sign", "send_back"), (("in_hand",), lambda m, who: False)
        ),  # nobody signs
        "escalate": (RUNNING, lambda m, who: who == m.holder),
        "triage": (("raised", "assigned"), lambda m, who: who in DESKS),
        "dispatch": (WAITED, lambda m, who: who in DESKS),
        "release": (KNOWN, lambda m, who: who in DESKS),
        "whistle": (WAITED, lambda m, who: who in CALLS),
        "take_back": (("assigned",), lambda m, who: m.undo is not None and m.undo[0] == who),
        "report_in": (WAITED, lambda m, who: bool((c := m.call_of(who)) and not c.arrived)),
        "open_link": (WAITED, lambda m, who: who == m.holder or m.call_of(who) is not None),
        "take_part": (WAITED, lambda m, who: bool((c := m.beside(who)) and c.state == "offered")),
        "finish": (WAITED, lambda m, who: m.beside(who) is not None),
        "step_back": (WAITED, lambda m, who: m.beside(who) is not None),
        "waive": (WAITED, lambda m, who: who in DESKS and any(call.runs for call in m.calls)),
        "hand_on": (WAITED, lambda m, who: m.call_of(who) is not None),
        "rate": (("closed",), lambda m, who: m.rates(who)),
        "extend": (("in_hand",), lambda m, who: m.above(who)),
        "defer": (("in_hand",), lambda m, who: m.above(who)),
        "decline": (("in_hand",), lambda m, who: bool(m.asked) and m.above(who)),
        "urge": (WAITED, lambda m, who: who == m.raiser or m.above(who)),
        "supervise": (OPEN, lambda m, who: m.above(who)),
        "reply": (OPEN, lambda m, who: m.times["reply"] is not None and who == m.holder),
        "lift": (KNOWN, lambda m, who: m.supervised_by == who),
        "verify": (("answered",), lambda m, who: m.verifies(who)),
        "reject": (("answered",), lambda m, who: m.verifies(who)),
        "close": (("raised", "assigned", "answered"), lambda m, who: who in DESKS and m.handler != who),
        "review": (("closed",), lambda m, who: who == m.raiser and who != m.handler),
        "call_back": (("closed",), lambda m, who: m.looks_on(who, VERIFIERS)),
        "slip": (("closed",), lambda m, who: m.looks_on(who, DESKS)),
        "reopen": (("closed",), lambda m, who: who == m.raiser or (who in DESKS and m.handler != who)),
        "look_back": (("closed",), lambda m, who: m.above(who)),
        "withdraw": (("raised", "assigned"), lambda m, who: who == m.raiser),
        "comment": (OPEN, lambda m, who: m.reads(who)),
    }
    OF_THE_CLOCK: ClassVar[set[str]] = {"warn", "overdue", "report_overdue", "reply_overdue", "recount"}
    OF_TWO: ClassVar[set[str]] = {
        "merge",
        "take_in",
        "unmerge",
        "let_out",
        "split",
        "relate",
        "join",
        "cover",
        "put_on",
        "take_off",
        "ticket",
        "hear_more",
        "recall",
    }
    """With a second matter, a released one, words to cover, a list beside the clock or another system: their
    stories are in ``test_together.py``, ``test_watching.py`` and ``test_hotline.py``."""
    BEGINNINGS: ClassVar[set[str]] = {"raise", "settle_at_once"}

    def may(self, who: str, action: str) -> bool:
        states, right = self.RIGHTS[action]
        return self.state in states and right(self, who)

    # What is done to it

    def act(self, who: str, action: str, **said: Any) -> None:
        """Do it, or refuse as the engine has to: ``No`` with the code."""
        states, right = self.RIGHTS[action]
        if not right(self, who):
            raise No("not_allowed" if self.reads(who) else "not_found")
        if self.state not in states:
            raise No("changed")
        before = deepcopy(self)
        try:
            getattr(self, f"do_{action}")(who, **said)
        except No:
            vars(self).update(vars(before))
            raise
        sends = action in ("dispatch", "whistle")
        before.undo = None
        self.undo = (who, self.now, before) if sends else None
        self.over()

    def over(self) -> None:
        """What every deed ends with."""
        if self.state != "in_hand":
            self.asked = ""
        waits = [call.due for call in self.calls if call.runs and not call.arrived and not call.warned]
        self.times["report"] = min(waits, default=None)

    def respond(self) -> None:
        self.times["respond"] = after_seconds(self.held_since, self.limits[self.category][0] * 3600)

    def handling(self, start: datetime, days: int) -> None:
        due = after_days(start, days)
        old = self.times["handle"]
        if old is not None and old > due:
            return
        self.clock_from, self.times["handle"] = start, due
        self.times["warn"] = self.warning(start, due)

    def warning(self, start: datetime, due: datetime) -> datetime:
        return after_seconds(start, worked(start, due) * 7 // 10)

    def sent(self, who: str, rule: str) -> None:
        """What a dispatch and a whistle share."""
        if self.rule == "arbitration" and self.holder and who != self.holder and not self.above(who):
            raise No("arbitration")
        if self.state == "waiting":
            self.goes_on()
        for call in self.calls:
            call.state = "waived" if call.runs else call.state
        self.rule = "arbitrated" if self.rule == "arbitration" else rule
        self.responded, self.contacted, self.held_since = None, False, self.now
        self.state = "assigned"
        self.facts["dispatched"] += 1
        self.respond()

    def goes_on(self) -> None:
        assert self.stopped
        stood = worked(self.stopped[0], self.now)
        self.story.append(("stood", stood))
        for name in ("handle", "warn", "escalate"):
            due = self.times[name]
            self.times[name] = due and after_seconds(due, stood)
        self.stopped = self.times["waiting"] = None

    def climbs(self) -> bool:
        self.times["escalate"] = None
        below = self.joined or self.holder
        above = CHIEF.get(below) if below else "li"
        if above is None:
            return False
        self.joined = above
        if above in CHIEF:
            self.times["escalate"] = after_days(self.now, 2)
        self.facts["escalated"] += 1
        return True

    def lead_is(self, state: str) -> None:
        for call in self.calls:
            if call.runs and call.lead:
                call.state = state

    def runs_late(self) -> None:
        self.colour = "late"
        self.facts.update(["overdue", "warned"])

    def ends(self) -> None:
        self.state, self.closed, self.times["verify"] = "closed", self.now, None
        for call in self.calls:
            call.state = "waived" if call.runs else call.state
        self.facts["closed"] += 1

    def opens_again(self) -> None:
        self.reopens += 1
        self.closed = self.answered = None
        self.times |= dict.fromkeys(("verify", "escalate", "handle"))
        self.outcome, self.colour, self.state = "", "ok", "in_hand"
        self.holder = self.holder or self.nearest
        self.handling(self.now, 1)
        self.facts["closed"] -= 1
        self.facts["reopened"] += 1
