"""Open matters that may be the same: near, of a neighbouring category, not long ago, in similar words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from uuid import UUID

from django.db.models import Q

from silin.lib.text import bigrams
from silin.matters.categories import leaves
from silin.matters.models import Category, Matter, MatterQuerySet
from silin.places.models import Place
from silin.places.numbers import number
from silin.places.shapes import METRES

LOOKED_AT = 100  # of the newest ones, however many lie there
LEAST = 0.14  # in other words only at the very spot; of another category and far away it is not the same
UNKNOWN_DISTANCE = 0.5  # of the reach: the same grid, no point


@dataclass(frozen=True)
class Here:
    """What somebody is about to report, or a matter that is there: where, what about, in which words.

    ``raiser``: by whom, where somebody calls about one thing from several places.
    """

    place: Place
    point: tuple[float, float] | None
    category: Category | None
    words: str
    raiser: UUID | None = None


@dataclass(frozen=True)
class Similar:
    """An open matter that may be the same, how far away it is (None: nobody knows) and how alike, 0 to 1."""

    matter: Matter
    metres: int | None
    score: float


def similar(rows: MatterQuerySet, here: Here, now: datetime) -> list[Similar]:
    """The likeliest of ``rows`` (what somebody may read): distance × category × time × words. One statement.

    How near, how long ago and how many at most are rows of the city.
    """
    path = here.place.path
    reach, weeks = number("matters.similar_metres", path), number("matters.similar_weeks", path)
    since = now - timedelta(weeks=weeks)
    theirs = Q(raiser=here.raiser) if here.raiser else Q()
    near = rows.open().filter(_around(here, reach) | theirs, raised_at__gte=since)
    if here.category is not None:
        near = near.filter(category__in=_neighbours(here.category))
    found = [_weighed(row, here, reach, since, now) for row in near.order_by("-raised_at")[:LOOKED_AT]]
    found = [each for each in found if each.score >= LEAST and _is_near(each, here, reach)]
    found.sort(key=lambda each: -each.score)
    return found[: int(number("matters.similar_at_most", path))]


def of_matter(matter: Matter) -> Here:
    """A matter that is there already; for a hotline's order the caller counts too."""
    point = (matter.lon, matter.lat) if matter.lon is not None and matter.lat is not None else None
    caller = matter.raiser_id if matter.channel == "hotline" else None
    return Here(matter.place, point, matter.category, matter.words, caller)


def _is_near(found: Similar, here: Here, reach: float) -> bool:
    """Whether it lies near enough; somebody's own may lie anywhere."""
    own = here.raiser is not None and found.matter.raiser_id == here.raiser
    return own or found.metres is None or found.metres <= reach


def _around(here: Here, reach: float) -> Q:
    """The square round the point, and what has no point in the same place; without one the place alone."""
    same_place = Q(placed_path=here.place.path)
    if here.point is None:
        return same_place
    lon, lat = here.point
    up = reach / METRES
    side = up / cos(radians(lat))
    square = Q(lat__gte=lat - up, lat__lte=lat + up, lon__gte=lon - side, lon__lte=lon + side)
    return square | (same_place & Q(lon__isnull=True))


def _neighbours(category: Category) -> list[str]:
    """The category and those of its group."""
    return [leaf.pk for leaf in leaves() if leaf.parent_id == category.parent_id] + [category.pk]


def _weighed(row: Matter, here: Here, reach: float, since: datetime, now: datetime) -> Similar:
    metres = _metres(row, here)
    away = UNKNOWN_DISTANCE if metres is None else min(metres / reach, 1.0)
    same = here.category is not None and row.category_id == here.category.pk
    age = (now - row.raised_at) / (now - since)
    said = 0.3 + 0.7 * alike(here.words, row.words)
    return Similar(row, metres, (1 - away / 2) * (1.0 if same else 0.5) * (1 - age / 2) * said)


def _metres(row: Matter, here: Here) -> int | None:
    if here.point is None or row.lon is None or row.lat is None:
        return None
    lon, lat = here.point
    return round(hypot((row.lon - lon) * cos(radians(lat)), row.lat - lat) * METRES)


def alike(one: str, other: str) -> float:
    """How much of the shorter words stands in the longer ones, by pairs of neighbouring signs: 0 to 1."""
    mine, theirs = set(bigrams(one)), set(bigrams(other))
    smaller = min(len(mine), len(theirs))
    return len(mine & theirs) / smaller if smaller else 0.0
