"""One table of places from the province down to the micro-grid, and their dated outlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from shapely.geometry import MultiPolygon, Polygon

from silin.lib.search import Searched, SearchedQuerySet, SearchKey, key_index
from silin.places.levels import DIGITS, Kind, Level
from silin.places.models.revision import PLACE_IDS, Revision

STEP = 8  # digits of one step of a path: room for 99,999,999 places
COMMITTEE = re.compile(r"(?P<village>村?村(?:民)?委(?:员)?会)$|(?:居民委员会|居委会)$")


def short_name(name: str, name_en: str = "") -> str:
    """The name of a place as neighbours say it, in the language of the page."""
    if name_en and (get_language() or "").startswith("en"):
        return name_en
    return COMMITTEE.sub(lambda found: "村" if found["village"] else "", name)


class PlaceQuerySet(SearchedQuerySet["Place"]):
    def under(self, place: Place) -> PlaceQuerySet:
        """``place`` and everything below it: one range of the path's index, in any collation."""
        return self.filter(path__gte=place.path, path__lt=f"{place.path}a")

    def below(self, place: Place) -> PlaceQuerySet:
        """Everything below ``place``, without itself."""
        return self.under(place).exclude(pk=place.pk)

    def active(self, on: date | None = None) -> PlaceQuerySet:
        """Places that are in use on a day; without a day, those that nobody has closed."""
        if on is None:
            return self.filter(active_until=None)
        begun = Q(active_from=None) | Q(active_from__lte=on)
        return self.filter(begun, Q(active_until=None) | Q(active_until__gt=on))

    def of_level(self, level: Level | str) -> PlaceQuerySet:
        """Places of one level."""
        return self.filter(level=level)

    def take_paths(self, places: Sequence[Place]) -> None:
        """Give new places their keys, never given out before, and their paths; a parent stands first."""
        last = Revision.objects.count_on(PLACE_IDS, len(places))
        for key, place in enumerate(places, last - len(places) + 1):
            place.id = key
            place.path = f"{place.parent.path if place.parent else ''}{key:0{STEP}d}"


class Place(Searched):
    """One division, grid or micro-grid. ``code`` is what the outside world calls it by.

    ``path`` is the chain of primary keys from the root down to itself, each padded to eight digits, so
    that a subtree is one range of an index. Keys come from a counter (``take_paths``), not from the
    database, because the path needs them before the row is written.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12, choices=Level)
    kind = models.CharField(max_length=16, choices=Kind, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=80, editable=False)
    serial = models.PositiveSmallIntegerField(default=0)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    active_from = models.DateField(null=True, blank=True)
    active_until = models.DateField(null=True, blank=True)

    searched_by = ("name", "name_en")
    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path"], name="places_place_path_once")]
        indexes = [models.Index(fields=["level", "path"], name="places_place_level_path")]

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; a new one takes its key and its path first."""
        if self._state.adding:
            Place.objects.take_paths([self])
            kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    @property
    def placed_path(self) -> str:
        """Where rights are asked for: every row that has a place answers with its path."""
        return self.path

    @property
    def path_ids(self) -> list[int]:
        """Primary keys from the root down to this place."""
        return [int(self.path[at : at + STEP]) for at in range(0, len(self.path), STEP)]

    @property
    def unit(self) -> str:
        """Code of its community; of itself where it is wider than one. Asks the database nothing."""
        return self.code[: DIGITS[Level.COMMUNITY]]

    @property
    def is_active(self) -> bool:
        """Whether nobody has closed it."""
        return self.active_until is None

    @property
    def short_name(self) -> str:
        """The name as neighbours say it: without the words for a residents' or villagers' committee."""
        return short_name(self.name, self.name_en)

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under; a code may change, the key never does."""
        return f"places:{self.id}"

    @property
    def kind_words(self) -> str:
        """What it is, in words: ``district``, ``village``, ``grid``."""
        return str(self.get_kind_display() or self.get_level_display())

    def contains(self, path: str) -> bool:
        """Whether a row with this ``placed_path`` lies in it."""
        return path.startswith(self.path)

    def ancestors(self) -> list[Place]:
        """The places it lies in, widest first, without itself; one query."""
        above = self.path_ids[:-1]
        return list(Place.objects.filter(pk__in=above).order_by("path")) if above else []

    def full_name(self, down_to: Level | str = Level.MICRO_GRID, above: Sequence[Place] | None = None) -> str:
        """County, street, community, grid in one word, down to ``down_to`` or to itself.

        ``above`` are its ancestors where the caller has them already; otherwise one query.
        """
        line = [*(self.ancestors() if above is None else above), self]
        first, last = Level.COUNTY.depth, Level(down_to).depth
        named = [place for place in line if first <= Level(place.level).depth <= last]
        return "".join(place.short_name for place in named or [self])


class PlaceKey(SearchKey):
    """A key of a place's name."""

    row = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="search_keys")

    class Meta:
        indexes = [key_index("places_place_key")]


class Boundary(models.Model):
    """The outline of a place from one day to another, in CGCS2000 degrees (EPSG:4490), as WKB."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="boundaries")
    wkb = models.BinaryField()
    min_lon = models.FloatField()
    min_lat = models.FloatField()
    max_lon = models.FloatField()
    max_lat = models.FloatField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    schematic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(valid_until=None), name="places_boundary_one_open"
            ),
            models.UniqueConstraint(fields=["place", "valid_from"], name="places_boundary_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.valid_from}"

    @property
    def shape(self) -> Polygon | MultiPolygon:
        """The outline as shapely knows it: x is the longitude, y the latitude."""
        shape = shapely.from_wkb(bytes(self.wkb))
        assert isinstance(shape, Polygon | MultiPolygon)
        return shape
