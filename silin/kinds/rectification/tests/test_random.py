"""Random stories of rectifications, told to the engine and to a model in plain Python."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from silin.files.models import File
from silin.kinds.rectification import actions
from silin.kinds.rectification.due import remind
from silin.kinds.rectification.kind import KIND
from silin.kinds.rectification.raising import Problem, raise_rectification
from silin.kinds.rectification.table import of
from silin.matters import handling, oversight, triage
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.people.models import Post
from tests.random_stories import DESKS, Fuzz, Model, No, Said, told_again
from tests.town import MONDAY, Town, build

SEEDS = range(8)
DAY = MONDAY.date() + timedelta(days=60)


class RectificationModel(Model):
    """Guo of the street set it for Li's community; Zhou of the city stands above Guo."""

    states = {
        "plan": ("assigned", "in_hand"),
        "apply": ("in_hand",),
        "strike_off": ("answered",),
        "turn_down": ("answered",),
        "call_off": ("raised", "assigned", "in_hand", "waiting"),
        "remeasure": ("closed",),
        "return": ("assigned", "in_hand"),
        "dispatch": ("raised", "assigned", "in_hand", "waiting"),
        "defer": ("in_hand",),
        "resume": ("waiting",),
        "urge": ("raised", "assigned", "in_hand", "waiting"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.holder, self.fell, self.file, self.returns = "li", 0, False, 0
        self.urged: set[str] = set()
        self.facts.update({"problem.opened": 1})

    def shown(self) -> Said:
        return {"state": self.state, "holder": self.holder, "fell": self.fell}

    def sees(self, who: str) -> bool:
        return who in DESKS

    def sets(self, who: str) -> bool:
        """Who set it, or stands above that; never who has it now."""
        return who in ("guo", "zhou") and who != self.holder

    def may(self, who: str, name: str) -> bool:
        if name in ("plan", "apply", "return", "resume"):
            return who == self.holder
        if name == "dispatch":
            return who in DESKS
        if name in ("defer", "urge"):
            return self.sets(who)
        return self.sets(who) and who != self.handler

    def do_plan(self, who: str) -> None:
        self.state = "in_hand"

    def do_apply(self, who: str, proof: bool) -> None:
        self.state, self.handler, self.file = "answered", who, self.file or proof
        self.facts["answered"] += 1

    def do_strike_off(self, who: str, how: str) -> None:
        if how == "file" and not self.file:
            raise No("no_file")
        self.state = "closed"
        self.facts.update({"verified": 1, "closed": 1, "problem.struck_off": 1})

    def do_turn_down(self, who: str) -> None:
        self.state = "in_hand"
        self.facts["verified"] += 1

    def do_call_off(self, who: str) -> None:
        self.state = "withdrawn"
        self.facts["problem.opened"] -= 1

    def do_remeasure(self, who: str, outcome: str) -> None:
        self.facts["looked_back"] += 1
        if outcome == "fell_back":
            self.state, self.fell = "in_hand", self.fell + 1
            self.facts.update({"closed": -1, "problem.struck_off": -1, "problem.fell_back": 1, "reopened": 1})

    def do_return(self, who: str) -> None:
        self.state, self.returns = "raised", self.returns + 1
        self.holder = "zhou" if self.returns >= 3 or who == "guo" else "guo"
        self.facts["returned"] += 1

    def do_dispatch(self, who: str) -> None:
        if self.state != "raised" and not self.sets(who) and who != self.holder:
            raise No("not_allowed")
        if self.returns >= 3 and self.state == "raised" and who != self.holder and not self.sets(who):
            raise No("arbitration")
        self.state, self.holder = "assigned", "li"
        self.facts["dispatched"] += 1

    def do_defer(self, who: str) -> None:
        self.state = "waiting"
        self.facts["deferred"] += 1

    def do_resume(self, who: str) -> None:
        self.state = "in_hand"

    def do_urge(self, who: str) -> None:
        if who in self.urged:
            raise No("too_soon")
        self.urged.add(who)


class RectificationFuzz(Fuzz):
    verbs = {
        "plan": actions.plan,
        "apply": actions.apply,
        "strike_off": actions.strike_off,
        "turn_down": actions.turn_down,
        "call_off": actions.call_off,
        "remeasure": actions.look_back,
        "return": handling.give_back,
        "dispatch": triage.dispatch,
        "defer": oversight.defer,
        "resume": handling.resume,
        "urge": oversight.urge,
    }

    def __init__(self, town: Town, seed: int, paper: File) -> None:
        said = Problem("楼道堆物", "堆满了纸箱", town.community, deadline=DAY)
        super().__init__(town, seed, raise_rectification(By(town.guo, MONDAY), said), RectificationModel())
        kinds = ("community_desk", "street_duty", "city_admin")
        self.names: dict[UUID | None, str] = {
            Post.objects.get(kind=kind).pk: who for kind, who in zip(kinds, DESKS, strict=True)
        }
        self.paper = paper

    def said(self, name: str) -> tuple[Said, Said]:
        pick = self.chance.choice
        if name == "apply":
            return self._proof(pick((True, False)))
        both: dict[str, Said] = {
            "strike_off": {"how": pick(("spot", "file"))},
            "remeasure": {"outcome": pick(("held", "fell_back", "fell_back"))},
        }
        engine: dict[str, dict[str, Any]] = {
            "plan": {"in_charge": "李建民", "done_by": MONDAY.date()},
            "dispatch": {"to": self.town.desk_post},
            "defer": {"reason": "money", "until": MONDAY.date() + timedelta(days=30)},
        }
        return both.get(name, {}), engine.get(name, {})

    def _proof(self, proof: bool) -> tuple[Said, Said]:
        self.verbs = {
            **self.verbs,
            "apply": lambda matter, by, proof: actions.apply(
                matter, by, evidence=[self.paper] if proof else []
            ),
        }
        return {"proof": proof}, {}

    def row(self, matter: Matter) -> Said:
        return {
            "state": matter.state,
            "holder": self.names.get(matter.holder_id),
            "fell": of(matter).fell,
        }


def test_the_model_knows_every_action() -> None:
    assert {row.name for row in KIND.actions} - {"remind"} <= set(RectificationFuzz.verbs)


def test_random_stories(db: None, paper: File) -> None:
    town = build()
    for seed in told_again(SEEDS):
        fuzz = RectificationFuzz(town, seed, paper)
        fuzz.run()
        if fuzz.model.state == "closed":
            remind(fuzz.matter, By(None, fuzz.now + timedelta(days=90)))
