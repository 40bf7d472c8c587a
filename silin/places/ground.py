"""The grids of one community as the grid editor changes them: read whole, worked on, written whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

import shapely
from django.db import models
from django.utils import timezone
from shapely.geometry import Point

from silin.places.actions import GRID, MOST, Outline, give_number, last_serial, lay_outlines
from silin.places.fitting import tidy
from silin.places.inheriting import inherit
from silin.places.levels import Level
from silin.places.models import STEP, Block, Boundary, Building, Facility, Place
from silin.places.paths import Consequence, Followed, follow
from silin.places.queries import buildings_of
from silin.places.shapes import Shape


@dataclass(frozen=True)
class Moved:
    """A building that gets another grid."""

    building: Building
    before: Place
    after: Place


@dataclass(frozen=True)
class Taken:
    """A micro-grid that goes to another grid, with its buildings."""

    micro: Place
    before: Place
    after: Place
    buildings: int


@dataclass
class Outcome:
    """What a change does: shown before it is saved, written down when it is."""

    began: list[Place] = field(default_factory=list)
    closed: list[Place] = field(default_factory=list)
    redrawn: list[Place] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    elsewhere: list[Consequence] = field(default_factory=list)

    def as_fields(self) -> dict[str, object]:
        """What the history keeps of it: codes and counts."""
        return {
            **{each.name: each.value for each in self.elsewhere},
            "began": [place.code for place in self.began],
            "closed": [place.code for place in self.closed],
            "redrawn": [place.code for place in self.redrawn],
            "micro_grids": [each.micro.code for each in self.taken],
            "buildings": len(self.moved) + sum(each.buildings for each in self.taken),
        }


class Ground:
    """The active grids and micro-grids of a community with their outlines, and its buildings."""

    def __init__(self, community: Place) -> None:
        self.community = community
        below = Place.objects.below(community).active().filter(level__in=MOST).select_related("parent")
        self.places = {place.pk: place for place in below.order_by("code")}
        rows = list(Boundary.objects.filter(place__in=self.places, valid_until=None))
        self.before: dict[int, Shape] = {row.place_id: row.shape for row in rows}
        self.schematic = {row.place_id for row in rows if row.schematic}
        self.shapes = dict(self.before)
        self.buildings = buildings_of(community)
        self.outcome = Outcome()
        self.heirs: dict[int, int] = {}
        self.lines: list[tuple[Place, Place]] = []

    @property
    def grids(self) -> list[Place]:
        """Its grids, without the micro-grids."""
        return [place for place in self.places.values() if place.level == Level.GRID]

    @property
    def micros(self) -> list[Place]:
        """Its micro-grids."""
        return [place for place in self.places.values() if place.level == Level.MICRO_GRID]

    def others(self, *without: Place) -> dict[int, Shape]:
        """The outlines of the grids but for some."""
        left_out = {place.pk for place in without}
        return {
            grid.pk: self.shapes[grid.pk]
            for grid in self.grids
            if grid.pk in self.shapes and grid.pk not in left_out
        }

    def edge(self) -> Shape | None:
        """The outline of the community itself, where it has one."""
        row = Boundary.objects.filter(place=self.community, valid_until=None).first()
        return row.shape if row else None

    def begin(self, shape: Shape | None, day: date, name: str = "") -> Place:
        """A new grid with the number after the last one ever given."""
        place = Place(level=Level.GRID, parent=self.community, name=name, active_from=day)
        return self._begin(place, self.community.code + GRID, shape)

    def begin_micro(self, grid: Place, shape: Shape | None, day: date, name: str = "") -> Place:
        """A new micro-grid of ``grid``, numbered in the same way."""
        place = Place(level=Level.MICRO_GRID, parent=grid, name=name, active_from=day)
        return self._begin(place, grid.code, shape)

    def _begin(self, place: Place, start: str, shape: Shape | None) -> Place:
        give_number(place, start, last_serial(start) + 1)
        place.save()
        self.places[place.pk] = place
        if shape is not None:
            self.shapes[place.pk] = shape
        self.outcome.began.append(place)
        return place

    def close(self, grid: Place, heir: Place) -> None:
        """A grid that is not used any more; ``heir`` gets what lies nowhere else."""
        self.comes_from(heir, grid)
        self.heirs[grid.pk] = heir.pk
        self.shapes.pop(grid.pk, None)
        self.outcome.closed.append(grid)

    def comes_from(self, new: Place, old: Place) -> None:
        """``new`` carries on what ``old`` carries: its party branch, the duties of older nets."""
        self.lines.append((old, new))

    def write(self, now: datetime) -> Outcome:
        """All that was changed: outlines, closed places, micro-grids, buildings; rooms above follow."""
        day = timezone.localdate(now)
        self._settle_micros()
        self._settle_buildings()
        self._settle_facilities()
        for place in self.outcome.closed:
            place.active_until = day
        Place.objects.bulk_update(self.outcome.closed, ["active_until"])
        changed = self._changed()
        drawn = [Outline(self.places[key], self.shapes[key], key in self.schematic) for key in changed]
        lay_outlines(drawn, day)
        began = {place.pk for place in self.outcome.began}
        self.outcome.redrawn = [self.places[key] for key in changed if key not in began]
        moved = self.outcome.moved
        Building.objects.bulk_update([each.building for each in moved], ["grid"], batch_size=500)
        homes = {each.building.pk: each.after.pk for each in moved}
        heirs = [(old, self.places[self.heirs[old.pk]]) for old in self.outcome.closed]
        self.outcome.elsewhere = [
            *inherit(self.lines, heirs, day),
            *follow(Followed(self.outcome.paths, homes, heirs)),
        ]
        return self.outcome

    def _changed(self) -> list[int]:
        return [key for key, shape in self.shapes.items() if shape is not self.before.get(key)]

    def _settle_micros(self) -> None:
        """A micro-grid goes to the grid that has most of it, and is drawn back to that grid's outline."""
        touched = {*self.heirs, *self._changed()}
        grids = self.others(*self.outcome.closed)
        for micro in self.micros:
            assert micro.parent is not None
            shape, parent = self.shapes.get(micro.pk), micro.parent.pk
            shares = {key: shapely.intersection(shape, grids[key]).area for key in grids} if shape else {}
            best = max(shares, key=lambda key: shares[key], default=parent)
            home = best if shares.get(best) and best in touched | {parent} else self.heirs.get(parent, parent)
            if home != parent:
                self._move_micro(micro, self.places[home])
            if shape and home in touched and home in grids and tidy(shapely.difference(shape, grids[home])):
                self._draw_back(micro, tidy(shapely.intersection(shape, grids[home])))

    def _move_micro(self, micro: Place, home: Place) -> None:
        before = micro.path
        homes = sum(building.grid_id == micro.pk for building in self.buildings)
        assert micro.parent is not None
        self.outcome.taken.append(Taken(micro, micro.parent, home, homes))
        micro.parent, micro.path = home, home.path + micro.path[-STEP:]
        micro.save(update_fields=["parent", "path"])
        self.outcome.paths[before] = micro.path

    def _draw_back(self, micro: Place, shape: Shape | None) -> None:
        if shape is None:
            assert micro.parent is not None
            self.close(micro, micro.parent)
        else:
            self.shapes[micro.pk] = shape

    def _settle_buildings(self) -> None:
        """A building whose grid has changed goes to the grid or micro-grid that its point lies in."""
        for building in self.buildings:
            before = building.grid
            after = self._home(before.pk, self.at(building.lon, building.lat))
            if after is not None and after != before.pk:
                building.grid = self.places[after]
                self.outcome.moved.append(Moved(building, before, building.grid))

    def _settle_facilities(self) -> None:
        """What stands in a grid that closes goes over to the one that comes after it."""
        for facility in Facility.objects.filter(place__in=self.heirs).select_related("block"):
            after = self._home(facility.place_id, self.at(facility.lon, facility.lat))
            facility.place = self.places[after or self.heirs[facility.place_id]]
            if facility.block and facility.block.place_id != self.community.pk:
                facility.block = None
            facility.save(update_fields=["place", "block"])
        for block in Block.objects.filter(place__in=self.heirs):
            block.place = self.places[self.heirs[block.place_id]]
            block.save(update_fields=["place"])

    def at(self, lon: float | None, lat: float | None) -> list[int]:
        """Keys of what a point lies in, the finest first."""
        if lon is None or lat is None:
            return []
        point = Point(lon, lat)
        hits = [key for key, shape in self.shapes.items() if shapely.intersects(shape, point)]
        return sorted(hits, key=lambda key: (-len(self.places[key].path), self.places[key].code))

    def _home(self, own: int, hits: list[int]) -> int | None:
        """Key of the place that answers for a point now; None where nothing has to change."""
        if own in hits or (own not in self.heirs and not self._is_new(hits)):
            return None
        if hits:
            return hits[0]
        return self.heirs.get(own)

    def _is_new(self, hits: list[int]) -> bool:
        """Whether the outlines a point lies in were drawn by this change."""
        return any(self.shapes[key] is not self.before.get(key) for key in hits)


def version(community: Place) -> str:
    """Changes with every grid of the community and every outline: what an editor has looked at."""
    rows = (
        Place.objects.under(community)
        .active()
        .annotate(drawn=models.Max("boundaries__valid_from"), row=models.Max("boundaries__pk"))
        .order_by("pk")
        .values_list("pk", "path", "code", "drawn", "row")
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]
