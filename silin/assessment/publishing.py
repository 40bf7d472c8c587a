"""Which periods are measured when, and when their figures become final.

The running month, its quarter and its year are measured anew whenever the cube has changed. On a day of the
next month (a row) a month becomes final, and with it a quarter or year that ends there: its figures then
stay, with the version of the catalogue and the digest of the cube that they were measured by.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils.timezone import localdate

from silin.assessment.assessing import Assessed, assess, cards, keep, months_to
from silin.assessment.drafting import LOCK
from silin.assessment.models import AssessedPeriod, Catalogue, Scorecard
from silin.assessment.periods import Period
from silin.facts import cube
from silin.facts.models import Cell
from silin.history.actions import record
from silin.places.models import Revision
from silin.places.numbers import number

FURTHEST = 24  # months back that are measured where nobody has measured before
PUBLISH_ON = "assessment.publish_on_day"


def measure_due(now: datetime) -> int:
    """Measure every period that is open or was never measured and whose cube has changed; gives how many."""
    return sum(measure_again(period, now) is not None for period in periods_to(localdate(now)))


def measure_again(period: Period, now: datetime) -> AssessedPeriod | None:
    """Measure one period unless it is published or stands as it would come out; gives its row if it was."""
    held = AssessedPeriod.objects.filter(pk=period.name).first()
    if held is not None and (held.published_at is not None or stands(held)):
        return None
    assessed = assess(period)
    return keep(period, assessed, now=now) if assessed is not None else None


def stands(row: AssessedPeriod) -> bool:
    """Whether neither the cube nor the catalogue has changed since the period was measured."""
    catalogue = Catalogue.objects.in_force(row.period)
    same = catalogue is not None and catalogue.pk == row.catalogue_id
    return same and row.cube_digest == cube.digest(months_to(row.last_ym))


def publish_due(now: datetime) -> list[AssessedPeriod]:
    """Make final what is over and whose day has come, the earliest first. Again, it changes nothing."""
    published = []
    for period in periods_to(localdate(now)):
        if localdate(now) >= final_on(period) and _accompanied(period, now):
            row = publish(period, now)
            published += [row] if row is not None else []
    return published


def _accompanied(period: Period, now: datetime) -> bool:
    """Whether it was measured before today: who has just brought in their past reads it for a day first."""
    begun = AssessedPeriod.objects.filter(pk=period.name).values_list("begun_at", flat=True).first()
    return begun is not None and localdate(begun) < localdate(now)


def final_on(period: Period) -> date:
    """The day from which the figures of a period stay as they are."""
    return period.over_on + timedelta(days=int(number(PUBLISH_ON)) - 1)


@transaction.atomic
def publish(period: Period, now: datetime) -> AssessedPeriod | None:
    """Measure a period a last time and make its figures final; None where they are, or there is nothing.

    Two loops at once publish once: the second waits for the first and finds it done. Nobody publishes another
    version of the catalogue for it meanwhile.
    """
    Revision.objects.hold(LOCK)
    measure_again(period, now)
    row = AssessedPeriod.objects.select_for_update().filter(pk=period.name, published_at=None).first()
    if row is None:
        return None
    row.published_at = now
    row.save(update_fields=["published_at"])
    record(
        subject=f"assessment:{period.name}",
        action="period_published",
        actor=None,
        now=now,
        fields={"catalogue": row.catalogue.digest, "cube": row.cube_digest},
    )
    return row


def periods_to(day: date) -> Iterator[Period]:
    """Every month from the first fact on to the one of ``day``, each followed by a quarter or year it closes.

    The running quarter and year come last.
    """
    first = Cell.objects.exclude(name__startswith="stock.").aggregate(first=Min("ym"))["first"]
    running = Period.holding(day)
    months = [running.earlier(by) for by in range(FURTHEST, -1, -1)]
    for month in months:
        if first is None or month.last < first:
            continue
        yield month
        for sort in ("quarter", "year"):
            if month == running or month.ends(sort):
                yield month.in_its(sort)


def compare(row: AssessedPeriod, assessed: Assessed) -> Iterator[tuple[Scorecard, str, Any, Any]]:
    """What of a published period comes out otherwise today: card, code, the kept figure and the new one."""
    anew = {card.place_id: card.figures for card in cards(row, assessed)}
    for card in row.cards.select_related("place").order_by("placed_path"):
        figures = anew.get(card.place_id, {})
        for code, kept in card.figures.items():
            if figures.get(code) != kept:
                yield card, code, kept, figures.get(code)
