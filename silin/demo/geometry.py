"""Schematic outlines of every division, drawn from fixed seeds: they nest exactly, without gap or overlap.

All lines of the finest divisions are drawn first and cut at each other's crossings; every face between
them belongs to one division, and a wider division is the union of its parts. Nothing here comes from a
survey: only the names and codes are the real ones.
"""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from silin.demo.plane import DATA, Points, bend, outline, read_points, to_degrees, to_plane, unbend

GRID = 1e-7  # degrees: every corner lies on this lattice (about a centimetre)
STEP = 900.0  # metres between two corners of a bent line
NEAR_SEAT = 950.0  # metres around a town's seat that its residents' committees share
FRAME = 400_000.0  # metres: wide enough around the city for the cells at its edge


@dataclass(frozen=True)
class Division:
    """One line of the divisions' register."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True)
class Patch:
    """A community drawn street by street: its outline and parts, by code, in degrees."""

    code: str
    outline: Polygon
    parts: Mapping[str, Polygon]  # the finest parts, "code-grid" or "code-grid-micro": they fill the outline


def read_divisions() -> list[Division]:
    """The demo city's register: province, city, counties, streets and towns, communities and villages."""
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return [
            Division(row["code"], row["name"], row["level"], row["parent"]) for row in csv.DictReader(file)
        ]


def draw(patches: Sequence[Patch]) -> dict[str, Polygon]:
    """Code → outline in degrees, for every division from the city down and every part of the patches."""
    divisions = read_divisions()
    towns = _Towns.read()
    sites = _sites(divisions, towns, patches)
    faces = _faces(_lines(towns, sites), patches)
    shares = _share_out(faces, _owners(faces, towns, sites, patches))
    parents = {division.code: division.parent for division in divisions}
    shapes = _unions(shares, parents)
    return {code: shape for code, shape in shapes.items() if code[4:].strip("0") or code[2:4] != "00"}


@dataclass(frozen=True)
class _Towns:
    """Streets and towns: codes, seats on the unbent plane, and the cells around them."""

    codes: list[str]
    seats: Points
    cells: list[Polygon]

    @classmethod
    def read(cls) -> _Towns:
        codes, degrees = read_points("towns.csv")
        seats = unbend(to_plane(degrees))
        return cls(codes, seats, _cells(seats, shapely.box(-FRAME, -FRAME, FRAME, FRAME)))


def _cells(sites: Points, within: Polygon) -> list[Polygon]:
    """For each site the part of ``within`` that is nearest to it (Voronoi), in the order of the sites."""
    if len(sites) == 1:
        return [within]
    diagram = shapely.voronoi_polygons(MultiPoint(sites), extend_to=within, ordered=True)
    return [_single(cell.intersection(within)) for cell in diagram.geoms]


def _sites(
    divisions: Sequence[Division], towns: _Towns, patches: Sequence[Patch]
) -> dict[str, tuple[list[str], Points]]:
    """Town → codes and seats (unbent plane) of its communities and villages; patches draw themselves."""
    drawn = {patch.code for patch in patches}
    taken = shapely.union_all([_unbent(patch.outline).buffer(250) for patch in patches])
    city = Polygon(unbend(np.array(outline().exterior.coords)))
    children: dict[str, list[Division]] = defaultdict(list)
    for division in divisions:
        if division.code not in drawn:
            children[division.parent].append(division)
    found = {}
    for code, seat, cell in zip(towns.codes, towns.seats, towns.cells, strict=True):
        room = cell.intersection(city).difference(taken)
        codes = [child.code for child in children[code]]
        found[code] = (codes, _spread(codes, seat, room))
    return found


def _spread(codes: Sequence[str], seat: Points, room: BaseGeometry) -> Points:
    """Seats for communities (close to the town's seat) and villages (all over the room), evenly spread."""
    rng = random.Random(f"seats {codes[0]}")
    villages = sum(int(code[9:]) >= 200 for code in codes)
    core = room.intersection(Point(seat).buffer(NEAR_SEAT))
    inner = core if villages and core.area else room
    outer = room.difference(core.buffer(300)) if villages else room
    fields = [outer if villages and int(code[9:]) >= 200 else inner for code in codes]
    sites = np.array([_drop(rng, field) for field in fields])
    for _round in range(8):
        cells = _cells(sites, _hull(room))
        for at, (cell, field) in enumerate(zip(cells, fields, strict=True)):
            part = cell.intersection(field)
            middle = part.centroid
            if part.area and field.contains(middle):
                sites[at] = middle.coords[0]
    return sites


def _hull(room: BaseGeometry) -> Polygon:
    hull = room.convex_hull
    assert isinstance(hull, Polygon)
    return hull


def _drop(rng: random.Random, field: BaseGeometry) -> tuple[float, float]:
    """A point somewhere in the field."""
    west, south, east, north = field.bounds
    while True:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if field.contains(Point(x, y)):
            return x, y


