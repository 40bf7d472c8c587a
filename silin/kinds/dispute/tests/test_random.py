"""Random stories of disputes, told to the engine and to a model in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from silin.files.models import File
from silin.kinds.dispute import actions, settling
from silin.kinds.dispute.due import remind
from silin.kinds.dispute.kind import KIND
from silin.kinds.dispute.table import of
from silin.matters import handling, verifying
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report
from silin.people.models import Post
from tests.random_stories import DESKS, RANK, Fuzz, Model, No, Said, told_again
from tests.town import MONDAY, Town, build

SEEDS = range(8)
RISKS = ("green", "yellow", "red")
GOING = ("assigned", "in_hand")
OVER = ("closed", "withdrawn")


class DisputeModel(Model):
    """A dispute in the town, where nobody sits in the county: yellow goes to the street, red stays."""

    states = {
        "accept": ("assigned",),
        "risk": GOING,
        "arrange": ("in_hand",),
        "mediate": ("in_hand",),
        "settle": ("in_hand",),
        "file": ("answered",),
        "visit": ("answered",),
        "watch": (*GOING, "answered"),
        "close": ("assigned", "answered"),
        "reopen": ("closed",),
    }

    def __init__(self) -> None:
        super().__init__()
        self.holder, self.joined, self.risk, self.way = "wang", "", "green", ""
        self.filed = self.meeting = self.agreed = False

    def shown(self) -> Said:
        names = ("state", "holder", "joined", "risk", "way", "filed", "meeting")
        return {name: getattr(self, name) for name in names} | {"in_sight": self.state not in OVER}

    def sees(self, who: str) -> bool:
        return who in ("chen", self.holder, self.joined, *DESKS)

    def may(self, who: str, name: str) -> bool:
        if name in ("accept", "arrange", "mediate", "settle"):
            return who == self.holder
        if name == "file":
            return who == self.holder and self.way == "written" and not self.filed
        if name == "visit":
            return self.sees(who) and who not in ("chen", self.handler, self.holder)
        if name in ("close", "reopen"):
            return (who in DESKS and who != self.handler) or (name == "reopen" and who == "chen")
        return self.above(who) if name == "watch" else self.sees(who)

    def do_accept(self, who: str) -> None:
        self.state = "in_hand"

    def do_risk(self, who: str, risk: str) -> None:
        if risk == self.risk:
            raise No("same_risk")
        if RISKS.index(risk) < RISKS.index(self.risk) and not self.above(who):
            raise No("not_allowed")
        self.risk = risk
        self.facts["graded"] += 1
        if risk == "yellow" and RANK[self.holder] < RANK["guo"]:
            self.joined, self.holder, self.state = self.holder, "guo", "assigned"

    def do_arrange(self, who: str) -> None:
        if self.meeting:
            raise No("arranged")
        self.meeting = True

    def do_mediate(self, who: str, outcome: str) -> None:
        if not self.meeting:
            raise No("not_arranged")
        self.meeting, self.agreed = False, self.agreed or outcome == "agreed"
        self.facts["mediated"] += 1

    def do_settle(self, who: str, way: str) -> None:
        if not self.agreed:
            raise No("meet_first")
        self.state, self.way, self.handler = "answered", way, who
        self.filed = self.agreed = False
        self.facts["answered"] += 1

    def do_file(self, who: str) -> None:
        self.filed = True

    def do_visit(self, who: str, held: bool) -> None:
        if held and self.way == "written" and not self.filed:
            raise No("file_first")
        self.state = "closed" if held else "in_hand"
        self.facts.update(verified=1, closed=int(held))

    def do_watch(self, who: str) -> None:
        """It is looked at again later."""

    def do_close(self, who: str) -> None:
        if self.state == "answered":
            raise No("visit_first")
        self.state = "closed"
        self.facts["closed"] += 1

    def do_reopen(self, who: str) -> None:
        self.state = "in_hand"
        self.facts.update(reopened=1, closed=-1)


class DisputeFuzz(Fuzz):
    verbs = {
        "accept": handling.accept,
        "risk": actions.grade,
        "arrange": actions.arrange,
        "mediate": actions.mediate,
        "settle": settling.settle,
        "file": settling.file,
        "visit": settling.visit,
        "watch": actions.watch,
        "close": verifying.close,
        "reopen": verifying.reopen,
    }

    def __init__(self, town: Town, seed: int, page: File) -> None:
        said = Report("楼上漏水", town.lamp, place=town.grid)
        matter = actions.raise_dispute(By(town.chen, MONDAY), said)
        super().__init__(town, seed, matter, DisputeModel())
        kinds = ("grid_worker", "community_desk", "street_duty", "city_admin")
        seats = zip(kinds, RANK, strict=True)
        self.names: dict[UUID | None, str] = {Post.objects.get(kind=kind).pk: who for kind, who in seats}
        self.page = page

    def said(self, name: str) -> tuple[Said, Said]:
        pick = self.chance.choice
        both: dict[str, Callable[[], Said]] = {
            "risk": lambda: {"risk": pick(RISKS)},
            "mediate": lambda: {"outcome": pick(("agreed", "agreed", "again", "failed"))},
            "settle": lambda: {"way": pick(("spoken", "written"))},
            "visit": lambda: {"held": pick((True, False))},
        }
        engine: dict[str, dict[str, Any]] = {
            "arrange": {"at": self.now, "where": "调解室", "mediators": [self.town.worker_post]},
            "file": {"scan": [self.page]},
            "close": {"outcome": "advised"},
        }
        return both[name]() if name in both else {}, engine.get(name, {})

    def row(self, matter: Matter) -> Said:
        beside = of(matter)
        return {
            "state": matter.state,
            "holder": self.names.get(matter.holder_id),
            "joined": self.names.get(matter.joined_id, ""),
            "risk": beside.risk,
            "way": beside.way,
            "filed": beside.filed_at is not None,
            "meeting": matter.meetings.filter(outcome="").exists(),
            "in_sight": matter.own_due is not None,
        }


def test_the_model_knows_every_action() -> None:
    assert {row.name for row in KIND.actions} - {"remind"} <= set(DisputeFuzz.verbs)


def test_random_stories(db: None, scanned: File) -> None:
    town = build()
    for seed in told_again(SEEDS):
        fuzz = DisputeFuzz(town, seed, scanned)
        fuzz.run()
        if fuzz.model.state not in OVER:
            remind(fuzz.matter, By(None, fuzz.now + timedelta(days=40)))
            assert of(Matter.objects.get(pk=fuzz.matter.pk)).next_look, fuzz.story("it is lost sight of")
