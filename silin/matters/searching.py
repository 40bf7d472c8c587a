"""Finding matters by what a desk is told on the telephone: a number, a word, how it sounds, who called."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from silin.accounts.models import User
from silin.lib.personal import BETWEEN_DIGITS, MOBILE, phone_hash
from silin.lib.search import heard
from silin.matters.models import Matter, MatterQuerySet, within_paths
from silin.people import queries as people
from silin.people.finding import is_tail
from silin.people.models import Person


def searched(number: str) -> str:
    """A number of another system as a word of a search meets it."""
    return number.lower().replace("-", "") if number.isascii() else number.lower()


def search_of(matter: Matter, *tickets: str) -> str:
    """What a matter is found by: number, title, words and place, in small letters, and how they sound.

    ``tickets`` are its numbers in other systems.
    """
    building = matter.building
    written = f"{building.estate.name} {building.number}号楼" if building else ""
    said = [matter.number, matter.title, matter.words, matter.place.name, written, matter.spot]
    sounds = [heard(matter.title), heard(written or matter.spot)]
    return " ".join([*said, *sounds, *map(searched, tickets)]).lower()


def found(rows: MatterQuerySet, q: str, by: User, now: datetime) -> MatterQuerySet:
    """The rows whose number, title, words or place hold every word of ``q``, also as pinyin or initials.

    A whole telephone number, or its last four digits where the register knows whose they are, also means what
    that person reported, where ``by`` may read who reported it. A whole number also finds what says nothing
    any more, because whoever reported it was deleted.
    """
    said = Q()
    for word in q.lower().split():
        said &= Q(search__contains=word.replace("-", "") if word.isascii() else word)
    numbered = Q(number=q.strip().upper().replace("-", ""))
    return rows.filter(said | numbered | _called(q, by, now))


def _called(q: str, by: User, now: datetime) -> Q:
    """What was reported by whoever calls from this number."""
    number = BETWEEN_DIGITS.sub("", q.strip())
    if MOBILE.fullmatch(number):
        meant = Q(raiser__phone_hash=phone_hash(number))
    elif is_tail(number):
        meant = Q(raiser__phone_hash__in=Person.objects.by_tail(number).values("phone_hash"))
    else:
        return Q(pk__in=[])
    readable = Q(name_withheld=False) | within_paths(
        people.paths_where(by, "matters.triage", now)
    )  # as ``table.may_read_name``
    return meant & within_paths(people.paths_where(by, "matters.name", now)) & readable
