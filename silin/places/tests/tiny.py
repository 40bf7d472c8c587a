"""A tiny city for this room's tests: two counties, one street cut into a village and two communities.

north   | grid 1 | grid 2 |
        | grid 3 | grid 4 |   the first community; the second one lies east of it without grids
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import shapely
from django.contrib.auth.backends import BaseBackend

from silin.places.actions import (
    Outline,
    add_buildings,
    add_estates,
    bulk_add,
    number_grids,
    set_boundaries,
    set_boundary,
)
from silin.places.models import Building, Estate, Place
from tests.again import once

NOW = datetime(2024, 5, 6, 1, 0, tzinfo=UTC)
DAY = date(2024, 5, 6)
WEST, SOUTH, SIDE = 110.0, 30.0, 0.002


@dataclass
class Tiny:
    """What the tests ask about."""

    city: Place
    county: Place
    far: Place
    street: Place
    elm: Place
    oak: Place
    village: Place
    grids: list[Place]
    estate: Estate
    buildings: list[Building]


def square(column: float, row: float, wide: float = 1, high: float = 1) -> shapely.Polygon:
    """A box on a raster of ``SIDE`` degrees; columns count eastwards, rows northwards."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(west, south, west + wide * SIDE, south + high * SIDE)


def at(column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a point on the raster."""
    return WEST + column * SIDE, SOUTH + row * SIDE


def build() -> Tiny:
    """The city is 6 by 4 squares; the first community takes 2 by 2, the second one 1 by 2."""
    return once("tiny city", _write)


def _write() -> Tiny:
    city = Place(code="990100000000", name="临川市", name_en="Linchuan", level="city")
    county = Place(code="990102000000", name="东城区", level="county", parent=city)
    far = Place(code="990121000000", name="远山县", level="county", parent=city)
    street = Place(code="990102001000", name="柳巷街道", level="street", parent=county)
    elm = Place(code="990102001001", name="榆树社区居委会", level="community", parent=street)
    oak = Place(code="990102001002", name="橡树社区居民委员会", level="community", parent=street)
    village = Place(code="990102001201", name="杨村村委会", level="community", parent=street)
    bulk_add([city, county, far, street, elm, oak, village], actor=None, now=NOW)
    outlines = [
        Outline(city, square(0, 0, 6, 4)),
        Outline(county, square(0, 0, 4, 4)),
        Outline(elm, square(0, 0, 2, 2), schematic=True),
        Outline(oak, square(2, 0, 1, 2), schematic=True),
    ]
    set_boundaries(outlines, DAY, actor=None, now=NOW)
    grids = draw_grids(elm)
    estate, buildings = settle(elm, grids)
    return Tiny(city, county, far, street, elm, oak, village, grids, estate, buildings)


def draw_grids(elm: Place) -> list[Place]:
    """Four grids, written from south-east to north-west and numbered; the first holds a micro-grid."""
    cells = [(1, 0), (0, 0), (1, 1), (0, 1)]
    grids = bulk_add([Place(level="grid", parent=elm) for _cell in cells], actor=None, now=NOW)
    [micro] = bulk_add([Place(level="micro_grid", parent=grids[3])], actor=None, now=NOW)
    for grid, cell in zip(grids, cells, strict=True):
        set_boundary(grid, square(*cell), DAY, actor=None, now=NOW, schematic=True)
    set_boundary(micro, square(0, 1.5, 1, 0.5), DAY, actor=None, now=NOW, schematic=True)
    return [place for place in number_grids(elm, actor=None, now=NOW) if place.level == "grid"]


def settle(elm: Place, grids: list[Place]) -> tuple[Estate, list[Building]]:
    """An estate with buildings 2, 5 and 10 in the north-eastern grid, and one without buildings."""
    estate, _garden = add_estates(
        [Estate(place=elm, name="金桂家园", built_year=1998), Estate(place=elm, name="榆荫花园")],
        actor=None,
        now=NOW,
    )
    spots = {"10": (1.8, 1.8), "2": (1.2, 1.2), "5": (1.5, 1.5)}
    rows = [
        Building(estate=estate, grid=grids[1], number=number, floors=6, lon=at(*spot)[0], lat=at(*spot)[1])
        for number, spot in spots.items()
    ]
    return estate, add_buildings(rows, actor=None, now=NOW)


class GrantBackend(BaseBackend):
    """Rights for tests: who may see and who may edit is kept here as user key → paths."""

    granted: dict[Any, list[str]] = {}
    editing: dict[Any, list[str]] = {}

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether a granted path covers the row."""
        paths = self.paths_where(user_obj, perm)
        return bool(paths) if obj is None else any(obj.placed_path.startswith(path) for path in paths)

    def paths_where(self, user_obj: Any, perm: str) -> list[str]:
        """What is granted."""
        kept = {"places.see": self.granted, "places.edit": self.editing}.get(perm, {})
        return kept.get(user_obj.pk, [])

    def get_user(self, user_id: Any) -> Any:
        """As Django's own back end does."""
        from silin.accounts.models import User

        return User.objects.filter(pk=user_id).first()
