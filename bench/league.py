"""The pages of the assessment with every community taking part: 200 of them, 20 streets, 4 counties, a city.

The kept cards of two months stand in the database; a page is asked for through Django's test client, so with
middleware, rights and template. Floor: one hand-written SELECT of the same rows, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import city, measure
from bench.nation import Side
from bench.raising import postgresql
from bench.report import Line
from silin.accounts.models import User
from silin.assessment.assessing import BATCH, assessed_places, composite
from silin.assessment.models import AssessedPeriod, Catalogue, Heading, Indicator, Scorecard
from silin.assessment.periods import Period
from silin.assessment.sample import load_sample
from silin.places.levels import Level
from silin.places.models import Place
from tests.visitors import client_of

MONTHS = ("2026-09", "2026-10")
CITY = "990100000000"
TIMES, ROUNDS = 5, 7
FLOOR = """
SELECT c.total, c.counted, c.red, c.yellow, c.green, c.types, p.code, p.name, a.name
FROM assessment_scorecard c JOIN places_place p ON p.id = c.place_id
LEFT JOIN places_place a ON a.id = p.parent_id
WHERE c.period_id = '2026-10' AND c.level = 'community' ORDER BY c.total DESC
"""
FIGURES = """
SELECT p.code, p.name, c.figures FROM assessment_scorecard c JOIN places_place p ON p.id = c.place_id
WHERE c.period_id = '2026-10' AND c.level = 'community'
"""


def run() -> Iterator[Line]:
    """A line a page, on both databases."""
    call_command("collectstatic", verbosity=0, interactive=False)
    yield from _pages("SQLite", Side(f"sqlite:///{os.environ['SILIN_HOME']}/league.sqlite3"))
    with contextlib.suppress(RuntimeError):
        yield from _pages("PostgreSQL", Side(*postgresql("league")))


def _pages(database: str, side: Side) -> Iterator[Line]:
    with city.database(side.url):
        built = city.build()
        load_sample(now=timezone.now())
        for month in MONTHS:
            _keep(Period.parse(month), timezone.now(), random.Random(month))
        admin = User.objects.get(holdings__post__kind="city_admin")
        community = built.community.code
        for work, path, floor in (
            ("league of all communities", f"{CITY}/?period=2026-10", FLOOR),
            ("heat table of all communities", f"{CITY}/heat/?period=2026-10&level=community", FIGURES),
            (
                "one community's card",
                f"{community}/card/?period=2026-10",
                FIGURES + f" AND p.code = '{community}'",
            ),
        ):
            yield _measured(f"{work}, {database}", side, client_of(admin), f"/desk/assessment/{path}", floor)


def _measured(work: str, side: Side, client: Client, path: str, floor: str) -> Line:
    side.works = {"ours": lambda: _ours(client, path), "floor": lambda: _floor(floor)}
    side.works["ours"]()
    with CaptureQueriesContext(connection) as seen:
        side.works["ours"]()
    costs = measure.in_turns({name: partial(side.cost, name, times=TIMES) for name in side.works}, ROUNDS)
    ours, below = costs["ours"], costs["floor"]
    note = f"{ours.cpu:.0f} ms CPU; floor {below.cpu:.1f} ms CPU; {len(seen)} statements"
    return Line(work, "one SELECT + JSON", f"{ours.wall:.0f} ms", "≤ 300 ms", note)


def _ours(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def _floor(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return json.dumps(cursor.fetchall(), default=str)


def _keep(period: Period, now: datetime, chance: random.Random) -> None:
    """A card for every place, its figures drawn by lot, each with all 133."""
    catalogue = Catalogue.objects.get()
    row = AssessedPeriod.objects.create(
        name=period.name,
        last_ym=period.last,
        catalogue=catalogue,
        cube_digest="0" * 64,
        begun_at=now,
        measured_at=now,
    )
    indicators = list(catalogue.indicators.all())
    types = catalogue.headings.filter(level=Heading.Level.TYPE)
    weights = {each.code: each.weight for each in types}
    cards = [_card(row, place, indicators, weights, chance) for place in assessed_places()]
    assert sum(card.level == Level.COMMUNITY for card in cards) == 200
    Scorecard.objects.bulk_create(cards, batch_size=BATCH)


def _card(
    row: AssessedPeriod,
    place: Place,
    indicators: list[Indicator],
    weights: dict[str, float],
    chance: random.Random,
) -> Scorecard:
    figures = {each.code: _drawn(each, chance) for each in indicators}
    sums = {code: [0.0, 0.0] for code in weights}
    for each in indicators:
        sums[each.type][0] += figures[each.code][3]
        sums[each.type][1] += each.points
    total, counted = composite(sums, weights)
    lights = Counter(figure[4] for figure in figures.values())
    return Scorecard(
        period=row,
        place=place,
        level=place.level,
        placed_path=place.path,
        set_up=True,
        group="",
        total=total,
        counted=counted,
        red=lights["red"],
        yellow=lights["yellow"],
        green=lights["green"],
        types=sums,
        figures=figures,
    )


def _drawn(indicator: Indicator, chance: random.Random) -> list[Any]:
    below = chance.randrange(20, 900)
    above = chance.randrange(below // 2, below + 1)
    value = round(indicator.scale * above / below, 9)
    points = float(indicator.rule.score(value).points)
    return [above, below, value, points, indicator.light(value), ""]
