"""A morning's sheet of the hotline, as it comes to a street: to be brought in by whoever tries the demo."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import yaml

from silin.accounts.models import User
from silin.demo.blocks import House, Quarter, quarters
from silin.demo.people import PHONE
from silin.demo.plane import DATA
from silin.demo.words import Saying, Speaker
from silin.lib.workdays import SHANGHAI
from silin.matters.models import Category, OutsideSystem
from silin.matters.outside import set_system, set_type
from silin.matters.outside_fields import guess
from silin.people import queries as people
from silin.places.models import Place

CODE = "h12345"
ORDERS = 300
FIRST_PHONE = 70_000_000
HEADS = (
    "工单编号",
    "来电时间",
    "来电人",
    "联系电话",
    "诉求标题",
    "诉求内容",
    "诉求类型",
    "所属区域",
    "诉求地址",
    "承办单位",
    "办理时限",
    "是否回访",
    "是否保密",
    "受理员",
)
LIMITS = ("5个工作日", "3个工作日", "24小时", "7个工作日")
NUMERALS = "零一二三四五六七八九"


@cache
def told() -> dict[str, Any]:
    """How the hotline speaks."""
    said: dict[str, Any] = yaml.safe_load((DATA / "hotline.yaml").read_text(encoding="utf-8"))
    return said


def set_up(categories: dict[str, Category], now: datetime) -> None:
    """The hotline and two other systems of the city, and what the hotline calls its sorts of matters."""
    begun = (now - timedelta(days=400)).date()
    hotline = OutsideSystem(
        code=CODE, name="12345 热线", name_en="Hotline 12345", kind="hotline", valid_from=begun
    )
    hotline.columns = [[head, guess(head), ""] for head in HEADS]
    eye = OutsideSystem(
        code="city_eye", name="城管平台", name_en="City management", kind="platform", valid_from=begun
    )
    eye.takes = ["street_light", "manhole", "road_surface", "rubbish", "street_stalls"]
    eye.columns = [
        ["案件编号", "ticket", ""],
        ["问题描述", "words", ""],
        ["事发地址", "address", ""],
        ["所属社区", "area", ""],
        ["上报渠道", "", "社区网格"],
        ["处置结果", "result", ""],
    ]
    app = OutsideSystem(
        code="province", name="省民情 App", name_en="App of the province", kind="app", valid_from=begun
    )
    for row in (hotline, eye, app):
        set_system(row, actor=None, now=now)
    for code, name in told()["types"].items():
        set_type(hotline, name, categories[code], actor=None, now=now)


def areas_of(user: User | None, now: datetime) -> list[Quarter]:
    """The communities of which the desk of ``user`` would get orders; all of them for anybody else."""
    paths = tuple(people.paths_where(user, "matters.triage", now)) if user is not None else ()
    every = quarters()
    codes = [each.code for each in every]
    rows = Place.objects.filter(code__in=codes).values_list("code", "path")
    mine = {code for code, path in rows if path.startswith(paths)}
    return [each for each in every if each.code in mine] or every


def names_of(areas: Sequence[Quarter]) -> dict[str, tuple[str, str]]:
    """Street and community of each, as people call them, by the code of the community."""
    rows = Place.objects.filter(code__in=[each.code for each in areas]).select_related("parent")
    return {row.code: (row.parent.short_name if row.parent else "", row.short_name) for row in rows}


def orders(areas: Sequence[Quarter], names: dict[str, tuple[str, str]], day: date) -> list[list[str]]:
    """Three hundred orders about ``areas`` from the day before, no two in the same words.

    ``names`` has the street and the community of each area, by its code.
    """
    speaker, rng = Speaker(f"hotline {day}"), random.Random(f"hotline {day}")
    calls = sorted(_moments(rng, day))
    return [_order(n, at, speaker, rng, areas, names) for n, at in enumerate(calls, 1)]


def _order(
    n: int,
    at: datetime,
    speaker: Speaker,
    rng: random.Random,
    areas: Sequence[Quarter],
    names: dict[str, tuple[str, str]],
) -> list[str]:
    area = rng.choice(areas)
    house = rng.choice(area.houses)
    said = speaker.say(area, house, at.date(), worker=False)
    street, community = names[area.code]
    kind = told()["types"].get(said.category, "") if rng.random() < 0.8 else ""
    kept = rng.random() < 0.06
    unnamed = kept or rng.random() < 0.1
    return [
        f"BJ{at:%Y%m%d}{n:04d}",
        f"{at:%Y-%m-%d %H:%M:%S}",
        "" if unnamed else f"{rng.choice(told()['surnames'])}{rng.choice(told()['calls'])}",
        "" if unnamed and not kept else PHONE.format(FIRST_PHONE + rng.randint(1, 99_999)),
        said.title,
        _words(said, speaker, rng),
        kind,
        community if rng.random() < 0.7 else street,
        _address(said, house, rng),
        street,
        rng.choice(LIMITS),
        rng.choice(("是", "是", "否")),
        "是" if kept else "否",
        rng.choice(told()["answered_by"]),
    ]


def _words(said: Saying, speaker: Speaker, rng: random.Random) -> str:
    """What was said, as whoever takes the call writes it down."""
    before, after = (
        speaker.fill(rng.choice(told()[name]), said.slots, rng) for name in ("openings", "endings")
    )
    return f"{before}{said.words}{after}"


def _address(said: Saying, house: House, rng: random.Random) -> str:
    """Where it is, in one of the ways in which people say it."""
    estate, number, spot = house.estate, house.number, said.spot
    if not said.indoors:
        return rng.choice((spot, f"{estate}附近，{spot}", f"{spot}对面"))
    spelled = NUMERALS[number] if number < len(NUMERALS) else str(number)
    ways = (f"{estate}{number}号楼{spot}", f"{estate}{spelled}号楼{spot}", f"{estate} {number}栋", estate)
    return rng.choice(ways)


def _moments(rng: random.Random, day: date) -> Iterator[datetime]:
    """When they called: yesterday from seven in the morning until ten at night."""
    begin = datetime.combine(day - timedelta(days=1), time(7), SHANGHAI)
    for _n in range(ORDERS):
        yield begin + timedelta(seconds=int(rng.triangular(0, 15 * 3600, 3 * 3600)))