def _lines(towns: _Towns, sites: Mapping[str, tuple[list[str], Points]]) -> BaseGeometry:
    """The borders of all communities and villages, bent, in metres; cut at their crossings."""
    edges = []
    for code, cell in zip(towns.codes, towns.cells, strict=True):
        _codes, seats = sites[code]
        edges += [part.boundary for part in _cells(seats, cell)]
    straight = shapely.union_all(edges, grid_size=0.01)
    bent = shapely.transform(shapely.segmentize(shapely.line_merge(straight), STEP), bend)
    return shapely.union_all([bent, outline().exterior])


def _faces(lines: BaseGeometry, patches: Sequence[Patch]) -> list[Polygon]:
    """The faces between all lines, in degrees on the lattice, inside the city's outline."""
    degrees = shapely.transform(lines, to_degrees)
    inside = shapely.transform(outline(), to_degrees)
    inner = [part.exterior for patch in patches for part in patch.parts.values()]
    patched = shapely.union_all([patch.outline for patch in patches])
    net = shapely.union_all([degrees.difference(patched), *inner], grid_size=GRID)
    faces = _pieces(shapely.polygonize([net]))
    return [face for face in faces if inside.contains(face.representative_point())]


def _owners(
    faces: Sequence[Polygon],
    towns: _Towns,
    sites: Mapping[str, tuple[list[str], Points]],
    patches: Sequence[Patch],
) -> list[str]:
    """For each face the code of the finest place it belongs to."""
    points = [face.representative_point() for face in faces]
    flat = unbend(to_plane(np.array([[point.x, point.y] for point in points])))
    owners = []
    for point, spot in zip(points, flat, strict=True):
        part = _part_at(point, patches)
        if not part:
            codes, seats = sites[towns.codes[_nearest(towns.seats, spot)]]
            part = codes[_nearest(seats, spot)]
        owners.append(part)
    return owners


def _part_at(point: Point, patches: Sequence[Patch]) -> str:
    for patch in patches:
        if patch.outline.contains(point):
            return min(patch.parts, key=lambda code: patch.parts[code].distance(point))
    return ""


def _nearest(sites: Points, spot: Points) -> int:
    return int(np.argmin(np.hypot(*(sites - spot).T)))


def _share_out(faces: Sequence[Polygon], owners: Sequence[str]) -> dict[str, Polygon]:
    """Join each owner's faces; a piece cut off from the rest goes to the neighbour it borders on most."""
    held: dict[str, list[Polygon]] = defaultdict(list)
    for face, owner in zip(faces, owners, strict=True):
        held[owner].append(face)
    shares, loose = {}, []
    for owner, own in held.items():
        pieces = sorted(_pieces(shapely.union_all(own)), key=lambda piece: piece.area)
        shares[owner] = pieces.pop()
        loose += pieces
    for piece in loose:
        near = max(shares, key=lambda code: shapely.length(shares[code].intersection(piece)))
        shares[near] = _single(shapely.union_all([shares[near], piece]))
    return shares


def _pieces(shape: BaseGeometry) -> list[Polygon]:
    return [piece for piece in shapely.get_parts(shape) if isinstance(piece, Polygon)]


def _single(shape: BaseGeometry) -> Polygon:
    assert isinstance(shape, Polygon), "a place must be one piece"
    return shape


def _unions(shares: Mapping[str, Polygon], parents: Mapping[str, str]) -> dict[str, Polygon]:
    """Every place with its outline: the finest as given, the others as the union of what they hold."""
    below: dict[str, list[Polygon]] = defaultdict(list)
    for code, shape in shares.items():
        for place in _line_up(code, parents):
            below[place].append(shape)
    return {code: _single(shapely.union_all(parts)) for code, parts in below.items()}


def _line_up(code: str, parents: Mapping[str, str]) -> Iterable[str]:
    """``code``, its parent, and so on up."""
    while code:
        yield code
        code = parents.get(code) or code.rpartition("-")[0]


def _unbent(shape: Polygon) -> Polygon:
    """A patch's outline on the unbent plane."""
    return Polygon(unbend(to_plane(np.array(shape.exterior.coords))))


def rectangle(centre: Points, size: tuple[float, float], turn: float) -> Polygon:
    """A rectangle on the plane: centre and size in metres, turned anticlockwise by ``turn`` degrees."""
    width, height = size
    box = [
        (-width / 2, -height / 2),
        (width / 2, -height / 2),
        (width / 2, height / 2),
        (-width / 2, height / 2),
    ]
    return Polygon(turned(np.array(box), turn) + centre)


def turned(points: Points, degrees: float) -> Points:
    """Points turned about the origin, anticlockwise."""
    angle = math.radians(degrees)
    way = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return np.asarray(points @ way)
