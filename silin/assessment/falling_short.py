"""Closing the loop: what is red becomes a task with an owner and a day, and is measured again afterwards."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from silin.assessment.models import AssessedPeriod, Indicator, Scorecard
from silin.assessment.reading import Figure, bounds_words
from silin.kinds.rectification.actions import look_back
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.queries import due_for_look_back, open_for
from silin.kinds.rectification.raising import Problem, raise_rectification, seat_of
from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.people.models import Organisation, Post
from silin.places.levels import Level

log = logging.getLogger(__name__)
LANGUAGE = "zh-hans"  # what is written into a matter is in the language of the city


class Short(NamedTuple):
    """A community whose figure of an indicator is red when it is judged."""

    card: Scorecard
    figure: Figure


def raise_due(now: datetime) -> int:
    """Set a task for everything that is red in the last month that is final; gives how many were new.

    Once a month: a loop that was killed in the middle goes on, two at once set one task each.
    """
    row = last_final_month()
    if row is None or row.raised_at is not None:
        return 0
    seats: dict[str, Post | None] = {}
    raised = sum(set_task(short, row, seats, now) for short in falling_short(row))
    AssessedPeriod.objects.filter(pk=row.pk, raised_at=None).update(raised_at=now)
    return raised


def last_final_month() -> AssessedPeriod | None:
    """The latest month whose figures are final."""
    rows = AssessedPeriod.objects.exclude(published_at=None).select_related("catalogue").order_by("-last_ym")
    return next((row for row in rows[:12] if row.period.sort == "month"), None)


def falling_short(row: AssessedPeriod) -> Iterator[Short]:
    """What is red in a month, of the indicators whose own month, quarter or year ends with it."""
    judged = [each for each in row.catalogue.indicators.all() if row.period.ends(each.period)]
    cards = row.cards.filter(level=Level.COMMUNITY, set_up=True, red__gt=0).select_related("place")
    for card in cards.order_by("placed_path"):
        figures = (Figure.of(each, card) for each in judged)
        yield from (Short(card, figure) for figure in figures if figure.light == "red")


def set_task(short: Short, row: AssessedPeriod, seats: dict[str, Post | None], now: datetime) -> bool:
    """Set the task for one red figure unless one about it is open; gives whether it is new.

    The bureau that leads the indicator sets it and strikes it off, where it has a post; else the desk above.
    A community without anybody who answers for it gets none; that is logged and stays red.
    """
    indicator, place = short.figure.indicator, short.card.place
    if Rectification.objects.of(indicator.code, place).filter(period=row.name).exists():
        return False
    if open_for(indicator.code, place).exists():
        return False
    if indicator.lead not in seats:
        seats[indicator.lead] = _seat(indicator, now)
    try:
        with override(LANGUAGE):
            raise_rectification(By(None, now), _problem(short, row, seats[indicator.lead]))
    except Refused as refusal:
        log.warning("no task for %s in %s: %s", indicator.code, place.code, refusal.code)
        return False
    return True


def look_again(now: datetime) -> int:
    """Measure again what was struck off and is due (回头看); gives of how many that was said.

    A figure speaks once a whole month after the striking off is final; until then it waits.
    """
    row = last_final_month()
    if row is None:
        return 0
    codes = {each.code: each for each in row.catalogue.indicators.all()}
    due = due_for_look_back(now).filter(rectification__reference__in=codes, closed_at__lt=_begins(row))
    return sum(_look_at(matter, codes[matter.rectification.reference], row, now) for matter in due)


def _look_at(matter: Matter, indicator: Indicator, row: AssessedPeriod, now: datetime) -> bool:
    card = row.cards.filter(place=matter.rectification.unit).first()
    figure = Figure.of(indicator, card)
    if figure.value is None:
        return False
    outcome = Rectification.Look.FELL_BACK if figure.light == "red" else Rectification.Look.HELD
    try:
        with override(LANGUAGE):
            look_back(matter, By(None, now), outcome=outcome, measured=f"{row.name}: {figure.words}")
    except Refused as refusal:  # somebody has just looked
        log.warning("%s is not looked at again: %s", matter.number, refusal.code)
        return False
    return True


def _problem(short: Short, row: AssessedPeriod, setter: Post | None) -> Problem:
    figure, indicator = short.figure, short.figure.indicator
    about = {"place": short.card.place.short_name, "title": indicator.title, "period": row.period.words}
    words = _("%(place)s, %(period)s: %(title)s is %(value)s (%(counts)s). Target: %(target)s.") % {
        **about,
        "value": figure.words,
        "counts": figure.counts,
        "target": bounds_words(indicator),
    }
    return Problem(
        heading=indicator.title,
        words=words,
        unit=short.card.place,
        reference=indicator.code,
        group=indicator.task,
        period=row.name,
        measured=f"{figure.words} {figure.counts}".strip()[:60],
        target=bounds_words(indicator)[:60],
        setter=setter,
    )


def _seat(indicator: Indicator, now: datetime) -> Post | None:
    """The post of the bureau that leads an indicator, by its name; None where it has none here."""
    body = Organisation.objects.filter(name=indicator.lead).first()
    return seat_of(body, now) if body is not None else None


def _begins(row: AssessedPeriod) -> datetime:
    return datetime(row.last_ym // 100, row.last_ym % 100, 1, tzinfo=SHANGHAI)
