"""The verbs of the register: putting down households and people, and what becomes of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.personal import read_phone
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.lib.text import clean_words
from silin.people.models import Household, Membership, Person, today
from silin.people.models.household import door_hash
from silin.places.models import Building

EDIT = "households.edit"
NAME_AT_MOST = 60
DOOR_AT_MOST = 12
OLDEST = 130
CHILD = 14
LEFT = (Household.State.EMPTY, Household.State.MOVED)
"""Whoever is younger needs a guardian's word for everything: their own number is not kept."""

DOOR_ENDS = re.compile(r"(?:单元|室|号)+$")


@transaction.atomic
def put_down_household(
    building: Building,
    *,
    actor: User | None,
    now: datetime,
    entrance: str = "",
    door: str = "",
    tenure: str = "",
) -> Household:
    """Put a home into the register; the same door twice is one home, and that one is given back.

    ``actor`` None is the installer; others need ``households.edit`` there. Raises ``NotAllowed`` or
    ``Refused``.
    """
    may_edit(actor, building)
    Building.objects.select_for_update().get(pk=building.pk)
    household = Household(building=building, tenure=read_choice(tenure, Household.Tenure, "tenure"))
    household.set_door(read_door(entrance, "entrance"), read_door(door, "door"))
    if known := find_home(building, household.entrance, household.door):
        return known
    household.save(force_insert=True)
    _line(household, "add", actor, now, first=True)
    return household


@transaction.atomic
def put_down_person(
    household: Household,
    name: str,
    *,
    actor: User | None,
    now: datetime,
    phone: str = "",
    birth_year: int | None = None,
) -> Person:
    """Put somebody into the register as living in ``household`` from today on.

    The same name with the same number in one home is one person, and that one is given back. Raises
    ``NotAllowed`` or ``Refused``.
    """
    household = hold(household, actor)
    person = Person(name=clean_words(name, field="name", at_least=1, at_most=NAME_AT_MOST))
    person.set_phone(read_phone(phone) if phone else "")
    person.birth_year = _read_year(birth_year, now)
    _check_child(person, now)
    there = Person.objects.registered().filter(memberships__household=household, memberships__until=None)
    if known := there.filter(name=person.name, phone_hash=person.phone_hash).first():
        return known
    person.save(force_insert=True)
    _line(person, "add", actor, now, first=True)
    _move_in(person, household, actor, now)
    return person


@transaction.atomic
def move(
    person: Person,
    household: Household | None,
    *,
    actor: User | None,
    now: datetime,
    out_of: Household | None = None,
    on: date | None = None,
) -> Membership | None:
    """``person`` leaves where they live, today or on a day before, and lives in ``household`` from today on.

    With ``out_of`` they leave that home only; ``on`` is the day on which they left, no later than today.
    Raises ``NotAllowed`` (the old home and the new one both have to be the actor's) or ``Changed`` when they
    moved a moment ago.
    """
    last = min(on or today(now), today(now))
    known = set(person.memberships.filter(until=None).values_list("household", flat=True))
    lock_homes(known | ({household.pk} if household is not None else set()))
    person = Person.objects.select_for_update().get(pk=person.pk)
    open_now = list(person.memberships.filter(until=None).select_related("household__building__grid"))
    if {each.household_id for each in open_now} != known:
        raise Changed
    if household is not None and [each.household_id for each in open_now] == [household.pk]:
        return open_now[0]
    leaving = [each for each in open_now if out_of is None or each.household_id == out_of.pk]
    for each in leaving:
        may_edit(actor, each.household)
        each.until = max(last, each.since)
        each.save(update_fields=["until"])
        _line(person, "leave", actor, now, fields={"household": str(each.household_id)})
    if household is not None:
        return _move_in(person, hold(household, actor), actor, now)
    if len(leaving) == len(open_now):
        Person.objects.filter(pk=person.pk, left_on=None).update(left_on=last)
    return None


@transaction.atomic
def set_state(household: Household, state: str, *, actor: User | None, now: datetime) -> Household:
    """The home is lived in, let, empty or moved away from today on; whoever moved away leaves it.

    Raises ``NotAllowed`` or ``Refused`` (``bad_state``).
    """
    state = read_choice(state, Household.State, "state")
    if state in LEFT:  # whoever leaves may live elsewhere too: all of their homes, in the order of all locks
        people = household.memberships.filter(until=None).values("person")
        homes = Membership.objects.filter(person__in=people, until=None).values_list("household", flat=True)
        lock_homes({household.pk, *homes})
    household = hold(household, actor)
    if not state:
        raise Refused("bad_state", _("Please choose one of the four."), field="state")
    if household.state == state:
        return household
    before, household.state, household.state_since = household.state, state, today(now)
    household.save(update_fields=["state", "state_since"])
    _line(household, "state", actor, now, before=before, after=state)
    if state in LEFT:
        for each in household.memberships.filter(until=None).select_related("person"):
            move(each.person, None, actor=actor, now=now, out_of=household)
    return household


