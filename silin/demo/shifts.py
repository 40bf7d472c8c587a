"""How the desks of the communities were handed over of late; the newest waits to be taken over."""

from __future__ import annotations

from datetime import datetime, timedelta

import yaml

from silin.demo.plane import DATA
from silin.demo.stage import Stage
from silin.matters.handover import hand_over, take_over

HOUR = timedelta(hours=1)
SHIFT, READ = 12 * HOUR, HOUR / 4


def hand_over_desks(stage: Stage, now: datetime) -> None:
    """Each desk twice: yesterday's was taken over, today's waits. The caller holds the transaction."""
    told = yaml.safe_load((DATA / "shifts.yaml").read_text(encoding="utf-8"))
    for area in [each for each in stage.ground.quarters if each.code in told]:
        place, (goes, comes) = stage.ground.places[area.code], (stage.desk(area, 2), stage.desk(area))
        (before, back), (notes,) = told[area.code]
        at = now - 2 * SHIFT
        row = hand_over(place, notes=before, until=at + SHIFT, actor=goes, now=at)
        take_over(row, words=back, actor=comes, now=at + READ, seen=at)
        hand_over(place, notes=notes, until=now + SHIFT, actor=goes, now=now - READ)
