"""Who and which homes may stand twice in the register, and saying that two of them are two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Changed
from silin.people.merging import Row
from silin.people.models import Apart, Household, Membership, Merge, Person
from silin.people.models.household import door_hash
from silin.people.register import may_edit
from silin.places.models import Place

PAIRS_AT_MOST = 50
DOORS_AT_MOST = 2000


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one, and why one may think so: ``phone``, ``name``, ``people`` or ``door``."""

    kept: Row
    gone: Row
    why: str

    @property
    def keys(self) -> tuple[UUID, UUID]:
        return _in_order(self.kept.pk, self.gone.pk)


def people_twice(place: Place) -> list[Pair]:
    """People at ``place`` who may stand twice in the register: the same number, or name and building."""
    rows = _living(place).order_by("person_id")
    pairs = _same(rows.exclude(person__phone_hash=""), "person__phone_hash", "phone")
    return _asked(pairs + _same(rows.exclude(person__name=""), "person__name", "name"))


def homes_twice(place: Place) -> list[Pair]:
    """Homes at ``place`` that may stand twice: the same people, or a door once without entrance."""
    rows = _living(place).order_by("household_id")
    called = rows.exclude(person__phone_hash="")
    pairs = _same_people(rows, "person") + _same_people(called, "person__phone_hash")
    return _asked(pairs + _same_door(place))


@transaction.atomic
def keep_apart(one: Row, other: Row, *, actor: User | None, now: datetime) -> Apart:
    """Two rows that seem to be one are two: nobody is asked about them again. The same twice is once.

    Raises ``NotAllowed``.
    """
    model: Any = type(one)
    low, high = _in_order(one.pk, other.pk)
    rows = {
        row.pk: row for row in model.objects.select_for_update().filter(pk__in=(low, high)).order_by("pk")
    }
    if len(rows) < 2:
        raise Changed
    for row in rows.values():
        may_edit(actor, row)
    kind = Merge.Kind.PERSON if isinstance(one, Person) else Merge.Kind.HOUSEHOLD
    said = {"kind": kind, "by": actor, "at": now}
    apart, made = Apart.objects.get_or_create(one=low, other=high, defaults=said)
    if made:
        _line(rows[low], "keep_apart", apart, actor, now)
    return apart


@transaction.atomic
def ask_again(apart: Apart, *, actor: User | None, now: datetime) -> None:
    """They may be one after all. Raises ``NotAllowed`` or ``Changed``."""
    model: Any = Person if apart.kind == Merge.Kind.PERSON else Household
    row = model.objects.select_for_update().filter(pk=apart.one).first()
    if row is None or not Apart.objects.filter(pk=apart.pk).exists():
        raise Changed(_("Somebody was quicker."))
    may_edit(actor, row)
    _line(row, "ask_again", apart, actor, now)
    apart.delete()


def _line(row: Row, action: str, apart: Apart, actor: User | None, now: datetime) -> None:
    record(subject=row.subject, action=action, actor=actor, now=now, fields={"other": str(apart.other)})


def _in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return min(one, other), max(one, other)


def _living(place: Place) -> models.QuerySet[Membership]:
    there = Membership.objects.filter(
        person__merged_into=None,
        until=None,
        household__merged_into=None,
        household__building__grid__path__gte=place.path,
        household__building__grid__path__lt=place.path + "a",
    )
    return there.select_related("person", "household__building__estate", "household__building__grid")


def _asked(pairs: Iterable[Pair]) -> list[Pair]:
    """Each pair once, without those of which somebody said that they are two; two statements at most."""
    once: dict[tuple[UUID, UUID], Pair] = {}
    for pair in pairs:
        once.setdefault(pair.keys, pair)
    apart = Apart.objects.filter(one__in=[one for one, _other in once]).values_list("one", "other")
    return [pair for keys, pair in once.items() if keys not in set(apart)][:PAIRS_AT_MOST]


def _same(rows: models.QuerySet[Membership], column: str, why: str) -> list[Pair]:
    beside = ("household__building",) if why == "name" else ()
    twice = rows.order_by().values(column, *beside).annotate(n=models.Count("person", distinct=True))
    groups: dict[tuple[Any, ...], dict[UUID, Row]] = {}
    for row in rows.filter(_any_of(twice)):
        key = (row.person.phone_hash,) if why == "phone" else (row.person.name, row.household.building_id)
        row.person.now_in = row.household  # type: ignore[attr-defined]
        groups.setdefault(key, {})[row.person_id] = row.person
    pairs = [pair for group in groups.values() for pair in _pairs(group, why)]
    return [pair for pair in pairs if why == "phone" or _may_be_one(pair.kept, pair.gone)]


def _same_people(rows: models.QuerySet[Membership], column: str) -> list[Pair]:
    beside = "household__building"
    twice = rows.order_by().values(column, beside).annotate(n=models.Count("household", distinct=True))
    groups: dict[tuple[Any, ...], dict[UUID, Row]] = {}
    for row in rows.filter(_any_of(twice)):
        who = row.person_id if column == "person" else row.person.phone_hash
        row.household.known_by = row.person  # type: ignore[attr-defined]
        groups.setdefault((who, row.household.building_id), {})[row.household_id] = row.household
    return [pair for group in groups.values() for pair in _pairs(group, "people")]


def _same_door(place: Place) -> list[Pair]:
    """``301`` and ``2 unit 301`` of one building: doors are closed words, so their hashes are compared."""
    homes = Household.objects.under(place).with_home().exclude(door_hash="")
    split = homes.exclude(entrance="").values("building")
    groups: dict[tuple[Any, str], dict[UUID, Row]] = {}
    bare = homes.filter(entrance="", building__in=split).order_by("pk")[:DOORS_AT_MOST]
    for home in bare:
        groups[(home.building_id, home.door_hash)] = {home.pk: home}
    if not groups:
        return []
    known = {key for key, _hash in groups}
    for home in homes.exclude(entrance="").filter(building__in=known).order_by("pk")[:DOORS_AT_MOST]:
        group = groups.get((home.building_id, door_hash(home.building, "", home.door)))
        if group is not None:
            group[home.pk] = home
    return [pair for group in groups.values() for pair in _pairs(group, "door")]


def _any_of(twice: models.QuerySet[Any, Any]) -> Q:
    wanted = Q(pk__in=[])
    for each in twice.filter(n__gt=1)[:PAIRS_AT_MOST]:
        wanted |= Q(**{key: value for key, value in each.items() if key != "n"})
    return wanted


def _pairs(group: dict[UUID, Row], why: str) -> list[Pair]:
    first, *others = group.values()
    return [Pair(first, each, why) for each in others]


def _may_be_one(first: Any, other: Any) -> bool:
    """Two of one name with two numbers are two; with the same number they stand among the numbers."""
    return not (first.phone_hash and other.phone_hash)
