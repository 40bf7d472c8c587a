"""Facts counted again from history: the two books are written in one transaction and may never disagree.

``LEAVES`` says for each action which facts its line of history stands for; a kind says it of its own actions
(``Kind.leaves``). It is written apart from the verbs, so that a verb that forgets a fact is found as well as
a fact that somebody planted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from silin.facts.actions import day_of
from silin.facts.models import Fact
from silin.facts.vocabulary import MATTERS
from silin.history.models import Entry
from silin.lib.text import listed
from silin.matters.deeds import lock
from silin.matters.models import Matter, Outcome, Review, State
from silin.people.models import Post
from silin.places.levels import Level

PAGE = 500


@dataclass(frozen=True)
class Difference:
    """A subject of which the two books say different things, and what, in words."""

    subject: str
    why: str


@dataclass(frozen=True)
class Left:
    """One fact as history tells it: what no line says (hours, who was graded how) is not compared."""

    name: str
    day: int
    n: int = 1
    outcome: str = ""
    level: str = ""
    amount: int = 1
    grade: int | None = None
    on_time: bool | None = None


@dataclass
class Story:
    """A matter's history read from its first line on, as far as facts depend on what came before.

    ``set_aside``: an appeal against its review was granted, which the history of another matter tells.
    """

    levels: dict[str, str]
    set_aside: bool = False
    facts: list[Left] = field(default_factory=list)
    late: bool = False
    deferred: bool = False
    timed: bool = True
    answered: bool = False
    contacted: bool = False
    contacted_before: bool = False

    def leave(self, name: str, entry: Entry, **columns: Any) -> None:
        self.facts.append(Left(f"matter.{name}", day_of(entry.at), **columns))

    def take_back(self, name: str) -> None:
        """The last one of that name, counted the other way."""
        last = next((each for each in reversed(self.facts) if each.name == name and each.n == 1), None)
        if last is not None:
            self.facts.append(replace(last, n=-1))

    @property
    def on_time(self) -> bool | None:
        if not self.answered or not self.timed:
            return None
        return False if self.late else None if self.deferred else True


Rule = Callable[[Story, Entry], None]


def nothing(story: Story, entry: Entry) -> None:
    """An action that is not counted."""


def one(name: str, **columns: Any) -> Rule:
    """An action that leaves one fact, the same each time."""
    return lambda story, entry: story.leave(name, entry, **columns)


def _settled(story: Story, entry: Entry) -> None:
    story.timed, story.answered = False, True
    story.leave("raised", entry)
    story.leave("answered", entry, outcome=Outcome.ON_THE_SPOT.value)


def _sent(story: Story, entry: Entry) -> None:
    story.contacted_before, story.contacted = story.contacted, False
    level = story.levels.get(entry.fields["to"], "")
    story.leave("dispatched", entry, level=level, amount=1 + len(entry.fields.get("others", ())))


def _taken_back(story: Story, entry: Entry) -> None:
    story.contacted = story.contacted_before
    story.take_back("matter.dispatched")


def _contacted(story: Story, entry: Entry) -> None:
    if not story.contacted:
        story.leave("contacted", entry)
    story.contacted = True


def _returned(story: Story, entry: Entry) -> None:
    story.contacted = False
    story.leave("returned", entry)


def _deferred(story: Story, entry: Entry) -> None:
    story.deferred = True
    story.leave("deferred", entry)


def _closed(story: Story, entry: Entry) -> None:
    story.leave("closed", entry, outcome=entry.fields["outcome"], on_time=story.on_time)


def _parted(story: Story, entry: Entry) -> None:
    story.take_back("matter.closed")


def _recalled(story: Story, entry: Entry) -> None:
    story.take_back("matter.raised")


def _triaged(story: Story, entry: Entry) -> None:
    if entry.after == State.CLOSED:
        _closed(story, entry)


def answered(story: Story, entry: Entry) -> None:
    """It was answered; its line says how, and whether its time had run out unnoticed."""
    story.answered = True
    if entry.fields.get("late"):
        story.late = True
        story.leave("overdue", entry)
        story.leave("warned", entry, outcome="red")
    story.leave("answered", entry, outcome=entry.fields["outcome"], on_time=story.on_time)
    if entry.after == State.CLOSED:
        _closed(story, entry)


def verified(story: Story, entry: Entry) -> None:
    """Somebody looked and found it so: it ended."""
    story.leave("verified", entry, outcome="passed")
    _closed(story, entry)


def rejected(story: Story, entry: Entry) -> None:
    """Somebody looked: it goes on."""
    story.answered, story.timed = False, True
    story.leave("verified", entry, outcome="failed")


def _reopened(story: Story, entry: Entry) -> None:
    story.answered, story.timed, story.late = False, True, False
    story.take_back("matter.closed")
    story.leave("reopened", entry)


def looked_back(story: Story, entry: Entry) -> None:
    """Somebody looked again: it holds, or it is open again."""
    held = bool(entry.fields["held"])
    story.leave("looked_back", entry, outcome="held" if held else "fell_back")
    if not held:
        _reopened(story, entry)


def _ran_out(story: Story, entry: Entry) -> None:
    story.late = True
    story.leave("overdue", entry)
    story.leave("warned", entry, outcome="red")
    _climbed(story, entry)


def _climbed(story: Story, entry: Entry) -> None:
    if "joined" in entry.fields:
        story.leave("escalated", entry)


def _joined(story: Story, entry: Entry) -> None:
    if not entry.fields.get("again"):
        story.leave("joined", entry)


def _called_back(story: Story, entry: Entry) -> None:
    if entry.fields.get("reviewed"):
        story.leave("reviewed", entry)


def _rated(story: Story, entry: Entry) -> None:
    story.leave("rated", entry, grade=entry.fields["grade"])


LEAVES: dict[str, Rule] = {
    "raise": one("raised"),
    "settle_at_once": _settled,
    "triage": _triaged,
    "dispatch": _sent,
    "whistle": _sent,
    "take_back": _taken_back,
    "report_in": one("reported_in"),
    "open_link": nothing,
    "report_overdue": nothing,
    "take_part": nothing,
    "finish": nothing,
    "step_back": one("returned"),
    "waive": nothing,
    "hand_on": nothing,
    "rate": _rated,
    "release": nothing,
    "accept": nothing,
    "contact": _contacted,
    "return": _returned,
    "pause": nothing,
    "resume": nothing,
    "ask": nothing,
    "extend": nothing,
    "defer": _deferred,
    "decline": nothing,
    "urge": nothing,
    "supervise": one("supervised"),
    "reply": nothing,
    "reply_overdue": nothing,
    "lift": nothing,
    "put_on": nothing,
    "take_off": nothing,
    "answer": answered,
    "submit": nothing,
    "sign": answered,
    "send_back": nothing,
    "verify": verified,
    "reject": rejected,
    "close": _closed,
    "review": one("reviewed"),
    "call_back": _called_back,
    "slip": nothing,
    "reopen": _reopened,
    "look_back": looked_back,
    "withdraw": nothing,
    "comment": nothing,
    "cover": nothing,
    "join": _joined,
    "merge": _closed,
    "unmerge": _parted,
    "take_in": nothing,
    "let_out": nothing,
    "split": nothing,
    "relate": nothing,
    "ticket": nothing,
    "hear_more": nothing,
    "recall": _recalled,
    "warn": one("warned", outcome="yellow"),
    "overdue": _ran_out,
    "recount": nothing,
    "escalate": _climbed,
}
"""Every action of the table, and what its line of history leaves in the book of facts."""

COMPARED = {
    "matter.dispatched": ("level", "amount"),
    "matter.rated": ("grade",),
    "matter.answered": ("outcome", "on_time"),
    "matter.verified": ("outcome",),
    "matter.closed": ("outcome", "on_time"),
    "matter.warned": ("outcome",),
    "matter.looked_back": ("outcome",),
    "matter.graded": ("outcome",),
    "matter.mediated": ("outcome",),
    "matter.appealed": ("outcome",),
    "matter.put_right": ("on_time",),
}
"""The columns that a line of history says, beside name, day and count."""


def differences() -> Iterator[Difference]:
    """Every matter of which history and facts disagree, and facts of which there is no history at all.

    Walks the matters in pages. What seems to differ is looked at once more with the matter held, since a deed
    may come in between the reading of one book and of the other.
    """
    last = None
    while True:
        rows = Matter.objects.order_by("pk")
        page = list((rows.filter(pk__gt=last) if last else rows)[:PAGE])
        if not page:
            break
        for matter in [each for each, why in _compared(page) if why]:
            with transaction.atomic():
                for held, why in _compared([lock(matter)]):
                    if why:
                        yield Difference(held.subject, why)
        last = page[-1].pk
    told = Entry.objects.filter(subject=OuterRef("subject"))
    for fact in Fact.objects.filter(~Exists(told), name__in=MATTERS).iterator():
        yield Difference(fact.subject, _("No history tells of the fact %(name)s.") % {"name": fact.name})


def _compared(matters: Iterable[Matter]) -> Iterator[tuple[Matter, str]]:
    """Each matter with what is wrong with its books (empty: nothing). Four statements."""
    rows = list(matters)
    subjects = [matter.subject for matter in rows]
    entries, facts = _by_subject(Entry, subjects, "seq"), _by_subject(Fact, subjects, "id")
    levels = _levels(entries.values())
    without = Review.objects.filter(matter__in=rows, set_aside_at__isnull=False)
    aside = set(without.values_list("matter_id", flat=True))
    for matter in rows:
        story, mine = Story(levels, matter.pk in aside), entries.get(matter.subject, [])
        yield matter, _why(matter, story, mine, facts.get(matter.subject, []))


def _by_subject(model: Any, subjects: list[str], order: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in model.objects.filter(subject__in=subjects).order_by(order):
        found.setdefault(row.subject, []).append(row)
    return found


def _levels(entries: Iterable[Iterable[Entry]]) -> dict[str, str]:
    """The level of each post that something was sent to; a micro-grid counts as a grid."""
    keys = {entry.fields["to"] for lines in entries for entry in lines if entry.fields.get("to")}
    rows = Post.objects.filter(pk__in=keys).values_list("pk", "place__level")
    return {str(pk): Level.GRID.value if level == Level.MICRO_GRID else level for pk, level in rows}


def _why(matter: Matter, story: Story, entries: list[Entry], facts: list[Fact]) -> str:
    for entry in entries:
        rule = LEAVES.get(entry.action) or matter.declared.leaves.get(entry.action)
        if rule is None:
            return _("Nobody has said which facts the action %(name)s leaves.") % {"name": entry.action}
        rule(story, entry)
    if story.set_aside:
        story.take_back("matter.reviewed")
    told = [fact for fact in facts if fact.name in MATTERS]
    if any((fact.kind, fact.channel) != (matter.kind, matter.channel) for fact in told):
        return _("A fact speaks of another kind or channel than the matter has.")
    wanted, found = Counter(map(_key, story.facts)), Counter(map(_key, told))
    missing, extra = sorted(_names(wanted - found)), sorted(_names(found - wanted))
    if not missing and not extra:
        return ""
    words = {"missing": listed(missing) or "–", "extra": listed(extra) or "–"}
    return _("History tells of %(missing)s, the book of facts of %(extra)s instead.") % words


def _key(fact: Left | Fact) -> tuple[Any, ...]:
    said = [getattr(fact, column) for column in COMPARED.get(fact.name, ())]
    return (fact.name, fact.day, fact.n, *said)


def _names(counted: Counter[tuple[Any, ...]]) -> Iterator[str]:
    for key in counted.elements():
        yield " ".join(str(each) for each in key if each not in ("", None))
