"""Who goes where: some people of a home move, a home is let or stands empty; and taking that back exactly."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Changed, Refused
from silin.people import register
from silin.people.models import Household, Membership, Move, Person, today


@transaction.atomic
def move_people(
    household: Household,
    people: Collection[Person],
    into: Household | None,
    *,
    actor: User | None,
    now: datetime,
) -> Move:
    """``people`` leave ``household``, for the home ``into`` or (None) for good, from today on.

    Raises ``NotAllowed`` (both homes have to be the actor's), ``Refused`` (``nobody``, ``same_home``) or
    ``Changed`` when one of them does not live there any more.
    """
    if not people:
        raise Refused("nobody", _("Please choose who moves."), field="people")
    if into is not None and into.pk == household.pk:
        raise Refused("same_home", _("They live there already."), field="door")

    def go(home: Household) -> None:
        keys = {person.pk for person in people}
        rows = Membership.objects.filter(household=home, person__in=keys, until=None)
        if rows.count() < len(keys):
            raise Changed(_("One of them does not live there any more."))
        for person in sorted(people, key=lambda each: each.pk):
            register.move(person, into, actor=actor, now=now, out_of=home)

    return _noted(household, into, go, actor, now)


@transaction.atomic
def change_state(household: Household, state: str, *, actor: User | None, now: datetime) -> Move | None:
    """As ``register.set_state``, so that it can be taken back; None when it is so already."""
    if state and household.state == state:
        return None
    return _noted(household, None, lambda home: _set_state(home, state, actor=actor, now=now), actor, now)


def _set_state(home: Household, state: str, *, actor: User | None, now: datetime) -> None:
    register.set_state(home, state, actor=actor, now=now)


@transaction.atomic
def undo_move(made: Move, *, actor: User | None, now: datetime) -> Move:
    """Everybody lives where they lived before, and the home is lived in as it was.

    Raises ``NotAllowed``, or ``Changed`` when it was undone already or something of it changed since.
    """
    register.lock_homes([key for key in (made.household_id, made.into_id) if key])
    made = Move.objects.select_for_update().get(pk=made.pk)
    home = register.hold(Household(pk=made.household_id), actor)
    _lock_people(made)
    if made.undone_at is not None or not _stands(made, home):
        raise Changed(_("This was undone already, or something has changed since."))
    _reopen(made)
    if made.state_after != made.state_before:
        home.state, home.state_since = made.state_before, made.since_before
        home.save(update_fields=["state", "state_since"])
    made.undone_at = now
    made.save(update_fields=["undone_at"])
    fields = {"people": len(made.closed)}
    record(subject=home.subject, action="move_back", actor=actor, now=now, fields=fields)
    return made


def moves_of(household: Household, at_most: int) -> list[Move]:
    """What became of a home and still stands, newest first, each with ``people``: who it was."""
    rows = list(household.moves.filter(undone_at=None).select_related("by", "into").order_by("-pk")[:at_most])
    keys = [key for row in rows for key in row.closed]
    who = {each.pk: each.person for each in Membership.objects.filter(pk__in=keys).select_related("person")}
    for row in rows:
        row.people = [who[key] for key in row.closed if key in who]  # type: ignore[attr-defined]
    return rows


def _noted(
    household: Household,
    into: Household | None,
    change: Callable[[Household], None],
    actor: User | None,
    now: datetime,
) -> Move:
    """Do ``change`` and write down which memberships it ended and began."""
    theirs = household.memberships.filter(until=None).values("person")
    homes = Membership.objects.filter(person__in=theirs, until=None).values_list("household", flat=True)
    register.lock_homes({household.pk, *homes, *([into.pk] if into is not None else [])})
    home = register.hold(household, actor)
    made = Move(household=home, into=into, state_before=home.state, since_before=home.state_since)
    before = set(home.memberships.filter(until=None).values_list("pk", flat=True))
    there = _open_in(into)
    change(home)
    home.refresh_from_db()
    still = home.memberships.filter(pk__in=before, until=None).values_list("pk", flat=True)
    made.closed = sorted(before - set(still))
    made.opened = sorted(_open_in(into) - there)
    made.state_after, made.by, made.at = home.state, actor, now
    made.save(force_insert=True)
    return made


def _open_in(home: Household | None) -> set[int]:
    if home is None:
        return set()
    return set(Membership.objects.filter(household=home, until=None).values_list("pk", flat=True))


def _lock_people(made: Move) -> None:
    keys = Membership.objects.filter(pk__in=made.closed).values("person")
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _stands(made: Move, home: Household) -> bool:
    """Whether all is still as the move left it, so that taking it back surprises nobody."""
    closed: Any = Membership.objects.filter(pk__in=made.closed).exclude(until=None)
    opened = Membership.objects.filter(pk__in=made.opened, until=None)
    people = closed.values_list("person", flat=True)
    elsewhere = Membership.objects.filter(person__in=people, until=None).exclude(pk__in=made.opened)
    moved_on = elsewhere.filter(since__gte=today(made.at)).exists()
    whole = closed.count() == len(made.closed) and opened.count() == len(made.opened)
    return whole and not moved_on and home.state == made.state_after and home.pk == made.household_id


def _reopen(made: Move) -> None:
    Membership.objects.filter(pk__in=made.opened).delete()
    rows = Membership.objects.filter(pk__in=made.closed)
    rows.update(until=None)
    Person.objects.filter(pk__in=rows.values("person")).exclude(left_on=None).update(left_on=None)
