"""The demo's assessment: what the register holds stands in the book from the half-year's beginning on.

Once the half-year is played to its end, the months that are over become final on the day on which they would
have been.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from silin.assessment.falling_short import raise_due
from silin.assessment.publishing import final_on, measure_due, periods_to, publish
from silin.assessment.sample import load_sample
from silin.demo.fates import WEEKS
from silin.demo.stage import Progress
from silin.facts.folding import fold
from silin.lib.workdays import SHANGHAI
from silin.people.stocks import count_people
from silin.places.stocks import count_territory

MORNING = time(6, 0)


def begin_the_book(now: datetime) -> None:
    """The catalogue, and what there was of everything when the half-year began."""
    load_sample(now=now)
    begun = now - timedelta(weeks=WEEKS)
    count_territory(begun, as_of=localdate(now))
    count_people(begun, as_of=now)


def read_the_book(now: datetime, progress: Progress) -> None:
    """Bring the cube up to date and measure, so that the first visitor finds figures."""
    progress(0, 1, _("Adding up the figures"))
    while fold():
        pass
    measure_due(now)


def make_final(now: datetime) -> None:
    """Publish the months that are over, each as of its own day."""
    read_the_book(now, lambda _done, _total, _words: None)
    for period in periods_to(localdate(now)):
        if final_on(period) <= localdate(now):
            publish(period, datetime.combine(final_on(period), MORNING, SHANGHAI))
    raise_due(now)
