"""Random people do random things to a matter and its model; what differs is told with its story."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.files.models import File
from silin.history import queries as history
from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.matters import handling, oversight, review, signing, taking_back, triage, verifying, whistling
from silin.matters.bookkeeping import differences
from silin.matters.by_link import open_link
from silin.matters.deeds import By
from silin.matters.jobs import escalate, run_due
from silin.matters.models import Assignment, Category, Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.recounting import recount_due
from silin.matters.table import ACTIONS
from silin.matters.tests.model import EVERYBODY, RANK, Model, No
from silin.matters.tests.model_deeds import Deeds
from silin.people.models import Post, Team
from tests.stories.test_at_once import centre_of
from tests.town import MONDAY, Town

STEPS = 25
MINUTE = timedelta(minutes=1)
Said = dict[str, Any]
PLAIN: dict[str, Said] = {
    "pause": {"reason": "date"},
    "contact": {"how": "phone", "reached": True},
    "review": {"grade": 4},
    "call_back": {"grade": 5},
    "close": {"outcome": "advised"},
    "hand_on": {"team": Team(name="没有的队伍")},
}
PAUSES = (0, 0, 1, 7, 45, 61, 190, 480, 1440, 1447, 2 * 1440, 9 * 1440)
VERBS: dict[str, Callable[..., Matter]] = {
    **{name: getattr(handling, name) for name in ("accept", "contact", "pause", "resume", "ask", "reply")},
    "return": handling.give_back,
    "answer": handling.answer,
    **{name: getattr(signing, name) for name in ("submit", "sign", "send_back")},
    "escalate": escalate,
    "open_link": lambda matter, by: open_link(matter, by, post=Post.objects.filter(kind="grid_worker")[0]),
    **{name: getattr(triage, name) for name in ("triage", "dispatch", "release", "comment")},
    "take_back": taking_back.take_back,
    **{name: getattr(whistling, name) for name in ("whistle", "report_in", "take_part", "finish")},
    **{name: getattr(whistling, name) for name in ("step_back", "waive", "hand_on", "rate")},
    **{name: getattr(oversight, name) for name in ("extend", "defer", "decline", "urge", "supervise")},
    **{name: getattr(oversight, name) for name in ("lift", "look_back")},
    **{name: getattr(verifying, name) for name in ("verify", "reject", "close", "reopen", "withdraw")},
    **{name: getattr(review, name) for name in ("review", "call_back", "slip")},
}


def strange_actions() -> set[str]:
    """Actions of the table of which the model knows nothing."""
    return set(ACTIONS) - set(VERBS) - Model.OF_THE_CLOCK - Model.BEGINNINGS - Model.OF_TWO


@dataclass
class Fuzz:
    """One matter and its model, by a seed that tells the same story again; ``about``: what its kind is."""

    town: Town
    seed: int
    kind: str = "tiny"
    about: Said = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.people: dict[str, User] = {
            name: getattr(self.town, name) for name in EVERYBODY if hasattr(self.town, name)
        }
        self.posts = {
            name: Post.objects.get(kind=kind)
            for name, kind in (
                ("wang", "grid_worker"),
                ("leader", "grid_leader"),
                ("li", "community_desk"),
                ("guo", "street_duty"),
                ("zhou", "city_admin"),
            )
        }
        for name, clerk in zip(("north", "south"), Post.objects.filter(kind="street_clerk"), strict=True):
            self.posts[name] = clerk
            self.people[name] = clerk.holdings.get().user
        self.names: dict[UUID | None, str] = {post.pk: name for name, post in self.posts.items()}
        self.users: dict[UUID | None, str] = {user.pk: name for name, user in self.people.items()}
        self.now = MONDAY + self.chance.randrange(5 * 1440) * MINUTE
        limits = {row.pk: (row.respond_hours, row.handle_days) for row in Category.objects.all()}
        self.model = Deeds(self.now, limits, **self.about)
        by, said = (
            By(self.people[self.model.raiser], self.now),
            Report("灯不亮", self.town.lamp, place=self.town.grid),
        )
        self.matter = raise_matter(self.kind, by, said)

    def run(self, steps: int = STEPS) -> None:
        """Raises ``AssertionError`` with seed and story where the two differ."""
        self.compare()
        for _step in range(steps):
            self.now += self.chance.choice(PAUSES) * MINUTE
            self.model.now = self.now
            if self.chance.random() < 0.25:
                self.told.append(f"{self.now:%d %H:%M} the clock")
                run_due(self.now)
                self.model.tick()
            else:
                self.somebody()
            self.compare()
        self.at_the_end()

    def somebody(self) -> None:
        """Mostly somebody who may; else anybody tries anything."""
        open_to = [(who, name) for who in EVERYBODY for name in VERBS if self.model.may(who, name)]
        if open_to and self.chance.random() < 0.8:
            name = self.chance.choice(sorted({name for _who, name in open_to}))
            who = self.chance.choice([who for who, each in open_to if each == name])
        else:
            who, name = self.chance.choice(EVERYBODY), self.chance.choice(sorted(VERBS))
        mine, theirs = self.said(name)
        self.told.append(f"{self.now:%d %H:%M} {who} {name} {mine or ''}")
        expected = real = ""
        try:
            self.model.act(who, name, **mine)
        except No as refusal:
            expected = str(refusal)
        try:
            VERBS[name](self.matter, By(self.people[who], self.now, words="说一句"), **theirs)
        except Refused as refusal:
            real = refusal.code
        assert real == expected, self.story(f"the engine says {real or 'yes'}, the model {expected or 'yes'}")

    def said(self, name: str) -> tuple[Said, Said]:
        """What is said with the action: to the model, and to the engine."""
        chance, until = self.chance, self.now.date() + timedelta(days=self.chance.randrange(-1, 9))
        if name in ("extend", "supervise"):
            return {"until": until}, {"until": until}
        if name in ("ask", "defer"):
            more = {"what": "extend"} if name == "ask" else {"reason": "money"}
            return {"until": until}, {"until": until, **more}
        if name == "triage":
            what: list[tuple[Said, Said]] = [
                ({}, {"public": True}),
                ({"not_accepted": True}, {"not_accepted": True}),
                ({"category": "trees"}, {"category": Category.objects.get(pk="trees")}),
                ({"category": "street_light"}, {"category": self.town.lamp}),
            ]
            return chance.choice(what)
        if name == "dispatch":
            to = chance.choice(sorted(RANK))
            return {"to": to}, {"to": self.posts[to]}
        if name == "whistle":
            names = chance.choice([["guo"], ["north"], ["north", "south"], ["south", "north"]])
            posts = [self.posts[each] for each in names]
            return {"to": names}, {"lead": posts[0], "others": posts[1:]}
        if name in ("waive", "rate"):
            return self.about_a_call(name)
        if name == "answer" and self.model.proof and chance.random() < 0.7:
            return {"photo": True}, {"after": [a_photo()]}
        if name == "look_back":
            held = chance.random() < 0.5
            return {"held": held}, {"held": held}
        return {}, PLAIN.get(name, {})

    def about_a_call(self, name: str) -> tuple[Said, Said]:
        rows = list(self.matter.assignments.order_by("offered_at", "pk"))
        nth = self.chance.randrange(len(rows) + 1)
        call = rows[nth] if nth < len(rows) else Assignment()
        if name == "waive":
            running = call.state in Assignment.RUNNING and call.pk in {row.pk for row in rows}
            return {"of": self.names[call.post_id] if running else ""}, {"call": call}
        return {"nth": self.nth(call)}, {"call": call, "grade": 5, "came": True, "solved": True}

    def nth(self, call: Assignment) -> int:
        """Which call of the model that is: the order in which they were made is the same."""
        if call.post_id is None:
            return len(self.model.calls)
        who = self.names[call.post_id]
        earlier = self.matter.assignments.filter(post=call.post_id, offered_at__lt=call.offered_at).count()
        return [n for n, each in enumerate(self.model.calls) if each.who == who][earlier]

    def compare(self) -> None:
        """The row, its calls and its facts say what the model says."""
        row, wanted = self.row(), self.model.shown()
        wrong = {name: (row[name], wanted[name]) for name in wanted if row[name] != wanted[name]}
        lines = [f"{name}: engine {mine}, model {other}" for name, (mine, other) in wrong.items()]
        assert not wrong, self.story("\n".join(lines))

    def row(self) -> dict[str, Any]:
        row = Matter.objects.get(pk=self.matter.pk)
        same = ("state", "outcome", "colour", "asked", "returns", "reopens", "whistled", "clock_from")
        times = ("handle_due", "warn_due", "escalate_due", "respond_due", "verify_due", "reply_due")
        said = {name: getattr(row, name) for name in (*same, *times, "report_due", "next_due")}
        facts = (
            Fact.objects.filter(subject=row.subject).values("name").annotate(sum=Sum("n")).order_by("name")
        )
        return said | {
            "waiting_due": row.waiting_until,
            "category": row.category_id,
            "deferred": row.deferred_at is not None,
            "holder": self.names.get(row.holder_id),
            "joined": self.names.get(row.joined_id),
            "supervised_by": self.names.get(row.supervised_by_id),
            "handler": self.users.get(row.handler_id),
            "calls": sorted(
                (self.names[call.post_id], call.lead, call.state, call.arrived_at is not None)
                for call in row.assignments.all()
            ),
            "facts": {each["name"].removeprefix("matter."): each["sum"] for each in facts if each["sum"]},
        }

    def at_the_end(self) -> None:
        """The books hold and agree, and counting anew by the same rules moves nothing."""
        assert history.check(self.matter.subject) == [], self.story("the chain is broken")
        wrong = [each.why for each in differences()]
        assert not wrong, self.story("\n".join(wrong))
        Matter.objects.update(counted=0)
        recount_due(self.now)
        moved = Entry.objects.filter(subject=self.matter.subject, action="recount").first()
        assert moved is None, self.story(f"counted anew, it moves: {moved and moved.fields}")

    def story(self, what: str) -> str:
        return "\n".join(
            [f"seed {self.seed} (SILIN_FUZZ_SEED={self.seed} tells it again):", *self.told, what]
        )


def a_photo() -> File:
    """The row of a picture; nobody looks at it."""
    return File.objects.get_or_create(sha256="0" * 64, defaults={"mime": "image/jpeg", "size": 1})[0]


def prepare(town: Town) -> Town:
    """Two clerks of the street, north and south."""
    centre_of(town)
    return town
