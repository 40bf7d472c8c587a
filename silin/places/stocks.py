"""The nightly count of the territory: what there is in each community, for the book of facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Substr
from django.utils.timezone import localdate

from silin.facts.stocks import Counts, Stock, write_stocks
from silin.places.levels import DIGITS, Level
from silin.places.models import Building, Estate, EstateFigure, Facility, GridParty, Place
from silin.places.numbers import number

NAMES = (
    "stock.communities",
    "stock.grids",
    "stock.grids_led",
    "stock.micro_grids",
    "stock.buildings",
    "stock.estates",
    "stock.estates_old",
    "stock.estates_renewed",
    "stock.estates_covered",
    "stock.lifts",
    "stock.lifts_wanted",
    "stock.parking",
    "stock.chargers",
    "stock.facilities",
)
LEVELS = {
    Level.COMMUNITY: "stock.communities",
    Level.GRID: "stock.grids",
    Level.MICRO_GRID: "stock.micro_grids",
}
FIGURES = {
    EstateFigure.Name.LIFTS: ("stock.lifts", ""),
    EstateFigure.Name.LIFTS_WANTED: ("stock.lifts_wanted", ""),
    EstateFigure.Name.PARKING: ("stock.parking", ""),
    EstateFigure.Name.CAR_CHARGERS: ("stock.chargers", "car"),
    EstateFigure.Name.BIKE_CHARGERS: ("stock.chargers", "bike"),
    EstateFigure.Name.CAMERA_COVER: ("stock.estates_covered", "camera"),
    EstateFigure.Name.SENSOR_COVER: ("stock.estates_covered", "sensor"),
}
OLD_BEFORE = "places.old_estate_before"


def count_territory(now: datetime, as_of: date | None = None) -> int:
    """Write what changed since the last count; gives how many facts that took.

    ``as_of`` is the day whose ground is counted, where it is not that of ``now``.
    """
    return write_stocks(NAMES, lambda: _count(as_of or localdate(now)), now=now)


def _count(on: date) -> Counts:
    """What there is in each community on a day; places that are closed do not count, nor what is in them."""
    held: Counter[Stock] = Counter()
    for counted in (_places(on), _buildings(on), _estates(on), _figures(on), _facilities(on)):
        for stock, n in counted:
            held[stock] += n
    return held


def _places(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Place.objects.active(on).filter(level__in=LEVELS)
    units = rows.annotate(counted_for=Substr("code", 1, DIGITS[Level.COMMUNITY]))
    for level, unit, n in units.values_list("level", "counted_for").annotate(n=Count("pk")).order_by():
        yield Stock(LEVELS[Level(level)], unit), n
    parties = GridParty.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)
    led = rows.filter(Exists(parties.filter(grid=OuterRef("pk"))), level=Level.GRID)
    for code in led.values_list("code", flat=True):
        yield Stock("stock.grids_led", code[: DIGITS[Level.COMMUNITY]]), 1


def _buildings(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Building.objects.filter(estate__place__in=Place.objects.active(on)).values_list(
        "estate__place__code"
    )
    for unit, n in rows.annotate(n=Count("pk")).order_by():
        yield Stock("stock.buildings", unit), n


def _estates(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Estate.objects.filter(place__in=Place.objects.active(on))
    for unit, path, built, renewal in rows.values_list("place__code", "place__path", "built_year", "renewal"):
        yield Stock("stock.estates", unit), 1
        if built is not None and built < number(OLD_BEFORE, path, on):
            yield Stock("stock.estates_old", unit), 1
            if renewal == Estate.Renewal.DONE:
                yield Stock("stock.estates_renewed", unit), 1


def _figures(on: date) -> Iterator[tuple[Stock, int]]:
    rows = EstateFigure.objects.newest(on).filter(estate__place__in=Place.objects.active(on))
    sums = rows.values_list("estate__place__code", "name").annotate(n=Sum("value")).order_by()
    for unit, name, n in sums:
        word, kind = FIGURES[EstateFigure.Name(name)]
        yield Stock(word, unit, kind), n


def _facilities(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Facility.objects.active(on).filter(place__in=Place.objects.active(on))
    units = rows.annotate(counted_for=Substr("place__code", 1, DIGITS[Level.COMMUNITY]))
    for unit, kind, n in units.values_list("counted_for", "kind").annotate(n=Count("pk")).order_by():
        yield Stock("stock.facilities", unit, kind), n
