"""The rest of the half-year, played while the first visitors already look around, the latest matters first.

Each life is one transaction together with the count of what was played, so that a demo which is stopped in
the middle goes on where it was.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from time import monotonic

from django.db import transaction
from django.utils.translation import gettext as _

from silin.demo.blocks import quarters
from silin.demo.fates import Fate, fates
from silin.demo.ground import found
from silin.demo.lives import life
from silin.demo.measured import make_final
from silin.demo.pictures import album
from silin.demo.shortfalls import counts
from silin.demo.staff import POSTS, crew_found
from silin.demo.stage import Play, Progress, Stage, as_sent, newest_notice
from silin.demo.words import Speaker
from silin.history.models import Entry, Words
from silin.matters.models import Category, Review
from silin.places.models import Revision

LEFT = "demo_rest"  # the number that says how many of them are still to come
TURN = 3.0  # seconds after which the jobs loop gets its turn back

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rest:
    """What is played after the first part: everybody and everything, and the matters, the latest first."""

    stage: Stage
    fates: list[Fate]


def leave(told: Sequence[Fate]) -> None:
    """Note how many of the matters that were drawn are left for later. The caller holds the transaction."""
    Revision.objects.count_on(LEFT, sum(not fate.first for fate in told))


def remaining() -> int:
    """How many matters of the half-year are still to come; 0 where there is no demo city."""
    return Revision.objects.number(LEFT)


def play_rest(now: datetime, *, seconds: float = TURN) -> int:
    """Play more of it as of ``now``, at least one matter and no new one after ``seconds``; gives how many."""
    ends, played = monotonic() + seconds, 0
    while remaining() > 0 and (not played or monotonic() < ends):
        rest = _rest(_loaded_at())
        with transaction.atomic():
            left = Revision.objects.count_on(LEFT, -1)
            if left < 0:  # another loop has played the last one
                transaction.set_rollback(True)
                break
            _play(rest.stage, rest.fates[-left - 1], now)
        played += 1
    if played and remaining() == 0:
        make_final(now)
    return played


def play_all(progress: Progress, now: datetime) -> None:
    """Play all of it at once: a quarter of an hour where nothing else runs."""
    total = remaining()
    while (left := remaining()) > 0:
        progress(total - left, total, _("Half a year in the neighbourhood"))
        play_rest(now)
    progress(total, total, _("Half a year in the neighbourhood"))


def _play(stage: Stage, fate: Fate, now: datetime) -> None:
    """One life. What a visitor has turned upside down meanwhile (a post, a grid) may end it early."""
    play = Play(until=now)
    play.add(fate.at, life(stage, fate))
    try:
        with transaction.atomic():
            newest = newest_notice()
            play.run(lambda _done, _total: None)
            as_sent(now, after=newest)
    except Exception:
        log.exception("a story of the demo cannot be played: %s", fate.saying.title)


def _loaded_at() -> datetime:
    """As of when the first part was written."""
    return Entry.objects.values_list("at", flat=True).get(subject=POSTS, action="add_posts")


@cache
def _rest(loaded: datetime) -> Rest:
    """Everything read back; the same matters are drawn as when the first part was written."""
    areas = quarters()
    stage = Stage(found(areas), crew_found(areas), album(), Category.objects.in_bulk(), Speaker("city"))
    told = fates(areas, stage.crew.neighbours, loaded, stage.speaker, spare=counts())
    for texts in (Words.objects.values_list("text"), Review.objects.values_list("words")):
        stage.speaker.said.update(text for (text,) in texts if text)
    return Rest(stage, [fate for fate in reversed(told) if not fate.first])
