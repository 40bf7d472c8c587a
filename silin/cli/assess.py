"""``silin assess``: measure a month, quarter or year from the cube, or compare a published one with today."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from silin.cli import starting

if TYPE_CHECKING:
    from silin.assessment.assessing import Assessed
    from silin.assessment.models import AssessedPeriod
    from silin.assessment.periods import Period


def arguments(command: ArgumentParser) -> None:
    """Which period, of which place, and as what."""
    command.add_argument("--period", required=True, help="such as 2026-06, 2026-Q2 or 2026")
    command.add_argument(
        "--place", metavar="CODE", help="one place with every indicator, instead of all places"
    )
    command.add_argument("--json", action="store_true", help="for programs")
    command.add_argument(
        "--verify", action="store_true", help="measure a published period again and name what differs"
    )


def run(options: Namespace) -> int:
    """Print it; 1 when that is refused or, with ``--verify``, something differs."""
    starting.set_up()
    if starting.refused():
        return 1
    from silin.assessment.assessing import assess
    from silin.assessment.periods import Period
    from silin.lib.refusal import Refused

    try:
        period = Period.parse(options.period)
        held = _published(period) if options.verify else None
        assessed = assess(period, held.catalogue if held else None)
        if assessed is None:
            raise Refused("no_catalogue", f"No catalogue was in force in {period}.")
        if held is not None:
            return _compare(held, assessed, options)
        _print(_place(assessed, options) if options.place else _places(assessed, period), options)
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    return 0


def _published(period: Period) -> AssessedPeriod:
    from silin.assessment.models import AssessedPeriod
    from silin.lib.refusal import Refused

    row = AssessedPeriod.objects.filter(pk=period.name).exclude(published_at=None).first()
    if row is None:
        raise Refused("not_published", f"{period} is not published: there is nothing to compare with.")
    return row


def _compare(held: AssessedPeriod, assessed: Assessed, options: Namespace) -> int:
    from silin.assessment.publishing import compare

    differing = [
        {
            "place": card.place.code,
            "name": card.place.name,
            "indicator": code,
            "published": kept,
            "now": again,
        }
        for card, code, kept, again in compare(held, assessed)
        if options.place in (None, card.place.code)
    ]
    same = held.cube_digest == assessed.cube_digest
    if options.json:
        print(json.dumps({"same_cube": same, "differing": differing}, ensure_ascii=False))
    else:
        print(f"{held.name}: catalogue {held.catalogue.digest[:12]}, cube {held.cube_digest[:12]}")
        print("The cube is as it was." if same else "Facts have come in since: the cube is another.")
        for row in differing:
            print(f"{row['place']}  {row['name']}  {row['indicator']}  {row['published']}  now {row['now']}")
        print(f"{len(differing)} figures differ.")
    return 1 if differing else 0


def _places(assessed: Assessed, period: Period) -> list[dict[str, Any]]:
    from silin.assessment.assessing import cards
    from silin.assessment.models import AssessedPeriod

    row = AssessedPeriod(name=period.name, last_ym=period.last)
    return [
        {
            "place": card.place.code,
            "name": card.place.name,
            "level": card.level,
            "total": card.total,
            "counted": card.counted,
            **{code: points for code, (points, _out_of) in card.types.items()},
            "red": card.red,
            "yellow": card.yellow,
            "green": card.green,
        }
        for card in cards(row, assessed)
    ]


def _place(assessed: Assessed, options: Namespace) -> list[dict[str, Any]]:
    from silin.assessment.assessing import figure
    from silin.lib.refusal import Refused

    at = next((at for at, place in enumerate(assessed.places) if place.code == options.place), None)
    if at is None:
        raise Refused("no_place", f"No place that is assessed has the code {options.place}.", field="place")
    names = ("numerator", "denominator", "value", "points", "light", "state")
    return [
        {
            "indicator": each.indicator.code,
            "title": each.indicator.title_zh,
            **dict(zip(names, figure(each, at, lit=True), strict=True)),
            "out_of": each.indicator.points,
            "definition": each.indicator.digest,
            "cube": assessed.cube_digest[:12],
        }
        for each in assessed.measured
    ]


def _print(rows: list[dict[str, Any]], options: Namespace) -> None:
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        print("\t".join("" if value is None else str(value) for value in row.values()))
