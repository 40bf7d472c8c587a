"""What is held about somebody, drawer by drawer, and who looked; packed as a page to read and JSON."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.held import Kept, Said, kept_models, sayings
from silin.lib.refusal import Words
from silin.people.models import Membership, Person, PostKind
from silin.people.retaining import days_kept
from silin.people.revealing import PURPOSES, REVEAL, TAKE_OUT

LOOKS_SHOWN = 50
LOOKED: dict[str, Words] = {
    REVEAL: gettext_lazy("saw your number"),
    "open": gettext_lazy("opened the page of your home"),
    "copy": gettext_lazy("took a copy of what is held about you, as somebody asked at the office"),
    TAKE_OUT: gettext_lazy("took a list out in which you stand, without numbers"),
}
LOOKS = (REVEAL, "open", "copy")


@dataclass(frozen=True)
class Drawer:
    """One sort of thing that is held: how many rows, what the first of them say, what would stay."""

    label: str
    title: Words
    n: int
    rows: list[list[Said]]
    stays: Words

    @property
    def first(self) -> list[Said]:
        return [said for row in self.rows for said in row]


@dataclass(frozen=True)
class Look:
    """Somebody looked: when, by which post, what for."""

    at: datetime
    post: str
    what: Words
    why: Words
    words: str


def drawers(user: User, at_most: int | None = None) -> list[Drawer]:
    """What every room holds about ``user``; of each sort ``at_most`` rows are read."""
    return _drawers(((kept, kept.rows(user.pk)) for kept in kept_models()), at_most)


def drawers_of_entry(person: Person) -> list[Drawer]:
    """What the register holds about somebody without an account."""
    pairs = ((kept, _rows_of(kept, person)) for kept in kept_models())
    return _drawers(((kept, rows) for kept, rows in pairs if rows is not None), None)


def looks(user: User, at_most: int | None = LOOKS_SHOWN) -> list[Look]:
    """Who looked at something of theirs, newest first."""
    subjects = [f"user:{user.pk}", *_subjects(Person.objects.filter(user=user))]
    stays = Membership.objects.filter(Q(person__user=user) | Q(person__merged_into__user=user))
    return _looks(_entries(subjects, stays).exclude(actor=user), at_most)


def looks_at_entry(person: Person) -> list[Look]:
    """Who looked at somebody without an account."""
    stays = Membership.objects.filter(Q(person=person) | Q(person__merged_into=person))
    return _looks(_entries(_subjects(Person.objects.filter(pk=person.pk)), stays), None)


def packed(found: list[Drawer], seen: list[Look], now: datetime) -> bytes:
    """A zip with ``silin.html`` for people and ``silin.json`` for programs."""
    said = {
        "made_at": now.isoformat(),
        "held": [
            {"title": str(each.title), "rows": [[_as_json(said) for said in row] for row in each.rows]}
            for each in found
        ],
        "looked": [
            {"at": each.at.isoformat(), "post": each.post, "what": str(each.what), "why": str(each.why)}
            for each in seen
        ],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("silin.json", json.dumps(said, ensure_ascii=False, indent=1))
        context = {"drawers": found, "looks": seen, "now": now}
        archive.writestr("silin.html", render_to_string("people/privacy/export.html", context))
    return out.getvalue()


def _drawers(pairs: Iterable[tuple[Kept, QuerySet[Any]]], at_most: int | None) -> list[Drawer]:
    days, named = days_kept(), {kept.label: (kept, rows) for kept, rows in pairs}
    found = []
    for label, n in _counts(named).items():
        kept, rows = named[label]
        shown = [said for row in rows.order_by("-pk")[:at_most] if (said := sayings(kept, row, days))]
        found.append(Drawer(label, kept.held.title, n, shown, kept.held.stays))
    return found


def _counts(named: Mapping[str, tuple[Kept, QuerySet[Any]]]) -> dict[str, int]:
    """How many rows there are in each drawer that holds something, asked for in one statement."""
    each = [
        rows.order_by()
        .values(drawer=Value(label))
        .annotate(n=Count("pk", distinct=True))
        .values_list("drawer", "n")
        for label, (_kept, rows) in named.items()
    ]
    counted = dict(each[0].union(*each[1:], all=True)) if each else {}
    return {label: counted[label] for label in named if counted.get(label)}


def _rows_of(kept: Kept, person: Person) -> QuerySet[Any] | None:
    """The rows whose way to an account leads over the person; None where it does not."""
    if kept.model is Person:
        return Person.objects.filter(pk=person.pk)
    way, _dot, last = kept.held.about.rpartition("__")
    if last != "user" or not way.endswith("person"):
        return None
    return kept.model._default_manager.filter(kept.held.only, **{way: person.pk}).distinct().order_by("pk")


def _entries(subjects: list[str], stays: QuerySet[Membership]) -> QuerySet[Entry]:
    looked = Q(subject__in=subjects, action__in=LOOKS) | _lists_taken_out(stays)
    return Entry.objects.filter(looked).select_related("words")


def _lists_taken_out(stays: QuerySet[Membership]) -> Q:
    """The lists that were taken out of a place while they lived there."""
    found = Q(pk=None)
    for stay in stays.select_related("household__building__grid"):
        places = [f"places:{key}" for key in stay.household.building.grid.path_ids]
        found |= Q(subject__in=places, action=TAKE_OUT, at__date__gte=stay.since)
    return found


def _looks(rows: QuerySet[Entry], at_most: int | None) -> list[Look]:
    kinds = {kind.code: str(kind) for kind in PostKind.objects.all()}
    return [_look(entry, kinds) for entry in rows.order_by("-at", "-pk")[:at_most]]


def _look(entry: Entry, kinds: dict[str, str]) -> Look:
    why = PURPOSES.get(str(entry.fields.get("purpose")), "") if entry.action == REVEAL else ""
    post = kinds.get(entry.post, entry.post) if entry.actor_id else _("The operator of the system")
    return Look(entry.at, post, LOOKED[entry.action], why, entry.text)


def _subjects(people: QuerySet[Person]) -> list[str]:
    found: list[str] = []
    for person in people.prefetch_related("memberships__household", "merged"):
        found += [person.subject, *(each.subject for each in person.merged.all())]
        found += [each.household.subject for each in person.memberships.all()]
    return found


def _as_json(said: Said) -> dict[str, Any]:
    return {
        "what": str(said.title),
        "value": said.value,
        "purpose": _(said.purpose),
        "basis": _(said.basis),
        "owner": _(said.owner),
        "keep_days": said.keep_days,
    }
