"""What the jobs loop does for the territory."""

from __future__ import annotations

from datetime import time

from silin.lib.jobs import Job
from silin.places.stocks import count_territory

# Before midnight, so that what happened on the last day of a month still counts for it.
JOBS = [Job("places.stocks", daily_at=time(23, 30), run=count_territory)]
