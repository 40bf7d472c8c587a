"""Two rows that are one person or one home: who they may be, making them one, and undoing it exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.people.models import Household, Membership, Merge, Person
from silin.people.register import may_edit
from silin.places.models import Place

FILLED: dict[str, tuple[str, ...]] = {
    Merge.Kind.PERSON: ("name", "phone", "birth_year", "user_id"),
    Merge.Kind.HOUSEHOLD: ("entrance", "door", "tenure"),
}
HASHES = {"phone": ("phone_hash", "phone_tail"), "door": ("door_hash",)}
PAIRS_AT_MOST = 50

Row = Person | Household


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one person, and why one may think so: ``phone`` or ``name``."""

    kept: Person
    gone: Person
    why: str


def candidates(place: Place) -> list[Pair]:
    """People at ``place`` who may stand twice in the register: the same number, or name and building."""
    path = place.path
    there = Membership.objects.filter(
        person__merged_into=None,
        until=None,
        household__building__grid__path__gte=path,
        household__building__grid__path__lt=path + "a",
    )
    rows = there.select_related("person", "household__building__estate").order_by("person_id")
    pairs = _same(rows.exclude(person__phone_hash=""), "person__phone_hash", "phone")
    return (pairs + _same(rows, "person__name", "name"))[:PAIRS_AT_MOST]


def _same(rows: models.QuerySet[Membership], column: str, why: str) -> list[Pair]:
    beside = ("household__building",) if why == "name" else ()
    twice = rows.order_by().values(column, *beside).annotate(n=models.Count("person", distinct=True))
    wanted = Q(pk__in=[])
    for each in twice.filter(n__gt=1)[:PAIRS_AT_MOST]:
        wanted |= Q(**{key: value for key, value in each.items() if key != "n"})
    groups: dict[tuple[Any, ...], dict[UUID, Person]] = {}
    for row in rows.filter(wanted):
        key = (row.person.phone_hash,) if why == "phone" else (row.person.name, row.household.building_id)
        row.person.now_in = row.household  # type: ignore[attr-defined]
        groups.setdefault(key, {})[row.person_id] = row.person
    pairs = []
    for group in groups.values():
        first, *others = group.values()
        alike = [each for each in others if why == "phone" or _may_be_one(first, each)]
        pairs += [Pair(first, each, why) for each in alike]
    return pairs


def _may_be_one(first: Person, other: Person) -> bool:
    """Two of one name with two numbers are two; with the same number they stand among the numbers."""
    return not (first.phone_hash and other.phone_hash)


@transaction.atomic
def merge(kept: Row, gone: Row, *, actor: User | None, now: datetime) -> Merge:
    """``gone`` was ``kept`` all along: its memberships move there, and what is empty there is filled.

    Raises ``NotAllowed``, ``Changed`` when one of the two was merged already, or ``Refused`` (``same_row``,
    ``two_accounts``).
    """
    kind = Merge.Kind.PERSON if isinstance(kept, Person) else Merge.Kind.HOUSEHOLD
    if kept.pk == gone.pk:
        raise Refused("same_row", _("This is one entry already."))
    rows = _locked(kind, kept.pk, gone.pk)
    kept, gone = rows[kept.pk], rows[gone.pk]
    _may_merge(kept, gone, actor)
    made = Merge(kind=kind, kept=kept.pk, gone=gone.pk, by=actor, at=now)
    made.filled = [name for name in FILLED[kind] if not getattr(kept, name) and getattr(gone, name)]
    made.moved = _move(kind, gone, kept)
    gone.merged_into_id = kept.pk
    _give(made.filled, gone, kept)
    made.save(force_insert=True)
    _line(kept, "merge", made, actor, now)
    return made


