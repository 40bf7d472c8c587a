"""The levels of the territory, and what the digits of an official code say about one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """From the widest to the finest. A village stands on the level of a community: see ``Kind``."""

    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county")
    STREET = "street", _("street or town")
    COMMUNITY = "community", _("community or village")
    GRID = "grid", _("grid")
    MICRO_GRID = "micro_grid", _("micro-grid")

    @property
    def depth(self) -> int:
        """0 for a province, 6 for a micro-grid."""
        return DEPTHS[self]

    @property
    def below(self) -> list[Level]:
        """The finer levels, the widest of them first."""
        return list(Level)[self.depth + 1 :]


DEPTHS = {level: depth for depth, level in enumerate(Level)}


class Kind(models.TextChoices):
    """What a place is among those of its level, as the digits of its official code say."""

    DISTRICT = "district", _("district")
    COUNTY = "county", _("county")
    COUNTY_CITY = "county_city", _("county-level city")
    STREET = "street", _("street")
    TOWN = "town", _("town")
    TOWNSHIP = "township", _("township")
    STREET_LIKE = "street_like", _("zone on the level of a street")
    COMMUNITY = "community", _("community")
    VILLAGE = "village", _("village")
    COMMUNITY_LIKE = "community_like", _("quasi-community")
    VILLAGE_LIKE = "village_like", _("quasi-village")


# How many leading digits of the 12 name a place of this level; the rest are zeros.
DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.STREET: 9, Level.COMMUNITY: 12}

# Last serial of each kind, in rising order. Counties: GB/T 2260; streets and communities: the
# National Bureau of Statistics' rules for statistical division codes.
KINDS: dict[Level, list[tuple[int, Kind]]] = {
    Level.COUNTY: [(20, Kind.DISTRICT), (80, Kind.COUNTY), (99, Kind.COUNTY_CITY)],
    Level.STREET: [(99, Kind.STREET), (199, Kind.TOWN), (399, Kind.TOWNSHIP), (599, Kind.STREET_LIKE)],
    Level.COMMUNITY: [
        (199, Kind.COMMUNITY),
        (399, Kind.VILLAGE),
        (499, Kind.COMMUNITY_LIKE),
        (599, Kind.VILLAGE_LIKE),
    ],
}


def level_of_code(code: str) -> Level:
    """The level that the shape of a 12-digit division code says (zeros at its end)."""
    return next(level for level, digits in DIGITS.items() if not code[digits:].strip("0"))


def kind_of_code(code: str, level: Level) -> str:
    """The kind that a 12-digit division code says; empty where its level has none."""
    if level not in KINDS:
        return ""
    start = DIGITS[list(DIGITS)[level.depth - 1]]
    serial = int(code[start : DIGITS[level]])
    return next((kind.value for last, kind in KINDS[level] if serial <= last), "")
