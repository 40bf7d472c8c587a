"""What the jobs loop does for the territory."""

from __future__ import annotations

from datetime import time, timedelta

from silin.lib.jobs import Job
from silin.places.editing import carry_out_due
from silin.places.stocks import count_territory

JOBS = [
    # Before midnight, so that what happened on the last day of a month still counts for it.
    Job("places.stocks", daily_at=time(23, 30), run=count_territory),
    Job("places.planned_changes", every=timedelta(hours=1), run=carry_out_due),
]
