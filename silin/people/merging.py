"""Two rows that are one person or one home: making them one, and undoing it exactly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.people.models import Attention, Household, Membership, Merge, Person
from silin.people.register import may_edit

FILLED: dict[str, tuple[str, ...]] = {
    Merge.Kind.PERSON: ("name", "phone", "birth_year", "user_id"),
    Merge.Kind.HOUSEHOLD: ("entrance", "door", "tenure"),
}
NOBODY = (Household.State.EMPTY, Household.State.MOVED)
HASHES = {"phone": ("phone_hash", "phone_tail"), "door": ("door_hash",)}

Row = Person | Household


@transaction.atomic
def merge(kept: Row, gone: Row, *, actor: User | None, now: datetime) -> Merge:
    """``gone`` was ``kept`` all along: its memberships move there, and what is empty there is filled.

    Raises ``NotAllowed``, ``Changed`` when one of the two was merged already or is gone, or ``Refused``
    (``same_row``, ``two_accounts``, ``erased``).
    """
    kind = Merge.Kind.PERSON if isinstance(kept, Person) else Merge.Kind.HOUSEHOLD
    if kept.pk == gone.pk:
        raise Refused("same_row", _("This is one entry already."))
    rows = _locked(kind, kept.pk, gone.pk)
    if len(rows) < 2:
        raise Changed
    kept, gone = rows[kept.pk], rows[gone.pk]
    _may_merge(kept, gone, actor)
    made = Merge(kind=kind, kept=kept.pk, gone=gone.pk, by=actor, at=now)
    made.filled = [name for name in FILLED[kind] if not getattr(kept, name) and getattr(gone, name)]
    made.moved = _move(kind, gone, kept)
    made.before = _live_in(kept, gone) | _look_in(kept, gone)
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
    _stand_empty(made.before, kept, gone)
    Attention.objects.filter(pk__in=made.before.get("looked_in", [])).update(person=gone.pk)
    _take_back(made.filled, kept, gone)
    column = _column(made.kind)
    Membership.objects.filter(pk__in=made.moved).update(**{column: gone.pk})
    Merge.objects.filter(pk=made.pk).update(undone_at=now)
    _line(kept, "unmerge", made, actor, now)
    made.undone_at = now
    return made


def merges_into(keys: Collection[UUID], kind: str, at_most: int) -> list[Merge]:
    """The merges that still stand and kept one of ``keys``, newest first, each with both rows."""
    model: Any = Person if kind == Merge.Kind.PERSON else Household
    rows = list(
        Merge.objects.filter(undone_at=None, kind=kind, kept__in=keys)
        .select_related("by")
        .order_by("-pk")[:at_most]
    )
    about = model.objects.in_bulk({key for each in rows for key in (each.kept, each.gone)})
    for row in rows:
        row.kept_row, row.gone_row = about.get(row.kept), about.get(row.gone)  # type: ignore[attr-defined]
    return rows


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
    if isinstance(kept, Person) and isinstance(gone, Person) and not (kept.name and gone.name):
        raise Refused("erased", _("What one of the two said was deleted. There is nothing to merge."))
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
    _say_door(kept)
    gone.save()
    kept.save()


def _live_in(kept: Row, gone: Row) -> dict[str, Any]:
    """A home in which nobody lived is lived in when the other one was; how it stood before."""
    if not (isinstance(kept, Household) and isinstance(gone, Household)):
        return {}
    if kept.state not in NOBODY or gone.state in NOBODY:
        return {}
    before = {"state": kept.state, "since": kept.state_since.isoformat() if kept.state_since else None}
    kept.state, kept.state_since = gone.state, gone.state_since
    return before


def _look_in(kept: Row, gone: Row) -> dict[str, Any]:
    """Whoever agreed to be looked in on still is; which rows moved."""
    if not isinstance(kept, Person):
        return {}
    keys = [str(key) for key in Attention.objects.filter(person=gone.pk).values_list("pk", flat=True)]
    Attention.objects.filter(pk__in=keys).update(person=kept)
    return {"looked_in": keys} if keys else {}


def _stand_empty(before: dict[str, Any], kept: Any, gone: Any) -> None:
    """Back to how it stood, unless somebody has said otherwise since."""
    if "state" in before and kept.state == gone.state:
        kept.state = before["state"]
        kept.state_since = date.fromisoformat(before["since"]) if before["since"] else None


def _say_door(row: Any) -> None:
    """The hash of a door holds its entrance too, and either may have come from the other row."""
    if isinstance(row, Household):
        row.set_door(row.entrance, row.door)


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
    _say_door(kept)
    kept.save()
    gone.save()


def _built_on(made: Merge) -> bool:
    """Whether a later merge that still stands has one of the two rows in it."""
    later = Merge.objects.filter(undone_at=None, pk__gt=made.pk).exclude(pk=made.pk)
    both = [made.kept, made.gone]
    return later.filter(Q(kept__in=both) | Q(gone__in=both)).exists()


def _line(kept: Row, action: str, made: Merge, actor: User | None, now: datetime) -> None:
    record(subject=kept.subject, action=action, actor=actor, now=now, fields={"gone": str(made.gone)})
