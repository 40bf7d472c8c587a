"""Is every home in a grid (网中有格)? What is missing or double in the outlines of a community's grids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.places.ground import Ground
from silin.places.levels import Level
from silin.places.models import BOUNDARIES, Building, Place, Revision
from silin.places.numbers import number
from silin.places.paths import Followed, follow
from silin.places.regridding import may_edit
from silin.places.shapes import Shape, polygons, square_metres

SLIVER = "places.sliver_m2"  # the number below which a gap or an overlap is a slip of the pen

Fault = Literal["gap", "overlap", "outside", "undrawn"]


@dataclass(frozen=True)
class Finding:
    """Something wrong with the outlines; ``shape`` is where."""

    fault: Fault
    grids: Sequence[Place]
    shape: BaseGeometry | None = None

    @property
    def metres(self) -> int:
        """How large it is, in square metres."""
        return round(square_metres(self.shape)) if self.shape is not None else 0

    @property
    def at(self) -> tuple[float, float] | None:
        """A point in it, for the map."""
        if self.shape is None:
            return None
        inside = self.shape.representative_point()
        return round(inside.x, 6), round(inside.y, 6)

    def __str__(self) -> str:
        words = {"m": f"{self.metres:,}", "names": _and(self.grids)}
        return str(SAID[self.fault] % words)


SAID = {
    "gap": _("%(m)s m² that lie in no grid"),
    "overlap": _("%(m)s m² that lie in two grids: %(names)s"),
    "outside": _("%(m)s m² of %(names)s lie outside the community"),
    "undrawn": _("%(names)s has no outline yet"),
}


@dataclass(frozen=True)
class Home:
    """A building whose point does not lie in its own grid; ``there`` is the place that it does lie in."""

    building: Building
    there: Place | None

    @property
    def has_grid(self) -> bool:
        """Whether it is in a grid that is in use."""
        return self.building.grid.is_active and self.building.grid.level != Level.COMMUNITY

    def __str__(self) -> str:
        words = {"building": self.building.name, "grid": self.building.grid.short_name}
        if self.there is not None:
            words["there"] = self.there.short_name
            return str(_("%(building)s is written under %(grid)s and stands in %(there)s") % words)
        if not self.has_grid:
            return str(_("%(building)s is written under %(grid)s, which is not in use") % words)
        return str(_("%(building)s (%(grid)s) stands outside all outlines") % words)


@dataclass(frozen=True)
class Coverage:
    """What the check found; ``unplaced`` buildings have no point on the map and cannot be checked."""

    findings: list[Finding] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    unplaced: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every home is in a grid and nothing is double."""
        return not self.findings and not self.homes

    @property
    def without_grid(self) -> list[Home]:
        """Homes that no grid answers for, or that stand in a gap."""
        return [home for home in self.homes if not home.has_grid or home.there is None]

    @property
    def mendable(self) -> list[Home]:
        """Homes that can be given to the grid they stand in."""
        return [home for home in self.homes if home.there is not None]

    def __str__(self) -> str:
        if self.is_whole:
            return str(_("Every home lies in exactly one grid."))
        n = len(self.findings) + len(self.homes)
        return ngettext("%(n)s thing to mend", "%(n)s things to mend", n) % {"n": n}


def check(community: Place) -> Coverage:
    """Look the grids of a community over. Four statements."""
    ground = Ground(community)
    least = number(SLIVER, community.path)
    shapes = ground.others()
    findings = [
        *_undrawn(ground),
        *_gaps(ground.edge(), shapes, least),
        *_overlaps(ground, shapes, least),
        *_outside(ground.edge(), ground, shapes, least),
    ]
    homes = [home for building in ground.buildings if (home := _home(ground, building))]
    unplaced = sum(building.lon is None or building.lat is None for building in ground.buildings)
    return Coverage(findings, homes, unplaced)


def _undrawn(ground: Ground) -> Iterator[Finding]:
    for grid in ground.grids:
        if grid.pk not in ground.shapes:
            yield Finding("undrawn", [grid])


def _gaps(edge: Shape | None, shapes: Mapping[int, Shape], least: float) -> Iterator[Finding]:
    """What no grid covers: of the community, or where that is not drawn the holes between the grids."""
    if not shapes:
        return
    covered = shapely.union_all(list(shapes.values()))
    if edge is not None:
        free = polygons([shapely.difference(edge, covered)])
    else:
        free = [Polygon(hole) for part in polygons([covered]) for hole in part.interiors]
    for part in free:
        if square_metres(part) > least:
            yield Finding("gap", [], part)


def _overlaps(ground: Ground, shapes: Mapping[int, Shape], least: float) -> Iterator[Finding]:
    keys = list(shapes)
    tree = shapely.STRtree(list(shapes.values()))
    for one, other in tree.query(list(shapes.values()), predicate="intersects").T.tolist():
        if one < other:
            common = shapely.intersection(shapes[keys[one]], shapes[keys[other]])
            if square_metres(common) > least:
                yield Finding("overlap", [ground.places[keys[one]], ground.places[keys[other]]], common)


def _outside(
    edge: Shape | None, ground: Ground, shapes: Mapping[int, Shape], least: float
) -> Iterator[Finding]:
    if edge is None:
        return
    for key, shape in shapes.items():
        over = shapely.difference(shape, edge)
        if square_metres(over) > least:
            yield Finding("outside", [ground.places[key]], over)


def _home(ground: Ground, building: Building) -> Home | None:
    hits = ground.at(building.lon, building.lat)
    if building.grid_id in hits:
        return None
    known = building.grid_id in ground.places
    if known and (building.lon is None or building.grid_id not in ground.shapes):
        return None
    return Home(building, ground.places[hits[0]] if hits else None)


@transaction.atomic
def give_buildings(
    community: Place, keys: Sequence[int] | None = None, *, actor: User | None, now: datetime
) -> list[Home]:
    """Write buildings (all that can be mended, or those with ``keys``) under the grid they stand in.

    Raises ``NotAllowed``, ``Refused`` (``nothing_to_mend``).
    """
    Revision.objects.bump(BOUNDARIES)
    may_edit(actor, community)
    homes = [home for home in check(community).mendable if keys is None or home.building.pk in keys]
    if not homes:
        raise Refused("nothing_to_mend", _("That has been put right already."))
    for home in homes:
        assert home.there is not None
        home.building.grid = home.there
    Building.objects.bulk_update([home.building for home in homes], ["grid"], batch_size=500)
    follow(Followed(buildings={home.building.pk: home.building.grid.pk for home in homes}))
    fields = {"buildings": len(homes)}
    record(subject=community.subject, action="give_buildings", actor=actor, now=now, fields=fields)
    return homes


def _and(places: Sequence[Place]) -> str:
    return "、".join(place.short_name for place in places)
