"""Communities street by street: grids, micro-grids, estates and buildings as turned rectangles.

Everything comes from ``data/communities.yaml``; grids are numbered from north to south and inside a row
from west to east, micro-grids in the same way inside their grid, buildings inside their estate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
import yaml
from shapely.geometry import Polygon

from silin.demo.geometry import Patch, rectangle, turned
from silin.demo.plane import DATA, Points, to_degrees, to_plane

ROAD = 15.0  # metres from the middle of a road to the first wall
PATH = 6.0  # metres from the border of a micro-grid to the first wall
ENTRANCE = 14.0  # metres of wall for one entrance
DEPTH = 12.0  # metres from the front wall to the back wall
COLUMNS = {1: [1], 2: [2], 3: [1, 1, 1], 4: [2, 2]}  # rows of micro-grids in a grid, by how many there are

Box = tuple[float, float, float, float]  # west, south, east, north in metres from the community's middle


@dataclass
class House:
    """A building before it is a row: numbered in its estate, standing in one grid or micro-grid."""

    estate: str
    grid: int
    micro: int  # 0 where the grid has no micro-grids
    middle: tuple[float, float]  # metres east and north of the community's middle, before it is turned
    number: int = 0
    entrances: int = 1
    floors: int = 6
    lon: float = 0.0
    lat: float = 0.0


@dataclass(frozen=True)
class Home:
    """An estate before it is a row."""

    name: str
    built: int
    grids: tuple[int, ...]
    houses: list[House] = field(default_factory=list)


@dataclass(frozen=True)
class Quarter:
    """One of the full communities: what the file says of it, and what was drawn from that."""

    code: str
    told: Mapping[str, Any]
    boxes: Mapping[tuple[int, int], Box]  # (grid, micro-grid or 0) → its place
    estates: Sequence[Home]

    @property
    def houses(self) -> list[House]:
        """All its buildings, estate by estate."""
        return [house for home in self.estates for house in home.houses]

    @property
    def grids(self) -> int:
        """How many grids it has."""
        return sum(self.told["rows"])

    def micros(self, grid: int) -> int:
        """How many micro-grids a grid has (0: it is not divided)."""
        return int(self.told["micro"][grid - 1]) if self.told["micro"] else 0

    def key(self, grid: int, micro: int = 0) -> str:
        """What ``geometry.draw`` calls the outline of a grid or micro-grid."""
        return f"{self.code}-{grid}-{micro}" if micro else f"{self.code}-{grid}"

    def patch(self) -> Patch:
        """Its outline and the outlines of its finest parts, in degrees."""
        width, height = self.told["size"]
        parts = {self.key(*at): self._shape(box) for at, box in self.boxes.items()}
        return Patch(self.code, self._shape((-width / 2, -height / 2, width / 2, height / 2)), parts)

    def outline(self, house: House) -> Polygon:
        """The walls of a building, in degrees."""
        centre = turned(np.array([house.middle]), self.told["turn"]) + self._middle()
        shape = rectangle(centre, (house.entrances * ENTRANCE, DEPTH), self.told["turn"])
        return shapely.transform(shape, to_degrees)

    def point(self, across: float, along: float) -> tuple[float, float]:
        """Longitude and latitude of a point given in metres from the community's middle."""
        spot = turned(np.array([[across, along]]), self.told["turn"]) + self._middle()
        lon, lat = to_degrees(spot)[0]
        return round(float(lon), 7), round(float(lat), 7)

    def _shape(self, box: Box) -> Polygon:
        west, south, east, north = box
        ring = np.array([(west, south), (east, south), (east, north), (west, north)])
        return Polygon(to_degrees(turned(ring, self.told["turn"]) + self._middle()))

    def _middle(self) -> Points:
        return to_plane(np.array([self.told["centre"]]))


def quarters() -> list[Quarter]:
    """The full communities, drawn the same each time."""
    told = yaml.safe_load((DATA / "communities.yaml").read_text(encoding="utf-8"))
    return [_draw(one) for one in told]


def _draw(told: Mapping[str, Any]) -> Quarter:
    rng = random.Random(f"blocks {told['code']}")
    boxes = dict(_boxes(rng, told))
    estates = [_estate(rng, told, boxes, home) for home in told["estates"]]
    quarter = Quarter(told["code"], told, boxes, estates)
    _give_entrances(rng, quarter)
    for house in quarter.houses:
        house.lon, house.lat = quarter.point(*house.middle)
    return quarter


def _boxes(rng: random.Random, told: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], Box]]:
    """The finest parts: every grid, or its micro-grids where it has some."""
    width, height = told["size"]
    grid = 0
    for south, north in _cuts(rng, height, len(told["rows"]), downwards=True):
        cells = told["rows"][_row_of(told["rows"], grid)]
        for west, east in _cuts(rng, width, cells):
            grid += 1
            micros = told["micro"][grid - 1] if told["micro"] else 0
            yield from _parts(rng, grid, micros, (west, south, east, north))


