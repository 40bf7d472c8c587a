"""Where an address lies that somebody typed elsewhere: many lines, without a statement for each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from silin.places.finding import spelled
from silin.places.levels import Level
from silin.places.models import Building, Estate, Place, short_name

NUMBER = re.compile(r"\W*(?:第)?(\d{1,4}[a-z甲乙丙丁]?|[a-z](?=座|栋|幢|号|楼))(?:号楼|栋|幢|座|号院|楼|#)?")
SHORTEST = 2
T = TypeVar("T")


@dataclass(frozen=True)
class Addressed:
    """What an address means: a building, or a place with the estate it names; ``rest`` is what follows."""

    place: Place
    building: Building | None = None
    estate: Estate | None = None
    rest: str = ""


class Gazetteer:
    """The estates, buildings, communities and streets of a place by their names. Two statements, kept.

    The longest name counts, and of several alike the one whose community or street is named as well. An
    address that names nothing of all that means nothing: it is not guessed.
    """

    def __init__(self, within: Place) -> None:
        self.within = within
        rows = Estate.objects.filter(place__path__gte=within.path, place__path__lt=f"{within.path}a")
        self.estates = self._by_name((row.name, row) for row in rows.select_related("place"))
        places = Place.objects.under(within).active().exclude(level=Level.MICRO_GRID)
        self.places = self._by_name((short_name(row.name), row) for row in places)
        self._buildings: dict[int, dict[str, Building]] = {}

    def find(self, address: str, area: str = "") -> Addressed | None:
        """What ``address`` means, in the place that ``area`` names; None where it names nothing here."""
        text = spelled(f"{area} {address}")
        around = self._named(text)
        near = max(around, key=lambda each: len(each.path), default=None)
        for name in self.estates[1]:
            if name in text and (estate := _one_of(self.estates[0][name], around)) is not None:
                return self._in_estate(estate, text[text.rindex(name) + len(name) :])
        return Addressed(near, rest=address.strip()) if near is not None else None

    def _in_estate(self, estate: Estate, rest: str) -> Addressed:
        found = NUMBER.match(rest)
        building = self._numbered(estate).get(found[1]) if found else None
        if building is None or found is None:
            return Addressed(estate.place, estate=estate, rest=rest)
        return Addressed(building.grid, building, estate, rest[found.end() :])

    def _numbered(self, estate: Estate) -> dict[str, Building]:
        if estate.pk not in self._buildings:
            rows = Building.objects.filter(estate=estate).select_related("estate", "grid")
            self._buildings[estate.pk] = {row.number.casefold(): row for row in rows}
        return self._buildings[estate.pk]

    def _named(self, text: str) -> list[Place]:
        """The places that the text names; one of several alike where it names what they lie in as well."""
        names: list[str] = []
        for name in self.places[1]:
            if name in text and not any(name in longer for longer in names):
                names.append(name)
        lists = [self.places[0][name] for name in names]
        sure = [some[0] for some in lists if len(some) == 1]
        for some in lists:
            inside = [each for each in some if any(_holds(place, each.path) for place in sure)]
            if len(some) > 1 and len(inside) == 1:
                sure.append(inside[0])
        return [place for place in sure if place.pk != self.within.pk]

    @staticmethod
    def _by_name(rows: Iterable[tuple[str, T]]) -> tuple[dict[str, list[T]], list[str]]:
        found: dict[str, list[T]] = {}
        for name, row in rows:
            if len(key := spelled(name)) >= SHORTEST:
                found.setdefault(key, []).append(row)
        return found, sorted(found, key=len, reverse=True)


def _holds(place: Place, path: str) -> bool:
    return place.contains(path) and place.path != path


def _one_of(estates: list[Estate], around: list[Place]) -> Estate | None:
    """The only estate of a name, or the only one in the places that are named as well."""
    named = [each for each in estates if any(place.contains(each.place.path) for place in around)]
    found = estates if len(estates) == 1 else named
    return found[0] if len(found) == 1 else None
