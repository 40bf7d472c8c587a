"""Random people do random things to a matter and to a model of its kind; both say the same at each step."""

from __future__ import annotations

import os
import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.history import queries as history
from silin.lib.refusal import Refused
from silin.matters.bookkeeping import differences
from silin.matters.deeds import By
from silin.matters.models import Matter
from tests.town import MONDAY, Town

RANK = {"wang": 0, "li": 1, "guo": 2, "zhou": 3}
DESKS = ("li", "guo", "zhou")
EVERYBODY = (*RANK, "leader", "chen", "stranger")
STEPS = 30
Said = dict[str, Any]


class No(Exception):
    """The model refuses, with the code that the engine should give."""


class Model(ABC):
    """A matter of a kind as the design tells it: who sees it, who may do what, what comes of it."""

    states: Mapping[str, tuple[str, ...]]
    """In which states each action begins."""

    def __init__(self) -> None:
        self.state, self.holder, self.handler = "assigned", "", ""
        self.facts: Counter[str] = Counter(raised=1)

    @abstractmethod
    def sees(self, who: str) -> bool: ...

    @abstractmethod
    def may(self, who: str, name: str) -> bool: ...

    @abstractmethod
    def shown(self) -> Said:
        """What is compared with ``Fuzz.row``."""

    def above(self, who: str) -> bool:
        return who in DESKS and RANK[who] > RANK[self.holder]

    def act(self, who: str, name: str, **said: Any) -> None:
        if not self.may(who, name):
            raise No("not_allowed" if self.sees(who) else "not_found")
        if self.state not in self.states[name]:
            raise No("changed")
        getattr(self, f"do_{name}")(who, **said)


class Fuzz(ABC):
    """One matter and its model, by a seed that tells the same story again."""

    verbs: Mapping[str, Callable[..., Matter]]

    def __init__(self, town: Town, seed: int, matter: Matter, model: Model) -> None:
        self.town, self.seed, self.chance = town, seed, random.Random(seed)
        self.people: dict[str, User] = {name: getattr(town, name) for name in EVERYBODY}
        self.matter, self.model, self.now = matter, model, MONDAY
        self.told: list[str] = []

    @abstractmethod
    def said(self, name: str) -> tuple[Said, Said]:
        """What is said with an action: to both, and to the engine alone."""

    @abstractmethod
    def row(self, matter: Matter) -> Said:
        """What the engine has written down, to be compared with ``Model.shown``."""

    def run(self) -> None:
        """Raises ``AssertionError`` with seed and story where the two differ."""
        for _step in range(STEPS):
            self.now += timedelta(minutes=1)
            self._somebody()
            self._compare()
        assert history.check(self.matter.subject) == [], self.story("the chain is broken")
        wrong = [each.why for each in differences()]
        assert not wrong, self.story("\n".join(wrong))

    def _somebody(self) -> None:
        """Mostly somebody who may; else anybody tries anything."""
        model, every = self.model, [(who, name) for who in EVERYBODY for name in self.verbs]
        may = [
            (who, name) for who, name in every if model.state in model.states[name] and model.may(who, name)
        ]
        chosen = may if may and self.chance.random() < 0.8 else every
        name = self.chance.choice(sorted({name for _who, name in chosen}))
        who = self.chance.choice([who for who, each in chosen if each == name])
        mine, theirs = self.said(name)
        self.told.append(f"{who} {name} {mine or ''}")
        expected = real = ""
        try:
            model.act(who, name, **mine)
        except No as refusal:
            expected = str(refusal)
        try:
            self.verbs[name](self.matter, By(self.people[who], self.now, words="说一句"), **mine, **theirs)
        except Refused as refusal:
            real = refusal.code
        assert real == expected, self.story(f"the engine says {real or 'yes'}, the model {expected or 'yes'}")

    def _compare(self) -> None:
        row = self.row(Matter.objects.get(pk=self.matter.pk)) | {"facts": counted(self.matter)}
        wanted = self.model.shown() | {"facts": +self.model.facts}
        wrong = [
            f"{name}: engine {row[name]}, model {wanted[name]}"
            for name in wanted
            if row[name] != wanted[name]
        ]
        assert not wrong, self.story("\n".join(wrong))

    def story(self, what: str) -> str:
        again = f"seed {self.seed} (SILIN_FUZZ_SEED={self.seed} tells it again):"
        return "\n".join([again, *self.told, what])


def counted(matter: Matter) -> Counter[str]:
    """How often each fact of the matter counts, without those that were taken back."""
    found: Counter[str] = Counter()
    for name, n in Fact.objects.filter(subject=matter.subject).values_list("name", "n"):
        found[name.removeprefix("matter.")] += n
    return +found


def told_again(seeds: Iterable[int]) -> list[int]:
    """The seeds of a test, or the one that somebody wants to hear again."""
    wanted = os.environ.get("SILIN_FUZZ_SEED")
    return [int(wanted)] if wanted else list(seeds)
