"""Finding people and organisations: by name, pinyin, initials, the end of a number, or a building."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.held import masked
from silin.lib.personal import BETWEEN_DIGITS, MOBILE
from silin.lib.search import SearchedQuerySet
from silin.people.models import Holding, Household, Membership, Organisation, Person, PersonQuerySet, today
from silin.people.models.household import door_hash
from silin.people.queries import paths_where
from silin.people.revealing import post_of
from silin.places.finding import address_in, find_spots
from silin.places.models import Building, Place

SEE, REGISTER = "people.see", "households.see"
MOST = 20
LONGEST = 40
TAIL = 4
ENTRANCES_AT_MOST = 20


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the register as a list shows them: name and number covered, the home without its door."""

    person: Person
    name: str
    phone: str
    home: Membership


@dataclass
class Found:
    """What a search found: whoever holds a post, organisations, and people of the register."""

    staff: list[Holding] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    neighbours: list[Neighbour] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.staff or self.organisations or self.neighbours)

    @property
    def is_full(self) -> bool:
        """Whether there may be more than is shown."""
        return MOST in (len(self.staff), len(self.organisations), len(self.neighbours))


@transaction.atomic
def find_people(text: str, *, actor: User, now: datetime) -> Found:
    """Whom ``text`` may mean under the places of ``actor``'s posts; twenty of each sort at most.

    A name or a run of it, its pinyin or initials; the last four digits of a number; a building. Nothing is
    found beyond the own places. A search that shows people of the register leaves a line in the book of deeds
    (under ``user:<key of actor>``) with the keys of whom it showed; what was typed is not kept. At most eight
    statements, and three for the line.
    """
    words = unicodedata.normalize("NFKC", text).strip()[:LONGEST]
    if not words:
        return Found()
    found = Found(
        staff=_staff(words, paths_where(actor, SEE, now), now),
        organisations=_organisations(words, paths_where(actor, SEE, now)),
        neighbours=_neighbours(words, paths_where(actor, REGISTER, now), now),
    )
    if found.neighbours:
        _write_down(found.neighbours, actor, now)
    return found


def _staff(words: str, paths: list[str], now: datetime) -> list[Holding]:
    accounts = User.objects.get_queryset()
    assert isinstance(accounts, SearchedQuerySet)
    meant = Q(user__in=accounts.of_name(words))
    if is_tail(words):
        meant |= Q(post__telephone__endswith=words)
    rows = Holding.objects.current(today(now)).of_people().filter(meant, _under(paths, "post__place__path"))
    beside = ("user", "post__kind", "post__place__parent", "post__organisation")
    return list(rows.select_related(*beside).order_by("-post__kind__rank", "post__place__path", "pk")[:MOST])


def _organisations(words: str, paths: list[str]) -> list[Organisation]:
    rows = Organisation.objects.called(words).filter(_under(paths, "place__path"))
    return list(rows.select_related("place").order_by("name", "pk")[:MOST])


def _neighbours(words: str, paths: list[str], now: datetime) -> list[Neighbour]:
    if not paths:
        return []
    day = today(now)
    current = Membership.objects.filter(Q(until=None) | Q(until__gt=day), person__merged_into=None)
    homes = current.filter(_under(paths, "household__building__grid__path"))
    meant = Q(person__in=people_meant(words)) | Q(household__in=homes_meant(words, paths))
    beside = ("person", "household__building__estate", "household__building__grid")
    ranked = homes.filter(meant).annotate(likely=_likely(words)).select_related(*beside)
    rows = ranked.order_by("likely", "household__building", "household", "person")
    return [
        Neighbour(row.person, masked(row.person.name), masked(row.person.phone), row) for row in rows[:MOST]
    ]


def _likely(words: str) -> Case:
    """Whoever is called just so first, then whoever's name begins so, then everybody else."""
    return Case(When(person__name=words, then=0), When(person__name__startswith=words, then=1), default=2)


def people_meant(words: str) -> PersonQuerySet:
    """Those whom a name, its pinyin or initials, a whole number or the last four digits of one mean."""
    plain = BETWEEN_DIGITS.sub("", words)
    if MOBILE.fullmatch(plain):
        return Person.objects.by_phone(plain)
    if is_tail(words):
        return Person.objects.by_tail(words)
    return Person.objects.registered().of_name(words)


def homes_meant(words: str, paths: Collection[str]) -> QuerySet[Household]:
    """The homes under ``paths`` that an address means, down to the door; a bare number means none."""
    buildings = _buildings(words, paths)
    homes, said = Household.objects.filter(building__in=buildings, merged_into=None), address_in(words)
    if said.entrance:
        homes = homes.filter(entrance=said.entrance)
    if not said.door:
        return homes
    entrances = [said.entrance] if said.entrance else ["", *map(str, range(1, ENTRANCES_AT_MOST))]
    hashes = {door_hash(building, each, said.door) for building in buildings for each in entrances}
    return homes.filter(door_hash__in=hashes)


def _buildings(words: str, paths: Collection[str]) -> list[Building]:
    if words.isdecimal():
        return []
    own = Place.objects.filter(path__in=paths)
    spots = (spot for place in own for spot in find_spots(words, within=place))
    return [spot for spot in spots if isinstance(spot, Building)]


def is_tail(words: str) -> bool:
    """Whether these may be the last four digits of a number."""
    return len(words) == TAIL and words.isascii() and words.isdecimal()


def _under(paths: Iterable[str], column: str) -> Q:
    """Rows whose path lies under one of ``paths``; none without any."""
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(**{f"{column}__gte": path, f"{column}__lt": f"{path}a"})
    return under


def _write_down(neighbours: Iterable[Neighbour], actor: User, now: datetime) -> None:
    User.objects.select_for_update().get(pk=actor.pk)
    shown = sorted({str(each.person.pk) for each in neighbours})
    record(
        subject=f"user:{actor.pk}",
        action="search_people",
        actor=actor,
        post=post_of(actor, REGISTER, now),
        now=now,
        fields={"people": shown},
    )