@transaction.atomic
def undo(made: Merge, *, actor: User | None, now: datetime) -> Merge:
    """Take a merge back: every membership and every filled column goes back to where it was.

    What somebody has corrected since stays with the row that was kept. Raises ``NotAllowed``, or ``Changed``
    when it was undone already or a later merge builds on it.
    """
    made = Merge.objects.select_for_update().get(pk=made.pk)
    rows = _locked(made.kind, made.kept, made.gone)
    if len(rows) < 2 or made.undone_at is not None or _built_on(made):
        raise Changed(_("This merge was undone already, or a later one builds on it."))
    kept, gone = rows[made.kept], rows[made.gone]
    may_edit(actor, kept)  # the homes of the other one lie with it now
    gone.merged_into_id = None
    _take_back(made.filled, kept, gone)
    column = _column(made.kind)
    Membership.objects.filter(pk__in=made.moved).update(**{column: gone.pk})
    Merge.objects.filter(pk=made.pk).update(undone_at=now)
    _line(kept, "unmerge", made, actor, now)
    made.undone_at = now
    return made


def _locked(kind: str, *keys: UUID) -> dict[UUID, Any]:
    """In the order of their keys, so that two who merge the same two do not wait for each other."""
    model: Any = Person if kind == Merge.Kind.PERSON else Household
    return {row.pk: row for row in model.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def _may_merge(kept: Row, gone: Row, actor: User | None) -> None:
    for each in (kept, gone):
        if each.merged_into_id is not None:
            raise Changed(_("One of the two was merged already."))
        may_edit(actor, each)
    if isinstance(kept, Person) and isinstance(gone, Person) and kept.user_id and gone.user_id:
        raise Refused("two_accounts", _("Each of the two has an account of their own: these are two people."))
    if isinstance(kept, Household) and isinstance(gone, Household) and kept.building_id != gone.building_id:
        raise NotAllowed(_("Two homes in two buildings are two homes."))


def _column(kind: str) -> str:
    return "person_id" if kind == Merge.Kind.PERSON else "household_id"


def _move(kind: str, gone: Row, kept: Row) -> list[int]:
    """Move the memberships that ``kept`` does not have anyhow; their keys."""
    column, other = (
        ("person_id", "household_id") if kind == Merge.Kind.PERSON else ("household_id", "person_id")
    )
    there = Membership.objects.filter(**{column: kept.pk}, until=None).values_list(other, flat=True)
    mine = Membership.objects.filter(**{column: gone.pk}).exclude(**{f"{other}__in": list(there)}, until=None)
    moved = list(mine.order_by("pk").values_list("pk", flat=True))
    Membership.objects.filter(pk__in=moved).update(**{column: kept.pk})
    return moved


def _give(names: list[str], gone: Any, kept: Any) -> None:
    """An account belongs to one row: it leaves the one before it comes to the other."""
    for name in names:
        for column in (name, *HASHES.get(name, ())):
            setattr(kept, column, getattr(gone, column))
    if "user_id" in names:
        gone.user_id = None
    gone.save()
    kept.save()


def _take_back(names: list[str], kept: Any, gone: Any) -> None:
    for name in names:
        if name == "user_id":
            gone_user = kept.user_id
            kept.user_id = None
            kept.save()
            gone.user_id = gone_user
        elif getattr(kept, name) == getattr(gone, name):
            for column in (name, *HASHES.get(name, ())):
                field = kept._meta.get_field(column)
                setattr(kept, column, None if getattr(field, "null", False) else "")
    kept.save()
    gone.save()


def _built_on(made: Merge) -> bool:
    """Whether a later merge that still stands has one of the two rows in it."""
    later = Merge.objects.filter(undone_at=None, pk__gt=made.pk).exclude(pk=made.pk)
    both = [made.kept, made.gone]
    return later.filter(Q(kept__in=both) | Q(gone__in=both)).exists()


def _line(kept: Row, action: str, made: Merge, actor: User | None, now: datetime) -> None:
    record(subject=kept.subject, action=action, actor=actor, now=now, fields={"gone": str(made.gone)})
