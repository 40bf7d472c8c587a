"""Random stories of bad reviews, told to the engine and to a model in plain Python."""

from __future__ import annotations

from collections.abc import Callable

from silin.kinds.bad_review import actions
from silin.kinds.bad_review.kind import KIND
from silin.kinds.bad_review.table import of
from silin.kinds.bad_review.tests.conftest import graded
from silin.matters import handling, verifying
from silin.matters.models import Matter, Review
from silin.people import queries as people
from tests.random_stories import DESKS, Fuzz, Model, No, Said, told_again
from tests.town import MONDAY, Town, build

SEEDS = range(8)
OPEN_TO_THEM = ("in_hand",)


class BadReviewModel(Model):
    """A bad review of Wang's work: Li has it, Guo and Zhou watch, Chen gave it."""

    states = {
        "accept": ("assigned",),
        "contact": ("assigned", "in_hand"),
        "order": ("in_hand",),
        "put_right": OPEN_TO_THEM,
        "appeal": OPEN_TO_THEM,
        "decide": OPEN_TO_THEM,
        "answer": ("in_hand",),
        "verify": ("answered",),
        "reject": ("answered",),
        "close": ("assigned", "answered"),
        "reopen": ("closed",),
    }

    def __init__(self) -> None:
        super().__init__()
        self.holder = "li"
        self.called = self.ordered = self.put_right = self.appealed = self.decided = self.granted = False

    def shown(self) -> Said:
        names = ("state", "holder", "called", "ordered", "put_right", "appealed", "decided", "granted")
        return {name: getattr(self, name) for name in names} | {"counts": not self.granted}

    def sees(self, who: str) -> bool:
        return who in ("chen", *DESKS)

    def settled(self) -> bool:
        return self.put_right or self.granted

    def may(self, who: str, name: str) -> bool:
        if name in ("accept", "contact", "answer"):
            return who == self.holder
        if name == "order":
            return who == self.holder and not self.ordered
        if name in ("put_right", "appeal"):
            again = name == "appeal" and self.appealed
            return who == "wang" and self.ordered and not self.settled() and not again
        if name == "decide":
            return self.above(who) and self.appealed and not self.decided
        if name in ("verify", "reject"):
            return self.sees(who) and who not in (self.handler, self.holder)
        return (who in DESKS and who != self.handler) or (name == "reopen" and who == "chen")

    def do_accept(self, who: str) -> None:
        self.state = "in_hand"

    def do_contact(self, who: str) -> None:
        self.facts["contacted"] += not self.called
        self.called = True

    def do_order(self, who: str, names_case: bool) -> None:
        if not self.called:
            raise No("call_first")
        self.ordered = True

    def do_put_right(self, who: str) -> None:
        self.put_right = True
        self.facts["put_right"] += 1

    def do_appeal(self, who: str) -> None:
        self.appealed = True

    def do_decide(self, who: str, granted: bool) -> None:
        self.decided, self.granted = True, granted
        self.facts["appealed"] += 1

    def do_answer(self, who: str) -> None:
        if not self.called:
            raise No("call_first")
        if self.appealed and not self.decided:
            raise No("appeal_open")
        if self.ordered and not self.settled():
            raise No("order_open")
        self.state, self.handler = "answered", who
        self.facts["answered"] += 1

    def do_verify(self, who: str) -> None:
        self.facts["verified"] += 1
        self.do_end()

    def do_close(self, who: str) -> None:
        self.may_close(who)
        self.do_end()

    def may_close(self, who: str) -> None:
        if who != "chen" and not self.above(who):
            raise No("not_allowed")

    def do_end(self) -> None:
        self.state = "closed"
        self.facts["closed"] += 1

    def do_reject(self, who: str) -> None:
        self.facts["verified"] += 1
        self.goes_on()

    def do_reopen(self, who: str) -> None:
        self.facts.update(reopened=1, closed=-1)
        self.goes_on()

    def goes_on(self) -> None:
        self.state = "in_hand"
        if not self.granted:
            self.ordered = self.put_right = False


class BadReviewFuzz(Fuzz):
    verbs = {
        "accept": handling.accept,
        "contact": handling.contact,
        "order": actions.order,
        "put_right": actions.put_right,
        "appeal": actions.appeal,
        "decide": actions.decide,
        "answer": handling.answer,
        "verify": verifying.verify,
        "reject": verifying.reject,
        "close": verifying.close,
        "reopen": verifying.reopen,
    }

    def __init__(self, town: Town, seed: int) -> None:
        super().__init__(town, seed, graded(town, MONDAY), BadReviewModel())

    def said(self, name: str) -> tuple[Said, Said]:
        pick = self.chance.choice
        both: dict[str, Callable[[], Said]] = {
            "order": lambda: {"names_case": pick((True, False))},
            "decide": lambda: {"granted": pick((True, False))},
        }
        engine: dict[str, Said] = {
            "contact": {"how": "phone", "reached": True},
            "answer": {"outcome": "advised"},
            "close": {"outcome": "advised"},
        }
        return both[name]() if name in both else {}, engine.get(name, {})

    def row(self, matter: Matter) -> Said:
        beside = of(matter)
        times = ("ordered", "put_right", "appealed", "decided")
        has = {who for who in DESKS if people.holds(self.people[who], matter.holder_id, self.now)}
        return {name: getattr(beside, f"{name}_at") is not None for name in times} | {
            "state": matter.state,
            "holder": " ".join(has),
            "called": matter.contacted_at is not None,
            "granted": bool(beside.granted),
            "counts": Review.objects.get(matter=matter.about).set_aside_at is None,
        }


def test_the_model_knows_every_action() -> None:
    assert {row.name for row in KIND.actions} <= set(BadReviewFuzz.verbs)


def test_random_stories(db: None) -> None:
    town = build()
    for seed in told_again(SEEDS):
        BadReviewFuzz(town, seed).run()