@transaction.atomic
def set_tenure(household: Household, tenure: str, *, actor: User | None, now: datetime) -> Household:
    """The home is somebody's own, rented, or public; empty where nobody knows.

    Raises ``NotAllowed`` or ``Refused`` (``bad_choice``).
    """
    household = hold(household, actor)
    before, household.tenure = household.tenure, read_choice(tenure, Household.Tenure, "tenure")
    if before != household.tenure:
        household.save(update_fields=["tenure"])
        _line(household, "tenure", actor, now, before=before, after=household.tenure)
    return household


@transaction.atomic
def correct(
    person: Person,
    *,
    actor: User | None,
    now: datetime,
    name: str | None = None,
    phone: str | None = None,
    birth_year: int | None = None,
) -> Person:
    """Write a person's own words instead of what stood there: by themselves, or who keeps the register.

    What is None stays. Raises ``NotAllowed`` or ``Refused``.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if actor is None or person.user_id != actor.pk:
        may_edit(actor, person)
    if name is not None:
        person.name = clean_words(name, field="name", at_least=1, at_most=NAME_AT_MOST)
    if phone is not None:
        person.set_phone(read_phone(phone) if phone else "")
    if birth_year is not None:
        person.birth_year = _read_year(birth_year, now)
    _check_child(person, now)
    person.save()
    said = {"name": name, "phone": phone, "birth_year": birth_year}
    fields = sorted(key for key, value in said.items() if value is not None)
    _line(person, "correct", actor, now, fields={"fields": fields})
    return person


def hold(household: Household, actor: User | None) -> Household:
    """The household with its row locked until the commit; one merged into another is that other.

    Raises ``NotAllowed``.
    """
    rows = Household.objects.select_for_update(of=("self",)).select_related("building__grid")
    found = rows.get(pk=household.pk)
    while found.merged_into_id is not None:
        found = rows.get(pk=found.merged_into_id)
    may_edit(actor, found)
    return found


def find_home(building: Building, entrance: str, door: str) -> Household | None:
    """The home of the building with this door, as ``read_door`` gives it."""
    if not door:
        return None
    rows = Household.objects.filter(door_hash=door_hash(building, entrance, door), merged_into=None)
    return rows.filter(building=building).with_home().first()


def lock_homes(keys: Collection[UUID]) -> None:
    """Homes are locked before people, and each in the order of their keys: so nobody waits for nobody."""
    list(Household.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def may_edit(actor: User | None, row: Any) -> None:
    """Raises ``NotAllowed`` for whoever may not change the register there."""
    if actor is not None and not actor.has_perm(EDIT, row):
        raise NotAllowed(_("This home is not in your part of the register."))


def read_door(text: str, field: str) -> str:
    """An entrance or a door as it is compared: plain width, no blanks, without 单元, 号 and 室 at the end.

    What was read is read again as the same. Raises ``Refused`` (``too_long``).
    """
    plain = unicodedata.normalize("NFKC", clean_words(text, field=field))
    plain = DOOR_ENDS.sub("", "".join(plain.split()).upper())
    return clean_words(plain, field=field, at_most=DOOR_AT_MOST)


def read_choice(value: str, choices: Any, field: str) -> str:
    """One of ``choices`` or nothing. Raises ``Refused`` (``bad_choice``)."""
    if value and value not in choices.values:
        raise Refused("bad_choice", _("Please choose one of the list."), field=field)
    return value


def is_child(birth_year: int | None, now: datetime) -> bool:
    """Whether somebody of this year is too young for a number of their own in the register."""
    return birth_year is not None and today(now).year - birth_year < CHILD


def may_be_born(year: int, now: datetime) -> bool:
    """Whether somebody of this year may be alive."""
    return today(now).year - OLDEST <= year <= today(now).year


def _check_child(person: Person, now: datetime) -> None:
    if person.phone and is_child(person.birth_year, now):
        message = _("A child under 14 has no number here. Write that of an adult beside the adult.")
        raise Refused("child_phone", message, field="phone")


def _read_year(year: int | None, now: datetime) -> int | None:
    if year is not None and not may_be_born(year, now):
        raise Refused("bad_year", _("A year of birth has four digits, like 1958."), field="birth_year")
    return year


def _move_in(person: Person, household: Household, actor: User | None, now: datetime) -> Membership:
    """Whoever calls holds both rows."""
    there, _made = Membership.objects.get_or_create(
        household=household, person=person, until=None, defaults={"since": today(now)}
    )
    Person.objects.filter(pk=person.pk).exclude(left_on=None).update(left_on=None)
    _line(person, "move_in", actor, now, fields={"household": str(household.pk)})
    return there


def _line(row: Household | Person, action: str, actor: User | None, now: datetime, **more: Any) -> None:
    record(subject=row.subject, action=action, actor=actor, now=now, **more)
