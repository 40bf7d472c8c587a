"""The territory as rows: divisions, outlines, grids, estates, buildings, by the verbs of ``places``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from silin.demo.blocks import House, Quarter
from silin.demo.geometry import draw
from silin.demo.plane import DATA
from silin.places.actions import Outline, add_buildings, add_estates, bulk_add, number_grids, set_boundaries
from silin.places.imports import import_divisions
from silin.places.levels import Level
from silin.places.models import Building, Estate, Place

SINCE = date(2024, 1, 1)  # from when outlines and posts count: long before the first matter

BuildingKey = tuple[str, str, int]  # community, estate, number


@dataclass(frozen=True)
class Ground:
    """Where everything that was drawn stands in the database."""

    quarters: Sequence[Quarter]
    places: dict[str, Place]  # by division code; the parts of the full communities by ``Quarter.key``
    buildings: dict[BuildingKey, Building]

    def building(self, quarter: Quarter, house: House) -> Building:
        """The row of a drawn building."""
        return self.buildings[quarter.code, house.estate, house.number]

    def county(self, quarter: Quarter) -> Place:
        """The county that a community lies in."""
        return self.places[f"{quarter.code[:6]}000000"]

    def part(self, quarter: Quarter, house: House) -> Place:
        """The finest place that a drawn building stands in."""
        return self.places[quarter.key(house.grid, house.micro)]


def lay(areas: Sequence[Quarter], now: datetime) -> Ground:
    """Write the whole territory into a database that has none. The caller holds the transaction."""
    import_divisions(DATA / "divisions.csv", actor=None, now=now)
    shapes = draw([area.patch() for area in areas])
    places = {place.code: place for place in Place.objects.select_related("parent")}
    for area in areas:
        places |= _add_parts(area, places[area.code], now)
    outlines = [Outline(places[code], shape, schematic=True) for code, shape in shapes.items()]
    set_boundaries(outlines, SINCE, actor=None, now=now)
    for area in areas:
        number_grids(places[area.code], actor=None, now=now)
    numbered = Place.objects.select_related("parent").in_bulk([place.pk for place in places.values()])
    places = {key: numbered[place.pk] for key, place in places.items()}
    buildings: dict[BuildingKey, Building] = {}
    for area in areas:
        buildings |= _build(area, places, now)
    return Ground(areas, places, buildings)


def found(areas: Sequence[Quarter]) -> Ground:
    """The territory that ``lay`` wrote, read back."""
    codes = [area.code for area in areas]
    places = {place.code: place for place in Place.objects.select_related("parent").exclude(code="")}
    for area in areas:
        below = Place.objects.below(places[area.code]).select_related("parent")
        for place in below.filter(level__in=(Level.GRID, Level.MICRO_GRID)):
            up = place.parent
            at = (place.serial,) if place.level == Level.GRID or up is None else (up.serial, place.serial)
            places[area.key(*at)] = place
    rows = Building.objects.filter(estate__place__code__in=codes).select_related("estate__place", "grid")
    drawn = {(area.code, house.estate, str(house.number)) for area in areas for house in area.houses}
    keys = {(row.estate.place.code, row.estate.name, row.number): row for row in rows}
    buildings = {(code, estate, int(no)): keys[code, estate, no] for code, estate, no in drawn & keys.keys()}
    return Ground(areas, places, buildings)


def _add_parts(area: Quarter, community: Place, now: datetime) -> dict[str, Place]:
    """The grids of a community and their micro-grids, still without numbers."""
    grids = {
        area.key(grid): Place(name="", level=Level.GRID, parent=community)
        for grid in range(1, area.grids + 1)
    }
    bulk_add(list(grids.values()), actor=None, now=now)
    micros = {
        area.key(grid, micro): Place(name="", level=Level.MICRO_GRID, parent=grids[area.key(grid)])
        for grid in range(1, area.grids + 1)
        for micro in range(1, area.micros(grid) + 1)
    }
    bulk_add(list(micros.values()), actor=None, now=now)
    return grids | micros


def _build(area: Quarter, places: dict[str, Place], now: datetime) -> dict[BuildingKey, Building]:
    """Estates and buildings of one community."""
    estates = {}
    for home in area.estates:
        lon = sum(house.lon for house in home.houses) / len(home.houses)
        lat = sum(house.lat for house in home.houses) / len(home.houses)
        estates[home.name] = Estate(
            place=places[area.code],
            name=home.name,
            built_year=home.built,
            lon=round(lon, 7),
            lat=round(lat, 7),
        )
    add_estates(list(estates.values()), actor=None, now=now)
    rows = [
        _building(house, estates[house.estate], places[area.key(house.grid, house.micro)])
        for house in area.houses
    ]
    add_buildings(rows, actor=None, now=now)
    return {(area.code, row.estate.name, int(row.number)): row for row in rows}


def _building(house: House, estate: Estate, grid: Place) -> Building:
    return Building(
        estate=estate,
        grid=grid,
        number=str(house.number),
        entrances=house.entrances,
        floors=house.floors,
        lon=house.lon,
        lat=house.lat,
    )
