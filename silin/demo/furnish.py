"""What stands between the houses, and what is known of them: facilities, figures, old nets, the zone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import yaml

from silin.demo.blocks import Home, Quarter
from silin.demo.ground import SINCE, Ground
from silin.demo.plane import DATA
from silin.history.actions import record
from silin.places.levels import Level
from silin.places.models import (
    AreaMember,
    Block,
    Building,
    Estate,
    EstateFigure,
    Facility,
    FunctionalArea,
    GridParty,
    OldNet,
    Place,
)
from silin.places.texts import set_texts

CITY = "610300000000"
REGISTER = "places:register"
OLD = 2000  # estates built before this year count as old ones: some are renewed
WORKDAYS = 5
Name = EstateFigure.Name


def told() -> dict[str, Any]:
    """What the file says of the six communities."""
    found: dict[str, Any] = yaml.safe_load((DATA / "life.yaml").read_text(encoding="utf-8"))
    return found


@cache
def bureaus() -> dict[str, list[str]]:
    """The bureaus of every county with the leaves of the categories that each answers for."""
    found: dict[str, list[str]] = told()["bureaus"]["county"]
    return found


@cache
def crews() -> dict[str, list[tuple[str, str]]]:
    """The crews to which a bureau hands its work, with their kind."""
    found: dict[str, list[tuple[str, str]]] = told()["bureaus"]["crews"]
    return found


def furnish(ground: Ground, now: datetime) -> None:
    """Write all of it in bulk. The caller holds the transaction."""
    life = told()
    set_texts(life["texts"], actor=None, now=now)
    _areas(ground, life["areas"])
    for area in ground.quarters:
        own = life["communities"][area.code]
        place = ground.places[area.code]
        _describe(area, place, own, now)
        blocks = Block.objects.bulk_create(Block(place=place, name=name) for name in own["blocks"])
        rows = [_facility(ground, area, each, life["hours"], blocks) for each in own["facilities"]]
        Facility.objects.bulk_create(rows)
        GridParty.objects.bulk_create(_parties(ground, area))
        OldNet.objects.bulk_create(_nets(ground, area))
    fields = {"communities": len(ground.quarters)}
    record(subject=REGISTER, action="furnish", actor=None, now=now, fields=fields)


def _areas(ground: Ground, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        area = FunctionalArea.objects.create(
            place=ground.places[CITY],
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            active_from=row["since"],
        )
        AreaMember.objects.bulk_create(
            AreaMember(area=area, place=ground.places[code], valid_from=row["since"])
            for code in row["members"]
        )


def _describe(area: Quarter, place: Place, own: Mapping[str, Any], now: datetime) -> None:
    """What is known of each estate, with the day and who said so."""
    estates = {estate.name: estate for estate in Estate.objects.filter(place=place)}
    figures: list[EstateFigure] = []
    for home in area.estates:
        rng = random.Random(f"estate {area.code} {home.name}")
        estate = estates[home.name]
        _name_lacks(rng, estate, home, own)
        asked = now.date() - timedelta(days=rng.randint(20, 150))
        figures += _figures(rng, estate, home, asked, own, now)
    changed = ["no_manager", "no_responsible", "no_guard", "handed_over", "handed_over_by", "renewal"]
    Estate.objects.bulk_update(estates.values(), changed)
    EstateFigure.objects.bulk_create(figures)


def _name_lacks(rng: random.Random, estate: Estate, home: Home, own: Mapping[str, Any]) -> None:
    lacking = home.name in own["unmanaged"]
    estate.no_manager = lacking or home.name not in own["managed"]
    estate.no_responsible = lacking
    estate.no_guard = lacking
    estate.handed_over = home.name in own.get("handed_over", ())
    estate.handed_over_by = own["handed_over_by"] if estate.handed_over else ""
    stages = [Estate.Renewal.NONE, Estate.Renewal.PLANNED, Estate.Renewal.UNDER_WAY, Estate.Renewal.DONE]
    if home.built < OLD:
        estate.renewal = rng.choices(stages, (1, 2, 2, 4))[0]
    else:
        estate.renewal = Estate.Renewal.NONE


def _figures(
    rng: random.Random, estate: Estate, home: Home, asked: date, own: Mapping[str, Any], now: datetime
) -> Iterator[EstateFigure]:
    """Counted by the property company where there is one, by the grid worker elsewhere."""
    doors = sum(house.entrances for house in home.houses)
    high = any(house.floors > 9 for house in home.houses)
    fitted = doors if high else rng.randint(0, doors // 4) if estate.renewal == Estate.Renewal.DONE else 0
    by = own["property"] if home.name in own["managed"] else "网格员实数"
    values = {
        Name.LIFTS: fitted,
        Name.LIFTS_WANTED: 0 if high else rng.randint(0, max(doors - fitted, 0)) // 2,
        Name.PARKING: doors * (rng.randint(8, 16) if home.built > OLD else rng.randint(1, 4)),
        Name.CAR_CHARGERS: rng.randint(4, 16) if home.built > OLD else rng.choice((0, 0, 0, 2)),
        Name.BIKE_CHARGERS: rng.randint(6, 24) if rng.random() < 0.7 else 0,
        Name.CAMERA_COVER: int(home.name not in own["unmanaged"] or rng.random() < 0.4),
        Name.SENSOR_COVER: int(high or rng.random() < 0.3),
    }
    for name, value in values.items():
        yield _figure(estate, name, value, asked, by, now)
    if values[Name.BIKE_CHARGERS] > 2:  # how it was the year before
        earlier = values[Name.BIKE_CHARGERS] // 2
        yield _figure(estate, Name.BIKE_CHARGERS, earlier, asked - timedelta(days=330), by, now)


def _figure(estate: Estate, name: str, value: int, as_of: date, by: str, now: datetime) -> EstateFigure:
    return EstateFigure(estate=estate, name=name, value=value, as_of=as_of, said_by=by, recorded_at=now)


def _facility(
    ground: Ground, area: Quarter, row: list[Any], hours: Mapping[str, Any], blocks: list[Block]
) -> Facility:
    """One facility: at a building, or at a point given as shares of the way east and north."""
    kind, name, where, *more = row
    opens, telephone = [*more, "", ""][:2]
    building = _building(ground, area, where) if isinstance(where[0], str) else None
    place = building.grid if building else ground.places[area.code]
    lon, lat = (building.lon, building.lat) if building else _point(area, where)
    rng = random.Random(f"facility {area.code} {name}")
    shop = kind in ("restaurant", "breakfast", "repair", "hairdresser", "supermarket", "convenience_shop")
    return Facility(
        kind_id=kind,
        name=name,
        place=place,
        building=building,
        block=rng.choice(blocks) if shop and building is None else None,
        lon=lon,
        lat=lat,
        hours=_week(hours[opens], opens) if opens else [],
        closed_on_days_off=opens == "office",
        telephone=telephone,
        step_free=rng.random() < 0.6,
        active_from=SINCE,
    )


def _building(ground: Ground, area: Quarter, where: list[Any]) -> Building:
    return ground.buildings[area.code, where[0], where[1]]


def _point(area: Quarter, where: list[float]) -> tuple[float, float]:
    width, height = area.told["size"]
    return area.point((where[0] - 0.5) * width, (where[1] - 0.5) * height)


def _week(spans: list[list[str]], opens: str) -> list[list[list[int]]]:
    day = [[_minutes(start), _minutes(end)] for start, end in spans]
    return [day if weekday < WORKDAYS or opens != "office" else [] for weekday in range(7)]


def _minutes(said: str) -> int:
    hour, minute = said.split(":")
    return int(hour) * 60 + int(minute)


def _grids(ground: Ground, area: Quarter) -> Iterator[Place]:
    for number in range(1, area.grids + 1):
        grid = ground.places[area.key(number)]
        assert grid.level == Level.GRID
        yield grid


def _parties(ground: Ground, area: Quarter) -> Iterator[GridParty]:
    """Every grid but the last has a branch or a group."""
    for grid in list(_grids(ground, area))[:-1]:
        kind = GridParty.Kind.BRANCH if grid.serial % 3 else GridParty.Kind.GROUP
        word = "党支部" if kind == GridParty.Kind.BRANCH else "党小组"
        yield GridParty(grid=grid, kind=kind, name=f"第{grid.serial}网格{word}", valid_from=SINCE)


def _nets(ground: Ground, area: Quarter) -> Iterator[OldNet]:
    """Two nets became one (双网融合); in the larger communities that of city management came along."""
    duties = {
        "party": ("党建网格", "联系党员，每月组织一次主题党日"),
        "safety": ("平安网格", "每天巡查，登记纠纷和隐患"),
        "city_management": ("城管网格", "查看占道、乱贴和垃圾堆放"),
    }
    for grid in _grids(ground, area):
        for kind in list(duties)[: 3 if area.grids >= 10 else 2]:
            name, duty = duties[kind]
            yield OldNet(kind_id=kind, grid=grid, name=f"{name}{grid.serial}", duty=duty, merged_on=SINCE)
