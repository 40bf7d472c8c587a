"""A community as its residents see it: who is who, what is near, and which grid a door belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from silin.lib.refusal import NotFound
from silin.people.models import Team, TeamMember, today
from silin.people.queries import Named, who_is_who, workers_of
from silin.places import facilities as places_facilities
from silin.places.facilities import Listed
from silin.places.finding import Spot, find_spots
from silin.places.levels import Level
from silin.places.locating import locate
from silin.places.models import Building, Place

WORKER = "grid_worker"
FIRST = ("grid_leader", WORKER)
FACILITIES = 80
FOUND = 30
TEAMS = 40


@dataclass(frozen=True)
class MyGrid:
    """Where somebody asked about, the grid that answers for it, and its worker where there is one."""

    name: str
    grid: Place
    worker: Named | None

    @property
    def has_grid(self) -> bool:
        """Whether a grid answers for it; a building that is new has none at first."""
        return self.grid.level == Level.GRID

    @property
    def community(self) -> str:
        """The name of the community that the grid belongs to, or that the building stands in."""
        at = self.grid.parent if self.has_grid else self.grid
        return at.short_name if at and at.level == Level.COMMUNITY else ""


@dataclass(frozen=True)
class InGrid:
    """Who is who in one grid: those who answer for the whole of it, and those who help with its parts."""

    grid: Place
    first: list[Named]
    heads: list[Named]

    @property
    def worker(self) -> Named | None:
        """Whom to call first."""
        return next((each for each in self.first if each.post.kind_id == WORKER), None)


def community_of(code: str) -> Place:
    """The community in use with this code. Raises ``NotFound``."""
    found = Place.objects.active().filter(code=code, level=Level.COMMUNITY).first()
    if found is None:
        raise NotFound
    return found


def facilities_of(place: Place, now: datetime) -> list[Listed]:
    """What there is in a community today, by kind, and whether it is open now. At most two statements."""
    rows = places_facilities.facilities_of(place, now)
    return places_facilities.listed(rows.order_by("kind__serial", "kind", "name", "pk")[:FACILITIES], now)


def grids_by_address(text: str, community: Place, who: list[Named]) -> list[MyGrid]:
    """The grids of the buildings in ``community`` that an address means, the likeliest first.

    An estate alone gives each of its grids once. At most five statements.
    """
    return [MyGrid(name, grid, _worker(grid, who)) for name, grid in _homes(text, community)]


def grids_anywhere(text: str, now: datetime) -> list[MyGrid]:
    """As ``grids_by_address``, in the whole city; at most thirty, and six statements."""
    homes = _homes(text, None)[:FOUND]
    who = workers_of((grid for _name, grid in homes), now)
    return [MyGrid(name, grid, _worker(grid, who)) for name, grid in homes]


def _homes(text: str, within: Place | None) -> list[tuple[str, Place]]:
    spots = find_spots(text, within=within)
    estates = [spot.pk for spot in spots if not isinstance(spot, Building)]
    rows = Building.objects.filter(estate__in=estates).select_related("estate", "grid__parent__parent")
    found: dict[tuple[str, int], Place] = {}
    for building in [*_buildings(spots), *rows.order_by("grid__code")]:
        name = building.estate.name if building.estate_id in estates else building.name
        grid = _grid_of(building.grid) or building.grid
        found.setdefault((name, grid.pk), grid)
    return [(name, grid) for (name, _key), grid in found.items()]


def grid_by_point(lon: float, lat: float, datum: str, now: datetime) -> MyGrid:
    """The grid round a point, wherever in the city. Raises ``Refused`` as ``locate`` does."""
    here = locate(lon, lat, datum)
    name = here.building.name if here.building else ""
    grid = _grid_of(here.place) or here.place
    return MyGrid(name, grid, _worker(grid, workers_of([grid], now)))


def public_posts(community: Place, now: datetime) -> list[Named]:
    """Whom residents of a community should know, the highest first, then the street's. One statement."""
    who = who_is_who(community, now, also=community.parent_id)
    return sorted(who, key=lambda each: each.post.place_id == community.parent_id)


def by_grid(who: Iterable[Named]) -> tuple[list[Named], list[InGrid]]:
    """Those of the community itself, and everybody else grid by grid."""
    office: list[Named] = []
    cells: dict[str, InGrid] = {}
    for each in who:
        grid = _grid_of(each.post.place)
        if grid is None:
            office.append(each)
            continue
        cell = cells.setdefault(grid.path, InGrid(grid, [], []))
        (cell.first if each.post.kind_id in FIRST else cell.heads).append(each)
    return office, [cells[path] for path in sorted(cells)]


def _grid_of(place: Place) -> Place | None:
    """The grid that ``place`` is or lies in; None for what is wider."""
    return place.parent if place.level == Level.MICRO_GRID else place if place.level == Level.GRID else None


@dataclass(frozen=True)
class Shown:
    """A team as residents see it; its captain's name only where they agreed."""

    team: Team
    captain: str


def public_teams(community: Place, now: datetime) -> list[Shown]:
    """The teams of a community, by kind. Two statements, one where there is none."""
    day = today(now)
    teams = list(Team.objects.active(day).under(community).order_by("kind", "name")[:TEAMS])
    named = TeamMember.objects.current(day).filter(team__in=teams, captain=True, named=True)
    captains = {each.team_id: str(each.user) for each in named.select_related("user")} if teams else {}
    return [Shown(team, captains.get(team.pk, "")) for team in teams]


def _buildings(spots: Iterable[Spot]) -> list[Building]:
    return [spot for spot in spots if isinstance(spot, Building)]


def _worker(grid: Place, who: Iterable[Named]) -> Named | None:
    """The worker of the grid that ``grid`` is or lies in."""
    return next(
        (each for each in who if each.post.kind_id == WORKER and each.post.place.contains(grid.path)), None
    )
