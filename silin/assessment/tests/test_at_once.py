"""Loops that measure and publish at the same moment, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from django.db import connections

from silin.assessment.falling_short import raise_due
from silin.assessment.models import AssessedPeriod, Scorecard
from silin.assessment.publishing import measure_due, publish_due
from silin.assessment.sample import load_sample
from silin.assessment.tests.test_desk import closed, measured
from silin.history.models import Entry
from silin.kinds.rectification.models import Rectification
from silin.lib.workdays import SHANGHAI
from silin.places.models import Place
from silin.places.stocks import count_territory
from tests.town import MONDAY, build

NOVEMBER_5 = datetime(2026, 11, 5, 6, tzinfo=SHANGHAI)


def test_two_loops_that_publish_and_one_that_measures_leave_one_of_everything(live_db: str) -> None:
    town = build()
    load_sample()
    count_territory(datetime(2026, 9, 1, 12, tzinfo=SHANGHAI), as_of=MONDAY.date())
    closed(town.community.code, on_time=10, late=20)
    measured()
    closed(town.community.code, on_time=0, late=1)
    together = Barrier(3)

    def run(n: int) -> None:
        together.wait(20)
        try:
            if n == 0:
                measure_due(NOVEMBER_5)
            else:
                publish_due(NOVEMBER_5)
                raise_due(NOVEMBER_5)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    october = AssessedPeriod.objects.get(pk="2026-10")
    assert october.published_at == NOVEMBER_5
    assert Entry.objects.filter(subject="assessment:2026-10", action="period_published").count() == 1
    places = Place.objects.filter(level__in=("city", "county", "street", "community")).count()
    assert Scorecard.objects.filter(period=october).count() == places
    references = list(Rectification.objects.filter(unit=town.community).values_list("reference", flat=True))
    assert "S1.3.1" in references
    assert len(references) == len(set(references))