def _row_of(rows: Sequence[int], done: int) -> int:
    """The row that comes after ``done`` grids."""
    return next(at for at in range(len(rows)) if sum(rows[: at + 1]) > done)


def _cuts(
    rng: random.Random, length: float, parts: int, *, downwards: bool = False
) -> list[tuple[float, float]]:
    """A length around 0 cut into parts of roughly the same size, in rising or falling order."""
    weights = [rng.uniform(0.88, 1.12) for _ in range(parts)]
    edges = [0.0]
    for weight in weights:
        edges.append(edges[-1] + weight * length / sum(weights))
    pieces = [(start - length / 2, end - length / 2) for start, end in pairwise(edges)]
    return pieces[::-1] if downwards else pieces


def _parts(rng: random.Random, grid: int, micros: int, box: Box) -> Iterator[tuple[tuple[int, int], Box]]:
    """The micro-grids of a grid, or the grid itself."""
    if not micros:
        yield (grid, 0), box
        return
    west, south, east, north = box
    rows = COLUMNS[micros]
    micro = 0
    heights = _cuts(rng, north - south, len(rows), downwards=True)
    for cells, (low, high) in zip(rows, heights, strict=True):
        for left, right in _cuts(rng, east - west, cells):
            micro += 1
            x, y = (west + east) / 2, (south + north) / 2
            yield (grid, micro), (x + left, y + low, x + right, y + high)


def _estate(
    rng: random.Random, told: Mapping[str, Any], boxes: Mapping[tuple[int, int], Box], home: Mapping[str, Any]
) -> Home:
    """One estate with its buildings, numbered from north to south and from west to east."""
    houses: list[House] = []
    for grid, count in zip(home["grids"], home["buildings"], strict=True):
        sharing = [other for other in told["estates"] if grid in other["grids"]]
        side = (sharing.index(home), len(sharing))
        houses += [House(home["name"], grid, *spot) for spot in _spots(boxes, grid, count, side)]
    houses.sort(key=lambda house: (house.grid, -round(house.middle[1] / 40), house.middle[0]))
    for number, house in enumerate(houses, start=1):
        house.number, house.floors = number, rng.randint(*home["floors"])
    return Home(home["name"], home["built"], tuple(home["grids"]), houses)


def _spots(
    boxes: Mapping[tuple[int, int], Box], grid: int, count: int, side: tuple[int, int]
) -> Iterator[tuple[int, tuple[float, float]]]:
    """``count`` places for buildings in one grid: on the estate's own side, shared among micro-grids."""
    parts = {micro: box for (number, micro), box in boxes.items() if number == grid}
    west, east = min(box[0] for box in parts.values()), max(box[2] for box in parts.values())
    share = (east - west) / side[1]
    own = (west + side[0] * share, west + (side[0] + 1) * share)
    rooms = {micro: _clip(box, own) for micro, box in parts.items()}
    rooms = {micro: room for micro, room in rooms.items() if room[2] - room[0] > 4 * ENTRANCE}
    wanted = {micro: count // len(rooms) for micro in rooms}
    for micro in list(rooms)[: count % len(rooms)]:
        wanted[micro] += 1
    for micro, number in wanted.items():
        yield from ((micro, spot) for spot in _stack(rooms[micro], number))


def _clip(box: Box, side: tuple[float, float]) -> Box:
    west, south, east, north = box
    return max(west, side[0]) + PATH, south, min(east, side[1]) - PATH, north


def _stack(room: Box, number: int) -> Iterator[tuple[float, float]]:
    """Rows of buildings facing south, as many side by side as there is room for."""
    west, south, east, north = room
    beside = max(1, int((east - west - 2 * PATH) // (4 * ENTRANCE + 8)))
    rows = -(-number // beside)
    step = (north - south - 2 * ROAD) / max(rows, 1)
    for at in range(number):
        row, column = divmod(at, beside)
        in_row = min(beside, number - row * beside)
        x = west + (east - west) * (column + 0.5) / in_row
        yield round(x, 1), round(north - ROAD - step * (row + 0.5), 1)


def _give_entrances(rng: random.Random, quarter: Quarter) -> None:
    """Two to four entrances a building, together as many as the community has."""
    houses = quarter.houses
    for house in houses:
        house.entrances = rng.choice((2, 3, 3, 4)) if house.floors < 9 else rng.choice((1, 2, 2))
    most = {id(house): 4 if house.floors < 9 else 3 for house in houses}
    while (short := quarter.told["entrances"] - sum(house.entrances for house in houses)) != 0:
        house = rng.choice(houses)
        wanted = house.entrances + (1 if short > 0 else -1)
        if 1 <= wanted <= most[id(house)]:
            house.entrances = wanted
